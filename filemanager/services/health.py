"""Whether the parts that the service stands on answer, how much is waiting, and what was said."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import FilemanagerError, Unavailable
from filemanager.domain.intake.scratch import ScratchSpace
from filemanager.domain.jobs.job import JobState, Lane
from filemanager.domain.ports import Database
from filemanager.domain.trees.findings import Severity

_EARLIEST = datetime(2024, 1, 1, tzinfo=UTC)
"""A clock before this is not set: tokens would never expire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What waits, and how upkeep stands. A task is due when no worker has it, though one should;
    ``oldest_due`` is how long the first of them waits already. Stuck ones are tried until they are
    done, and have failed often. ``jobs`` are those that are not done; ``slots`` the last of each
    periodic work.
    """

    tasks_due: int
    oldest_due: timedelta
    tasks_failed: int
    tasks_stuck: int
    open_uploads: int
    jobs: Mapping[JobState, int]
    slots: Mapping[str, int]
    quarantined_blobs: int


@dataclass(frozen=True, slots=True)
class Health:
    """Each part by name: ``ok``, or what is wrong. Work that waits makes no node unfit."""

    parts: dict[str, str]

    @property
    def is_ready(self) -> bool:
        return all(state == "ok" for state in self.parts.values())


class FindingTally:
    """Findings that checks have said since the process began."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._said: Counter[Severity] = Counter()

    def add(self, said: Mapping[Severity, int]) -> None:
        with self._lock:
            self._said.update(said)

    def of(self, severity: Severity) -> int:
        return self._said[severity]


class HealthService:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        space: ScratchSpace,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._space = space
        self._clock = clock

    def database_answers(self) -> bool:
        return _state(self._database.check) == "ok"

    def load(self) -> Load | None:
        """Count what waits; None where the database does not answer."""
        with suppress(Unavailable):
            return self._load()
        return None

    def check(self) -> Health:
        """Ask every part once, each a question that no amount of data makes slow."""
        scratch = "ok" if self._space.free_bytes() > 0 else "full"
        clock = "ok" if self._clock() > _EARLIEST else "not set"
        return Health(
            {
                "database": _state(self._database.check),
                "writers": _state(self._database.check_writers),
                "store": _state(self._blobs.check),
                "queue": _state(self._ask_queue),
                "scratch": scratch,
                "clock": clock,
            }
        )

    def _ask_queue(self) -> None:
        with self._database.read() as tx:
            tx.outbox.has_due(Lane.SHORT, self._clock())

    def _load(self) -> Load:
        now = self._clock()
        with self._database.read() as tx:
            backlog, open_uploads = tx.outbox.backlog(now), tx.uploads.count_open(None)
            jobs, slots, doubted = tx.jobs.count_states(), tx.slots(), tx.blobs.quarantined()
        return Load(
            tasks_due=backlog.due,
            oldest_due=now - (backlog.oldest_due_at or now),
            tasks_failed=backlog.failed,
            tasks_stuck=backlog.stuck,
            open_uploads=open_uploads,
            jobs=jobs,
            slots=slots,
            quarantined_blobs=len(doubted),
        )


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except FilemanagerError as error:
        return error.code
    return "ok"
