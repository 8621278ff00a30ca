"""The log: what happened to a workspace, kept for its owner; and the service's own."""

from dataclasses import dataclass
from datetime import datetime
from unicodedata import category

from filemanager.domain.caller import Owner
from filemanager.domain.errors import Throttled
from filemanager.domain.ids import WorkspaceId

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """``code`` is a stable word for what happened; names in ``text`` are escaped, no line breaks.

    ``workspace_id`` is None in the service log. ``counted_for`` is whose lines of the day it and
    those written with it are counted among; it is not kept.
    """

    at: datetime
    code: str
    text: str
    workspace_id: WorkspaceId | None = None
    id: int | None = None
    counted_for: Owner | None = None


class TooManyLogLines(Throttled):
    code = "too_many_log_lines"

    def __init__(self, limit: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"What you did today fills {limit} lines of the logs, which is as many as one owner"
            " may write in a day (FILEMANAGER_LOG_LINES_PER_DAY). Go on tomorrow (UTC)."
        )
        self.retry_after_seconds = retry_after_seconds


def escaped(name: str) -> str:
    r"""A name from outside as one line shows it.

    Control characters as ``\xNN``; those that are not seen, or turn a line around, likewise.
    """
    if name.isprintable():
        return name
    return "".join(_escaped(c) if category(c) in _UNSEEN else c for c in name)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
