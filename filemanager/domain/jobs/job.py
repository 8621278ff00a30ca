"""Jobs: work that is done later, promised in the transaction that needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from filemanager.domain.caller import Owner, Rights
from filemanager.domain.errors import Conflict, FilemanagerError, NotFound
from filemanager.domain.ids import Plain, is_random_id

JobId = NewType("JobId", str)
"""32 random hex digits."""

MAX_ATTEMPTS = 5
"""Attempts count when they begin, so that work which kills its worker ends too. What is tried until
it is done is told to operators from this one on.
"""


class Lane(StrEnum):
    """Long work must not hold up short work: each lane has workers of its own. ``hash``: what
    reads sources for their digests, and waits for them.
    """

    SHORT = "short"
    LONG = "long"
    HASH = "hash"


class Trying(StrEnum):
    """How long a task is tried.

    ``bounded``: until it is refused, or ``MAX_ATTEMPTS`` have met trouble. ``until_done``: whatever
    is raised, after pauses that grow to five minutes.
    """

    BOUNDED = "bounded"
    UNTIL_DONE = "until_done"


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A row of the outbox, as a service adds it.

    With a *key* there is one such task at most: adding it again while it waits changes nothing,
    while it runs makes it run once more, and after it failed makes it due again; while it waits to
    be tried until it is done, it becomes due. Its payload and patience stay as they were added
    first. ``job_id`` names the job that shows its progress; such a task has no key, since it is
    awaited by one person.
    """

    kind: str
    lane: Lane = Lane.SHORT
    payload: Mapping[str, Plain] = field(default_factory=dict)
    key: str | None = None
    job_id: JobId | None = None
    due_at: datetime | None = None
    """None: at once."""
    patience: Trying = Trying.BOUNDED

    def __post_init__(self) -> None:
        if self.key is not None and self.job_id is not None:
            raise ValueError("A task that a job shows cannot be shared by a key.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A task that one worker holds. ``claim`` is a random word of this claim alone, ``generation``
    how often the task's key had been asked for by then, ``attempts`` counts this one.
    """

    id: int
    kind: str
    payload: Mapping[str, Plain]
    claim: str
    generation: int
    attempts: int
    job_id: JobId | None = None
    patience: Trying = Trying.BOUNDED


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubledTask:
    """What whoever looks after the service should see: it was given up, and is kept for that.

    ``failed_at`` None: it is tried until it is done, and has had ``MAX_ATTEMPTS`` already.
    ``error`` None: no attempt came to an end.
    """

    id: int
    kind: str
    key: str | None
    attempts: int
    error: str | None
    failed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What the outbox holds: tasks that no worker has taken though they are due, failed ones, and
    those that are tried until they are done and have had ``MAX_ATTEMPTS`` already.

    ``oldest_due_at`` None: nothing is due.
    """

    due: int
    oldest_due_at: datetime | None
    failed: int
    stuck: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What its owner sees of long work.

    ``progress`` is 0 to 100; ``doing`` says in a few words what is being done. ``result`` is what
    came of it, ``code`` and ``message`` why nothing did. ``version`` grows with every change.
    ``rights`` open what it works on.
    """

    id: JobId
    owner: Owner
    kind: str
    rights: Rights
    state: JobState = JobState.WAITING
    progress: int = 0
    doing: str = ""
    result: Mapping[str, object] | None = None
    code: str | None = None
    message: str | None = None
    version: int = 0
    created_at: datetime
    changed_at: datetime

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)


class JobNotFound(NotFound):
    code = "job_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such job, or it ended long ago.")


class TooManyJobs(Conflict):
    """An owner has ``limit`` jobs that are not over."""

    code = "too_many_jobs"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"You have {limit} jobs that are not over. Repeat this when one has ended."
        )


def job_id_from(text: str) -> JobId:
    """Raise ``JobNotFound`` for what is no job's id."""
    if not is_random_id(text):
        raise JobNotFound
    return JobId(text)


class LeaseLost(FilemanagerError):
    """Another worker holds the task by now. Nothing of this run may stay; never seen by clients."""

    code = "lease_lost"

    def __init__(self) -> None:
        super().__init__("The lease of the task was lost to another worker.")
