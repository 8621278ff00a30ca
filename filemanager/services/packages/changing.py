"""What every change of items ends with: limits, the owner's quota, a line in the log."""

from datetime import datetime

from filemanager.domain.caller import Caller
from filemanager.domain.packages.changes import ItemChange, PackageLimits
from filemanager.domain.packages.data_package import DataPackage
from filemanager.domain.packages.errors import PackageFull
from filemanager.domain.ports import Transaction
from filemanager.domain.quotas import Allowance, owner_subject
from filemanager.domain.workspaces.log import LogLine, escaped


def changed(
    tx: Transaction,
    package: DataPackage,
    change: ItemChange,
    limits: PackageLimits,
    at: datetime,
) -> DataPackage:
    """Make the next revision of the locked *package*, behind all other locks.

    Raises ``PackageFull``, ``QuotaExceeded``, ``ItemNotFound`` and ``PathInTheWay``.
    """
    after = tx.packages.apply(package, change, at)
    _ensure_fits(package, after, limits)
    more_bytes = sum(item.charged_bytes for item in {one.path: one for one in change.put}.values())
    allowance = Allowance(owner_subject(package.owner), limits.owner_bytes)
    tx.quotas.use([allowance], more_bytes)
    return after


def log_package(tx: Transaction, caller: Caller, at: datetime, code: str, text: str) -> None:
    """*text* has been escaped; who did it is added, and the full stop."""
    line = f"{text} [{escaped(caller.name)}]."
    tx.logs.append([LogLine(at=at, code=code, text=line, counted_for=caller.owner)])


def _ensure_fits(before: DataPackage, after: DataPackage, limits: PackageLimits) -> None:
    """What does not grow is never refused for room."""
    if after.items > max(limits.items, before.items):
        raise PackageFull(f"{limits.items} items")
    if after.folders > max(limits.items, before.folders):
        raise PackageFull(f"{limits.items} directories")
    if after.text_bytes > max(limits.text_bytes, before.text_bytes):
        raise PackageFull(f"{limits.text_bytes} bytes of texts")
