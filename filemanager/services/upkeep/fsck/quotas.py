"""Quotas: what subjects are counted to hold, against what they keep and what is promised them."""

from collections.abc import Iterator

from filemanager.domain.ports import Transaction
from filemanager.services.upkeep.watching import Problem


def quota_problems(tx: Transaction) -> Iterator[Problem]:
    for one in tx.upkeep.unbalanced():
        counted, found = one.counted, one.found
        if counted.used_bytes != found.used_bytes:
            detail = f"used_bytes is {counted.used_bytes}, kept are {found.used_bytes}"
            yield Problem("quota_used", one.subject, detail)
        if counted.reserved_bytes != found.reserved_bytes:
            detail = f"reserved_bytes is {counted.reserved_bytes}, promised are"
            yield Problem("quota_reserved", one.subject, f"{detail} {found.reserved_bytes}")
