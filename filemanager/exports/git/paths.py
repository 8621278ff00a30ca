"""Paths that a git repository cannot hold, or that its clients refuse to write."""

import re
from collections.abc import Collection, Iterable

from filemanager.domain.errors import Conflict
from filemanager.exports.listing import ListedItem

# What HFS+ does not see in a name, as git knows it.
_UNSEEN = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")

# To NTFS a backslash ends a segment, a colon a name, and dots and blanks at its end are nothing.
_ENDS = re.compile(r"[/\\]")
_REFUSED = re.compile(r"(\.git|git~[0-9]+|\.gitmodules|gitmod~[0-9]+|gi7eba~[0-9]+)[ .]*(:.*)?")


class PathGitRefuses(Conflict):
    """*why* ends the sentence."""

    code = "path_git_refuses"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"No git repository can be made of this package: '{path[:300]}' {why}."
            " Take its lists or its ZIP instead."
        )


def ensure_git_holds(items: Iterable[ListedItem], reserved: Collection[str]) -> None:
    """Raise ``PathGitRefuses`` for the first that no client would write. The items come by path;
    *reserved* are our own names at the top, case-folded.
    """
    above: list[str] = []
    for item in items:
        if why := _fault_of(item.path, reserved):
            raise PathGitRefuses(item.path, why)
        # What stands above this path is among those that it begins with.
        while above and not item.path.startswith(above[-1]):
            above.pop()
        for file in above:
            if item.path.startswith(f"{file}/"):
                raise PathGitRefuses(file, "is a file and a directory")
        above.append(item.path)


def _fault_of(path: str, reserved: Collection[str]) -> str | None:
    if path.partition("/")[0].casefold() in reserved:
        return "has the name of a file of the repository itself"
    for segment in _ENDS.split(_UNSEEN.sub("", path).casefold()):
        if _REFUSED.fullmatch(segment):
            return "has a name that git keeps for itself"
    return None
