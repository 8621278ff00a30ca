"""What the service tells, as values. Fields that a newer service adds are passed over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lock:
    """``expires_at`` None: until it is unlocked."""

    by: str
    reason: str | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Workspace:
    """``readiness`` is EMPTY, READY, READY_WITH_WARNINGS or ERRORS."""

    id: int
    name: str | None
    profile: str
    status: str
    lock: Lock | None
    readiness: str
    revision: int
    file_count: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it is fetched."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that lies at ``[start, stop)`` of ``content.tar.gz``."""

    path: str
    sha256: str
    size_bytes: int
    start: int
    stop: int

    @property
    def file(self) -> StoredFile:
        return StoredFile(self.path, self.sha256, self.size_bytes)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a workspace. ``sha256`` is in hex."""

    path: str
    sha256: str
    size_bytes: int
    kind: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of a path; None: of the whole workspace.

    ``severity`` is fatal, warn or info. ``hint`` says what can be done.
    """

    severity: str
    code: str
    path: str | None
    message: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a check made of a file: ``alteration`` is removed, renamed, rewritten or unpacked.

    ``after`` is None where nothing is left. With ``id`` a rewrite can be undone.
    """

    id: str | None
    alteration: str
    code: str
    before: str
    after: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What checks say of a workspace, and what they changed, when all of it was checked again."""

    workspace: int
    revision: int
    readiness: str
    findings: Sequence[Finding]
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Difference:
    """Of a path in two revisions: ``change`` is added, removed or changed."""

    path: str
    change: str
    old_bytes: int | None
    new_bytes: int | None
    old_sha256: str | None
    new_sha256: str | None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    id: int
    name: str
    description: str | None
    revision: int
    checksum: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LogLine:
    id: int
    at: datetime
    code: str
    text: str


def workspace_from(told: Json) -> Workspace:
    return Workspace(
        id=told["id"],
        name=told["name"],
        profile=told["profile"],
        status=told["status"],
        lock=_lock_from(told["lock"]) if told["lock"] else None,
        readiness=told["readiness"],
        revision=told["revision"],
        file_count=told["file_count"],
        total_bytes=told["total_bytes"],
    )


def _lock_from(told: Json) -> Lock:
    until = told["expires_at"]
    return Lock(told["by"], told["reason"], until and datetime.fromisoformat(until))


def entry_from(told: Json) -> Entry:
    return Entry(told["path"], told["sha256"], told["size_bytes"], told["kind"])


def finding_from(told: Json) -> Finding:
    return Finding(told["severity"], told["code"], told["path"], told["message"], told["hint"])


def change_from(told: Json) -> Change:
    return Change(
        id=told["id"],
        alteration=told["alteration"],
        code=told["code"],
        before=told["before"],
        after=told["after"],
        message=told["message"],
    )


def difference_from(told: Json) -> Difference:
    return Difference(
        path=told["path"],
        change=told["change"],
        old_bytes=told["old_bytes"],
        new_bytes=told["new_bytes"],
        old_sha256=told["old_sha256"],
        new_sha256=told["new_sha256"],
    )


def checkpoint_from(told: Json) -> Checkpoint:
    return Checkpoint(
        id=told["id"],
        name=told["name"],
        description=told["description"],
        revision=told["revision"],
        checksum=told["checksum"],
        created_at=datetime.fromisoformat(told["created_at"]),
    )


def log_line_from(told: Json) -> LogLine:
    return LogLine(told["id"], datetime.fromisoformat(told["at"]), told["code"], told["text"])


@dataclass(frozen=True, slots=True)
class Repository:
    """``pushes`` counts the changes that were taken, ``published_through`` those that readers see.

    ``revision`` is the number of the newest publication; None: there was none yet.
    """

    path: str
    base: str
    visibility: str
    pushes: int
    published_through: int
    revision: int | None


@dataclass(frozen=True, slots=True)
class Package:
    id: int
    name: str
    version: str
    arch: str
    since: int | None
    """The publication that it came with; None: it is in none yet."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    name: str
    revision: int


def repository_from(told: Json) -> Repository:
    return Repository(
        path=told["path"],
        base=told["base"],
        visibility=told["visibility"],
        pushes=told["pushes"],
        published_through=told["published_through"],
        revision=told["revision"],
    )


def package_from(told: Json) -> Package:
    return Package(told["id"], told["name"], told["version"], told["arch"], told["since"])


def snapshot_from(told: Json) -> Snapshot:
    return Snapshot(told["name"], told["revision"])
