"""Visits: counted once in a day, limited where the owner says so, and written down."""

from dataclasses import dataclass

from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import end_of_day
from filemanager.domain.requests.addresses import network_of
from filemanager.domain.shares.visit import (
    MAX_LOGGED,
    VISIT_LIFE,
    ShareAccess,
    ShareVisit,
    Visitor,
    visit_token,
    visitor_at,
    visitor_with,
)
from filemanager.services.remembering import remember
from filemanager.services.shares.opening import Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """What is asked for: its path below the share, how many bytes (None: that is not known), and
    whether something before them was asked for by then.
    """

    item: str
    size_bytes: int | None
    is_continued: bool = False


class VisitService:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def fetch(self, opened: Opened, fetch: Fetch) -> ShareVisit | None:
        """Count the visit that it begins, unless it is of one that lasts, and write it down.

        None: it goes on with what nobody limits, and begins no visit. Raises ``ShareUsedUp``.
        """
        visit = self._lasting(opened)
        is_free = fetch.is_continued and opened.share.max_visits is None
        if visit is None and not is_free:
            return self._database.write(lambda tx: self._begin(tx, opened, fetch))
        remember(self._database, lambda tx: self._note(tx, opened, fetch, visit))
        return visit

    def begin(self, opened: Opened) -> ShareVisit:
        """The visit that lasts, or else a new one. Raises ``ShareUsedUp``."""
        lasting = self._lasting(opened)
        return lasting or self._database.write(lambda tx: self._begin(tx, opened, None))

    @staticmethod
    def place(opened: Opened, visit: ShareVisit) -> str:
        """The path that the visit has for itself: the same as long as it lasts."""
        if opened.capability is not None:
            return opened.place
        return f"/k/{visit_token(opened.share, visit)}/"

    def _lasting(self, opened: Opened) -> ShareVisit | None:
        if opened.visit is not None:
            return opened.visit
        with self._database.read() as tx:
            return tx.shares.visits.find(opened.share.id, _visitor(opened), self._clock())

    def _begin(self, tx: Transaction, opened: Opened, fetch: Fetch | None) -> ShareVisit:
        at = self._clock()
        until = at + VISIT_LIFE
        visit = tx.shares.visits.begin(opened.share.id, _visitor(opened), at, until)
        if fetch is not None:
            self._note(tx, opened, fetch, visit)
        return visit

    def _note(
        self, tx: Transaction, opened: Opened, fetch: Fetch, visit: ShareVisit | None
    ) -> None:
        at = self._clock()
        subject = f"share_log:{opened.share.id}"
        if not tx.tallies.take(subject, 1, MAX_LOGGED, end_of_day(at)):
            return
        tx.shares.accesses.add(
            ShareAccess(
                share_id=opened.share.id,
                at=at,
                item=fetch.item,
                visit_id=None if visit is None else visit.id,
                size_bytes=fetch.size_bytes,
                agent=opened.guest.agent,
                network=network_of(opened.guest.address),
            )
        )


def _visitor(opened: Opened) -> Visitor:
    if opened.capability is not None:
        return visitor_with(opened.share, opened.capability.id)
    return visitor_at(opened.share, opened.guest.address)
