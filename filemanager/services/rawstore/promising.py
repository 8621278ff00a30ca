"""What is promised when a file is authorised: its row, its room, and a look when time is over."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from filemanager.domain.caller import Owner
from filemanager.domain.jobs.job import Task
from filemanager.domain.ports import Transaction
from filemanager.domain.rawstore.stored_file import (
    FORM_LIFETIME,
    MEGABYTE,
    POST_TIME,
    Deposit,
    DepositedFile,
    Depositor,
    Findability,
    StorageLimitReached,
    StoredFile,
    StoredFileState,
    Version,
)
from filemanager.services.rawstore.settling import SETTLE

_SLOT = timedelta(minutes=10)
"""Forms that expire in one of these are settled by one task."""


def version_of(deposit: Deposit, wish: DepositedFile) -> Version:
    return Version(
        size_bytes=wish.size_bytes,
        md5=wish.md5,
        media_type=wish.media_type,
        findability=deposit.findability,
    )


def promised(known: StoredFile, deposit: Deposit, wish: DepositedFile, at: datetime) -> StoredFile:
    """The row of a file that may be posted again; the dataset it came with stays its own."""
    wanted = version_of(deposit, wish)
    flows = tuple(flow for flow in known.flow_ids if flow != deposit.flow_id)
    is_as_before = known.state is StoredFileState.SETTLED and known.wanted == wanted
    return replace(
        known,
        wanted=wanted,
        state=StoredFileState.SETTLED if is_as_before else StoredFileState.PENDING,
        # What nobody authorised is no version to go back to: it is to be compared anew.
        held_version=None if known.state is StoredFileState.CHANGED else known.held_version,
        flow_ids=(*flows, deposit.flow_id) if deposit.flow_id else known.flow_ids,
        expires_at=at + FORM_LIFETIME,
    )


def ensure_room(
    tx: Transaction,
    depositor: Depositor,
    files: Sequence[StoredFile],
    known: Sequence[StoredFile],
) -> None:
    """What is pushed again does not count twice. Private files have a limit of their own; against
    the other one every file counts.
    """
    is_private = any(file.is_private for file in files)
    limits = depositor.limits
    limit_mb = limits.private_mb if is_private else limits.public_mb
    counted = [file for file in known if not is_private or file.is_private]
    more_bytes = sum(file.counted_bytes for file in files)
    more_bytes -= sum(file.counted_bytes for file in counted)
    if more_bytes <= 0:
        return
    of = Findability.PRIVATE if is_private else None
    total_bytes = tx.stored_files.counted_bytes(depositor.owner, of)
    if total_bytes + more_bytes > limit_mb * MEGABYTE:
        raise StorageLimitReached(limit_mb, is_private=is_private)


def settling(owner: Owner, at: datetime) -> Task:
    """One task for all forms of an owner that end in the same minutes, due when all have ended."""
    slot = (at + FORM_LIFETIME + POST_TIME).timestamp() // _SLOT.total_seconds() + 1
    due_at = datetime.fromtimestamp(slot * _SLOT.total_seconds(), at.tzinfo)
    name = hashlib.sha256(owner.encode()).hexdigest()[:32]
    return Task(
        kind=SETTLE, payload={"owner": owner}, key=f"{SETTLE}:{name}:{int(slot)}", due_at=due_at
    )
