"""Kinds of values that several settings have: sizes, and addresses of services."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

_SIZE = re.compile(r"(\d+)\s*(?:(k|m|g|t)(?:i?b)?|b)?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_URL = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?", re.IGNORECASE)


def _size_bytes(given: object) -> object:
    """``32mb`` in bytes, each unit 1024 of the one before; no text is left to the type."""
    if not isinstance(given, str):
        return given
    match = _SIZE.fullmatch(given.strip())
    if match is None:
        raise ValueError("a size is digits, and nothing behind them or a unit: 512, 64kb, 2GiB")
    return int(match[1]) * _UNITS[(match[2] or "").lower()]


def _url(given: str) -> str:
    if not _URL.fullmatch(given):
        raise ValueError("it must be a URL with http:// or https:// and a host, without a password")
    return given


Size = Annotated[int, BeforeValidator(_size_bytes)]
Url = Annotated[str, AfterValidator(_url)]
