"""Visits, counted by conditional updates, and the addresses whose password was right."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.statements import insert_missing
from filemanager.db.shares.rows import visit_of
from filemanager.db.shares.tables import known_visitors, shares, visits
from filemanager.domain.shares.errors import ShareUsedUp
from filemanager.domain.shares.share import ShareId
from filemanager.domain.shares.visit import ShareVisit, VisitId, Visitor

_KEY = visits.c.share_id, visits.c.visitor
_OF_VISITOR = visits.c.share_id == bindparam("share"), visits.c.visitor == bindparam("who")
_LASTS = visits.c.until > bindparam("now")
_FIND = select(visits).where(*_OF_VISITOR, _LASTS)
_GET = select(visits).where(visits.c.id == bindparam("which"), _LASTS)
_BEGIN = (
    update(visits)
    .where(*_OF_VISITOR, visits.c.until <= bindparam("now"))
    .values(until=bindparam("end"), number=visits.c.number + 1)
)
_COUNT = (
    update(shares)
    .where(
        shares.c.id == bindparam("share"),
        or_(shares.c.max_visits.is_(None), shares.c.visits < shares.c.max_visits),
    )
    .values(visits=shares.c.visits + 1)
)
_KNOWN_KEY = known_visitors.c.share_id, known_visitors.c.visitor
_KNOWN = (
    known_visitors.c.share_id == bindparam("share"),
    known_visitors.c.visitor == bindparam("who"),
)
_WAS_RIGHT = select(known_visitors.c.right_at).where(
    *_KNOWN, known_visitors.c.right_at >= bindparam("since")
)
_NOTE_RIGHT = update(known_visitors).where(*_KNOWN).values(right_at=bindparam("now"))


class SqlShareVisits:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, share_id: ShareId, visitor: Visitor, at: datetime) -> ShareVisit | None:
        asked = {"share": share_id, "who": visitor, "now": milliseconds(at)}
        row = self._connection.execute(_FIND, asked).one_or_none()
        return None if row is None else visit_of(row)

    def get(self, visit_id: VisitId, at: datetime) -> ShareVisit | None:
        asked = {"which": visit_id, "now": milliseconds(at)}
        row = self._connection.execute(_GET, asked).one_or_none()
        return None if row is None else visit_of(row)

    def begin(
        self, share_id: ShareId, visitor: Visitor, at: datetime, until: datetime
    ) -> ShareVisit:
        blank = {"share_id": share_id, "visitor": visitor, "number": 0, "until": 0}
        insert_missing(self._connection, _KEY, [blank])
        asked = {"share": share_id, "who": visitor, "now": milliseconds(at)}
        # Whoever changes the row is the one who counts; for anybody else the visit has begun.
        if self._connection.execute(_BEGIN, {**asked, "end": milliseconds(until)}).rowcount:
            self._count(share_id)
        return visit_of(self._connection.execute(_FIND, asked).one())

    def was_right(self, share_id: ShareId, visitor: Visitor, since: datetime) -> bool:
        asked = {"share": share_id, "who": visitor, "since": milliseconds(since)}
        return self._connection.scalar(_WAS_RIGHT, asked) is not None

    def note_right(self, share_id: ShareId, visitor: Visitor, at: datetime) -> None:
        blank = {"share_id": share_id, "visitor": visitor, "right_at": milliseconds(at)}
        insert_missing(self._connection, _KNOWN_KEY, [blank])
        asked = {"share": share_id, "who": visitor, "now": milliseconds(at)}
        self._connection.execute(_NOTE_RIGHT, asked)

    def prune(self, ended_before: datetime, right_before: datetime, limit: int) -> int:
        # Read first: MariaDB deletes from no table that a limited subquery reads.
        old = select(visits.c.id).where(visits.c.until < milliseconds(ended_before))
        found = self._connection.scalars(old.limit(limit)).all()
        gone = delete(visits).where(visits.c.id.in_(found))
        pruned = self._connection.execute(gone).rowcount if found else 0
        unknown = delete(known_visitors).where(
            known_visitors.c.right_at < milliseconds(right_before)
        )
        return pruned + self._connection.execute(unknown).rowcount

    def _count(self, share_id: ShareId) -> None:
        if not self._connection.execute(_COUNT, {"share": share_id}).rowcount:
            raise ShareUsedUp
