"""Which files of a folder are sent, and which are left out."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from filemanager.client.errors import ClientError
from filemanager.client.folders.ignoring import Rules, rules_of

PART_PREFIX = ".filemanager-part-"
"""How unfinished files of a pull are called; a push leaves them out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of a folder is sent: all but dot files and what ignore files in it name.

    ``excluded`` are patterns as those of ignore files, from the folder itself; they stand over
    everything else, so that one after ``!`` is sent. With ``is_all`` they alone are asked.
    """

    excluded: Sequence[str] = ()
    is_all: bool = False


@dataclass(slots=True)
class Chosen:
    """``left_out`` are paths in the folder, those of folders with a closing slash, to be shown."""

    places: list[Path] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def choose(directory: Path, choice: Choice) -> Chosen:
    """Look through *directory*, in the order of paths.

    Links are not followed, so that nothing from elsewhere is sent. Raises ``ClientError`` for what
    cannot be read.
    """
    chosen = Chosen()
    excluded = Rules("", choice.excluded)
    waiting: list[tuple[str, tuple[Rules, ...]]] = [("", ())]
    while waiting:
        base, above = waiting.pop()
        rules = above if choice.is_all else (rules_of(directory / base, base), *above)
        for entry in _listed(directory / base):
            path = f"{base}{entry.name}/" if _is_folder(entry) else f"{base}{entry.name}"
            verdict = excluded.verdict(path)
            if verdict is None and not choice.is_all:
                verdict = entry.name.startswith(".") or _first_verdict(rules, path)
            if verdict or not _is_sendable(entry):
                # A name that is no text is one that others cannot be told.
                chosen.left_out.append(os.fsencode(path).decode(errors="replace"))
            elif _is_folder(entry):
                waiting.append((path, rules))
            else:
                chosen.places.append(Path(entry.path))
    chosen.places.sort()
    chosen.left_out.sort()
    return chosen


def _listed(folder: Path) -> Sequence["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        raise ClientError(f"{error.filename} cannot be read: {error.strerror}.") from error


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    return entry.is_dir(follow_symlinks=False)


def _is_sendable(entry: "os.DirEntry[str]") -> bool:
    """Not links, pipes and devices, nor what a pull has not finished."""
    is_part = entry.name.startswith(PART_PREFIX)
    return _is_folder(entry) or (entry.is_file(follow_symlinks=False) and not is_part)


def _first_verdict(rules: Iterable[Rules], path: str) -> bool:
    """Of the nearest ignore files that speak of it."""
    verdicts = (one.verdict(path) for one in rules)
    return next((verdict for verdict in verdicts if verdict is not None), False)
