"""Questions about many workspaces, and their answers a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.caller import Owner
from filemanager.domain.workspaces.workspace import Status, Workspace

MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceQuery:
    """``owner`` None: everybody's. Deleted ones are listed only where ``status`` asks for them.

    ``contains`` is looked for in the name, any case, and is a number of a workspace. ``after`` is
    the last id of the page before, 0 the beginning.
    """

    owner: Owner | None
    status: Status | None = None
    updated_since: datetime | None = None
    contains: str | None = None
    is_newest_first: bool = False
    after: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True)
class WorkspacePage:
    """By id, rising or falling; ``next_after`` is None on the last page."""

    workspaces: tuple[Workspace, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSize:
    """``last_id`` and ``count`` tell one state of a log from another."""

    size_bytes: int
    count: int
    last_id: int
    modified_at: datetime | None
