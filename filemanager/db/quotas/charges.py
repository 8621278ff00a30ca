"""What rows are charged, as an expression of their sizes."""

from sqlalchemy import ColumnElement, case

from filemanager.domain.quotas import MIN_CHARGE_BYTES


def charged(size_bytes: ColumnElement[int]) -> ColumnElement[int]:
    return case((size_bytes < MIN_CHARGE_BYTES, MIN_CHARGE_BYTES), else_=size_bytes)
