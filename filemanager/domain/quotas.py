"""Quotas: what a subject may hold, what it holds, and what is promised to uploads on their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NewType, Protocol

from filemanager.domain.caller import Owner
from filemanager.domain.errors import TooLarge
from filemanager.domain.ids import WorkspaceId

Subject = NewType("Subject", str)
"""``owner:<issuer>:<subject>``, ``workspace:<id>`` or ``bucket:anonymous``, counted in bytes;
``open:<issuer>:<subject>`` and ``drops:anonymous``, counted in workspaces and drops;
``invitation:<id>`` and ``guest:<id>`` in bytes, with ``_files`` in files.
"""

ReservationId = NewType("ReservationId", str)
"""32 random hex digits."""

MIN_CHARGE_BYTES = 4096
"""Whatever is kept costs a row and a place on the disk, so no size counts for less."""


def charge(size_bytes: int) -> int:
    """What bytes that are kept in one piece count for; sizes that are shown stay true."""
    return max(size_bytes, MIN_CHARGE_BYTES)


def owner_subject(owner: Owner) -> Subject:
    return Subject(f"owner:{owner}")


def workspace_subject(workspace_id: WorkspaceId) -> Subject:
    return Subject(f"workspace:{workspace_id}")


def open_workspaces_subject(owner: Owner) -> Subject:
    return Subject(f"open:{owner}")


class QuotaExceeded(TooLarge):
    code = "quota_exceeded"

    def __init__(
        self, subject: Subject, limit_bytes: int, used_bytes: int, asked_bytes: int
    ) -> None:
        kind = subject.partition(":")[0]
        super().__init__(
            f"The {kind}'s limit is {limit_bytes} bytes, {used_bytes} of them are used or reserved,"
            f" and {asked_bytes} more were asked for. Earlier versions of files count until they"
            " are pruned."
        )
        self.subject = subject
        self.limit_bytes = limit_bytes


@dataclass(frozen=True, slots=True)
class Allowance:
    """A subject and its limit in bytes; None: counted, and never refused."""

    subject: Subject
    limit_bytes: int | None


@dataclass(frozen=True, slots=True)
class Usage:
    used_bytes: int
    reserved_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbalanced:
    """A subject whose counters say another thing than the rows that they count."""

    subject: Subject
    counted: Usage
    found: Usage


class Quotas(Protocol):
    """Counters of bytes or things, exact under any number of writers."""

    def usage(self, subject: Subject) -> Usage:
        """Zeros for a subject that never held anything."""

    def use(
        self,
        allowances: Sequence[Allowance],
        more_bytes: int,
        besides: Sequence[tuple[Allowance, int]] = (),
    ) -> None:
        """Count bytes that this transaction makes kept; less than nothing gives them back. What
        *besides* is counted of other subjects comes with it. Where one is refused, the transaction
        must be undone.

        Raises ``QuotaExceeded`` where what is used and reserved would exceed a limit by it; giving
        back is never refused.
        """

    def reserve(
        self,
        reservation_id: ReservationId,
        allowances: Sequence[Allowance],
        size_bytes: int,
        at: datetime,
        expires_at: datetime,
    ) -> None:
        """Promise bytes on every one of the subjects, or on none.

        Before refusing, a subject's expired reservations are released. Raises ``QuotaExceeded``.
        """

    def release(self, reservation_id: ReservationId) -> None:
        """Give back what was promised; no error where it was released already."""

    def release_expired(self, at: datetime, limit: int) -> int:
        """Release reservations that have expired; returns how many."""


def end_of_day(at: datetime) -> datetime:
    """When counters of a day begin again, in UTC."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


class Tallies(Protocol):
    """What somebody did in a minute or a day, exact under any number of writers."""

    def take(self, subject: str, more: int, limit: int, until: datetime) -> bool:
        """Count *more* in the period that ends then; False, and nothing, beyond *limit*."""

    def taken(self, subject: str, until: datetime) -> int: ...

    def forget(self, before: datetime) -> int:
        """Forget periods that ended before then; returns how many."""
