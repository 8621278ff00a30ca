"""What is kept of guests for a while only."""

from filemanager.domain.ports import Clock, Database
from filemanager.domain.shares.visit import KNOWN_FOR, LOGGED_FOR
from filemanager.services.paging import until_nothing

_CHUNK = 1000


class SharePruning:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def prune(self) -> int:
        """Forget visits and capabilities that ended, and lines of logs after 30 days; how many."""
        at = self._clock()
        logged, known = at - LOGGED_FOR, at - KNOWN_FOR
        return sum(
            until_nothing(self._database, work)
            for work in (
                lambda tx: tx.shares.accesses.prune(logged, _CHUNK),
                lambda tx: tx.shares.visits.prune(at, known, _CHUNK),
                lambda tx: tx.shares.capabilities.prune(at, _CHUNK),
            )
        )
