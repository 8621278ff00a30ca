"""The log: what happened to a workspace, kept for its owner; and the service's own."""

from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.ids import WorkspaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """``code`` is a stable word for what happened; names in ``text`` are escaped, no line breaks.

    ``workspace_id`` is None in the service log.
    """

    at: datetime
    code: str
    text: str
    workspace_id: WorkspaceId | None = None
    id: int | None = None


def escaped(name: str) -> str:
    r"""A name from outside as one line shows it: control characters as ``\xNN``."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
