"""Lines of ignore files, read as git reads them (gitignore(5))."""

import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from filemanager.client.errors import ClientError

IGNORE_FILES = (".gitignore", ".filemanagerignore")
"""In each folder; what a later one says stands over what an earlier one does."""

_MOST_BYTES = 1 << 20

_LAST_STARS = re.compile(r"(^!?|/)\*(\*?)(/?)$")


class Rules:
    """The lines of one folder, which is at *base*: "" or a path with a closing slash."""

    def __init__(self, base: str, lines: Iterable[str]) -> None:
        self._base = base
        self._read = [found for line in lines for found in _read(line)]

    def verdict(self, path: str) -> bool | None:
        """Whether *path* is left out, by the last line that speaks of it; None: none does.

        The path of a folder has a closing slash. What lies in a folder that is left out must not
        be asked for: nothing in it can be brought back.
        """
        below = path.removeprefix(self._base)
        for pattern, is_left_out in reversed(self._read):
            if pattern.fullmatch(below):
                return is_left_out
        return None


def is_pattern(text: str) -> bool:
    """Whether it speaks of any path: a comment does not, nor what cannot be read."""
    return any(_read(text))


def rules_of(folder: Path, base: str) -> Rules:
    """By the ignore files that lie in *folder*."""
    return Rules(base, [line for name in IGNORE_FILES for line in _lines(folder / name)])


def _lines(place: Path) -> Iterator[str]:
    """None where no regular file is: git follows no link either."""
    if place.is_symlink() or not place.is_file():
        return
    with place.open("rb") as file:
        text = file.read(_MOST_BYTES + 1)
    if len(text) > _MOST_BYTES:
        raise ClientError(f"{place} is larger than 1 MiB: no file of patterns.")
    yield from text.decode("utf-8-sig", "surrogateescape").split("\n")


def _read(line: str) -> Iterator[tuple[re.Pattern[str], bool]]:
    """The expression of a line and whether it leaves out; nothing for what is no pattern."""
    # Where a name follows the stars the library's expressions match what git matches and no more:
    # without it those for "a/**" match "a/", and those for "*" whatever there is.
    spelled = _LAST_STARS.sub(_named, line if line.endswith("\\ ") else line.rstrip())
    try:
        with warnings.catch_warnings():
            # Brackets in brackets are characters here.
            warnings.simplefilter("ignore", FutureWarning)
            pattern = GitIgnoreSpecPattern(spelled)
    except (ValueError, re.error):
        # As git does it: a line that cannot be read speaks of nothing.
        return
    if pattern.regex is not None:
        yield pattern.regex, bool(pattern.include)


def _named(stars: re.Match[str]) -> str:
    before, second, closing = stars.groups()
    return f"{before}{'**/' if second else ''}?*{closing}"
