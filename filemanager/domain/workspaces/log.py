"""The log: what happened to a workspace, kept for its owner; and the service's own."""

from dataclasses import dataclass
from datetime import datetime
from unicodedata import category

from filemanager.domain.ids import WorkspaceId

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


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
    r"""A name from outside as one line shows it.

    Control characters as ``\xNN``; those that are not seen, or turn a line around, likewise.
    """
    if name.isprintable():
        return name
    return "".join(_escaped(c) if category(c) in _UNSEEN else c for c in name)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
