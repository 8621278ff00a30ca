"""Quotas: conditional updates, so that no number of writers gets past a limit."""

import itertools
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NoReturn

from sqlalchemy import (
    BigInteger,
    Connection,
    Update,
    bindparam,
    case,
    delete,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.driver import change, row_of, rows_of
from filemanager.db.engine.statements import insert_missing
from filemanager.db.quotas.tables import quotas, reservations
from filemanager.domain.quotas import (
    Allowance,
    QuotaExceeded,
    ReservationId,
    Subject,
    Usage,
)

_HELD = quotas.c.used_bytes + quotas.c.reserved_bytes
_MORE = bindparam("more", type_=BigInteger)
_LIMIT = bindparam("limit", type_=BigInteger)
_HAS_ROOM = or_(_LIMIT < 0, _MORE <= 0, _HELD + _MORE <= _LIMIT)
_OF_SUBJECT = quotas.c.subject == bindparam("of")
_USE = update(quotas).where(_OF_SUBJECT, _HAS_ROOM).values(used_bytes=quotas.c.used_bytes + _MORE)
_RESERVE = (
    update(quotas)
    .where(_OF_SUBJECT, _HAS_ROOM)
    .values(reserved_bytes=quotas.c.reserved_bytes + _MORE)
)
_GIVE_BACK = (
    update(quotas).where(_OF_SUBJECT).values(reserved_bytes=quotas.c.reserved_bytes - _MORE)
)
_USAGE = select(quotas.c.used_bytes, quotas.c.reserved_bytes).where(_OF_SUBJECT)
_OF_ID = reservations.c.id == bindparam("reservation")
_EXPIRED = reservations.c.expires_at < bindparam("at")
_NO_LIMIT = -1


class SqlQuotas:
    """Rows of subjects are changed in their order, so that two transactions never cross."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def usage(self, subject: Subject) -> Usage:
        row = row_of(self._connection, _USAGE, {"of": subject})
        return Usage(0, 0) if row is None else Usage(*row)

    def use(
        self,
        allowances: Sequence[Allowance],
        more_bytes: int,
        besides: Sequence[tuple[Allowance, int]] = (),
    ) -> None:
        uses = [(allowance, more_bytes) for allowance in allowances] + list(besides)
        used = sorted((use for use in uses if use[1]), key=lambda use: use[0].subject)
        # MariaDB has no condition there; and a new row is written whatever its limit.
        if self._connection.dialect.name == "mysql" or any(itertools.starmap(_is_too_much, used)):
            for allowance, more in used:
                self._change(_USE, allowance, more)
        elif used:
            self._use_at_once(used)

    def reserve(
        self,
        reservation_id: ReservationId,
        allowances: Sequence[Allowance],
        size_bytes: int,
        at: datetime,
        expires_at: datetime,
    ) -> None:
        for allowance in _in_order(allowances):
            self._reserve(allowance, size_bytes, milliseconds(at))
            values = {
                "id": reservation_id,
                "subject": allowance.subject,
                "size_bytes": size_bytes,
                "expires_at": milliseconds(expires_at),
            }
            self._connection.execute(insert(reservations), values)

    def release(self, reservation_id: ReservationId) -> None:
        found = select(reservations.c.subject).where(_OF_ID).order_by(reservations.c.subject)
        arguments = {"reservation": reservation_id}
        for subject in self._connection.scalars(found, arguments).all():
            self._release(reservation_id, Subject(subject))

    def release_expired(self, at: datetime, limit: int) -> int:
        found = select(reservations.c.id).where(_EXPIRED).distinct().limit(limit)
        ids = self._connection.scalars(found, {"at": milliseconds(at)}).all()
        for reservation_id in ids:
            self.release(ReservationId(reservation_id))
        return len(ids)

    def _reserve(self, allowance: Allowance, size_bytes: int, at: int) -> None:
        try:
            self._change(_RESERVE, allowance, size_bytes)
        except QuotaExceeded:
            self._release_expired_of(allowance.subject, at)
            self._change(_RESERVE, allowance, size_bytes)

    def _release_expired_of(self, subject: Subject, at: int) -> None:
        found = select(reservations.c.id).where(reservations.c.subject == subject, _EXPIRED)
        ids = self._connection.scalars(found, {"at": at}).all()
        for reservation_id in ids:
            # On this subject alone: the others are in order behind it, or held already.
            self._release(ReservationId(reservation_id), subject)

    def _release(self, reservation_id: ReservationId, subject: Subject) -> None:
        """The quota's row is locked before the reservation's, as everywhere."""
        self._connection.execute(_GIVE_BACK, {"of": subject, "more": 0})
        its_own = (reservations.c.id == reservation_id, reservations.c.subject == subject)
        size = self._connection.scalar(select(reservations.c.size_bytes).where(*its_own))
        if self._connection.execute(delete(reservations).where(*its_own)).rowcount:
            self._connection.execute(_GIVE_BACK, {"of": subject, "more": size})

    def _use_at_once(self, uses: Sequence[tuple[Allowance, int]]) -> None:
        """Use for all subjects by one statement, be there rows or not."""
        values: dict[str, object] = {}
        for at, (allowance, more) in enumerate(uses):
            limit = _limit_of(allowance)
            values |= {f"of_{at}": allowance.subject, f"more_{at}": more, f"limit_{at}": limit}
        statement = _use_or_begin(self._connection.dialect.name, len(uses))
        done = {subject for (subject,) in rows_of(self._connection, statement, values)}
        for allowance, more in uses:
            if allowance.subject not in done:
                self._refuse(allowance, more)

    def _change(self, statement: Update, allowance: Allowance, more_bytes: int) -> None:
        arguments = {"of": allowance.subject, "more": more_bytes, "limit": _limit_of(allowance)}
        if change(self._connection, statement, arguments):
            return
        blank = {"subject": allowance.subject, "used_bytes": 0, "reserved_bytes": 0}
        insert_missing(self._connection, [quotas.c.subject], [blank])
        if not change(self._connection, statement, arguments):
            self._refuse(allowance, more_bytes)

    def _refuse(self, allowance: Allowance, more_bytes: int) -> NoReturn:
        held = self.usage(allowance.subject)
        used = held.used_bytes + held.reserved_bytes
        raise QuotaExceeded(allowance.subject, _limit_of(allowance), used, more_bytes)


@cache
def _use_or_begin(dialect: str, count: int) -> ReturningInsert[str]:
    """For so many subjects; it tells those that had room, which the others undo."""
    insert_into = postgresql.insert if dialect == "postgresql" else sqlite.insert
    rows = [
        {
            "subject": bindparam(f"of_{at}", type_=quotas.c.subject.type),
            "used_bytes": bindparam(f"more_{at}", type_=BigInteger),
            "reserved_bytes": literal(0, BigInteger),
        }
        for at in range(count)
    ]
    statement = insert_into(quotas).values(rows)
    limits = {
        rows[at]["subject"]: bindparam(f"limit_{at}", type_=BigInteger) for at in range(count)
    }
    limit, more = case(limits, value=statement.excluded.subject), statement.excluded.used_bytes
    return statement.on_conflict_do_update(
        index_elements=[quotas.c.subject],
        set_={"used_bytes": quotas.c.used_bytes + more},
        where=or_(limit < 0, more <= 0, _HELD + more <= limit),
    ).returning(quotas.c.subject)


def _limit_of(allowance: Allowance) -> int:
    return _NO_LIMIT if allowance.limit_bytes is None else allowance.limit_bytes


def _is_too_much(allowance: Allowance, more_bytes: int) -> bool:
    return allowance.limit_bytes is not None and more_bytes > allowance.limit_bytes


def _in_order(allowances: Sequence[Allowance]) -> list[Allowance]:
    return sorted(allowances, key=lambda allowance: allowance.subject)
