"""Files that a TeX source names and that are not there, or not under that name."""

import posixpath
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.advice.engine import Text
from filemanager.sanitize.advice.on_file import OTHERS_WROTE, information
from filemanager.sanitize.advice.tex.demands import Demand
from filemanager.sanitize.advice.tex.mentions import Family
from filemanager.sanitize.advice.tex.names import ENDINGS, MAX_DIRECTORIES, names_of
from filemanager.sanitize.advice.tex.texlive import texlive_names
from filemanager.sanitize.codes import Code

MAX_LOOKED_FOR = 2000
MAX_TOLD = 100
_MAX_NAMESAKES = 50
"""Files of one name in many directories, of which some are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """*texts* are those that are compiled; ``paths`` are all files, by their public paths.

    ``searched`` are directories where a source's tools look for files, and below.
    """

    texts: Mapping[str, Text]
    paths: Sequence[str]
    as_sent: Mapping[str, str]
    mains: Collection[str]
    searched: Sequence[str]


def missing(wanted: Wanted) -> Iterator[Finding]:
    """In the order of the texts and of their lines; those of others' packages are left out."""
    asked = [
        (path, demand)
        for path, text in wanted.texts.items()
        if not path.lower().endswith(OTHERS_WROTE)
        for demand in text.demands
    ]
    shelves = _Shelves(wanted)
    told = 0
    for path, demand in asked[:MAX_LOOKED_FOR]:
        if (said := shelves.said_of(demand, posixpath.dirname(path))) is not None:
            told += 1
            if told <= MAX_TOLD:
                yield information(*said, (Area.SOURCE, path))
    if told > MAX_TOLD:
        message = f"{told - MAX_TOLD} more names that lead to no file are not told."
        yield information(Code.ADVICE_INCOMPLETE, message)
    if len(asked) > MAX_LOOKED_FOR:
        message = f"Of {len(asked)} names in the TeX files {MAX_LOOKED_FOR} were looked for."
        yield information(Code.ADVICE_INCOMPLETE, message)


_Index = dict[str, list[tuple[str, str]]]
"""What a path may be called, with the endings left out then and the path."""


class _Shelves:
    """Where TeX looks, and what is there."""

    def __init__(self, wanted: Wanted) -> None:
        self._there = _index((path, path) for path in wanted.paths)
        self._folded = _index((path.casefold(), path) for path in wanted.paths)
        self._sent = _index((sent, path) for path, sent in wanted.as_sent.items())
        self._has_references = any(path.endswith(".bbl") for path in wanted.paths)
        self._written = _index(
            (posixpath.basename(name), name)
            for text in wanted.texts.values()
            for name in text.written
        )
        self._namesakes = _namesakes(wanted.paths)
        self._searched = wanted.searched
        self._directories, self._is_sure = _directories(wanted)
        self._mains = list(dict.fromkeys(map(posixpath.dirname, wanted.mains)))[:3]

    def said_of(self, demand: Demand, here: str) -> tuple[Code, str] | None:
        """None where it is there, or made, or of TeX Live."""
        name = unicodedata.normalize("NFC", demand.name)
        places = list(dict.fromkeys(self._places(name, here)))
        if _found(self._there, places, demand.family) or self._is_known(name, demand.family):
            return None
        begin = f"'{escaped(demand.name)}', named in line {demand.line},"
        if path := _found(self._sent, places, demand.family):
            why = "it was renamed when it was uploaded"
            return Code.RENAMED_FILE_NAMED, f"{begin} is called '{path}' now: {why}."
        folded = [place.casefold() for place in places]
        if path := _found(self._folded, folded, demand.family):
            return Code.CASE_DIFFERS, f"{begin} differs from '{path}' by case only."
        if path := self._elsewhere(name, demand.family):
            is_there = not self._is_sure or self._is_searched(path)
            text = f"{begin} is not where TeX looks for it; there is '{path}'."
            return None if is_there else (Code.MISSING_FILE, text)
        return Code.MISSING_FILE, f"{begin} is not in the upload."

    def _places(self, name: str, here: str) -> Iterator[str]:
        for base in dict.fromkeys(("", *self._mains, here)):
            for directory in ("", *self._directories):
                yield posixpath.normpath(posixpath.join(base, directory, name))

    def _is_known(self, name: str, family: Family) -> bool:
        """Whether it needs not be sent."""
        if family is Family.BIBLIOGRAPHY and self._has_references:
            return True
        if _found(self._written, [posixpath.basename(name)], family):
            return True
        return any(name + ending in texlive_names() for ending in ("", *ENDINGS[family]))

    def _elsewhere(self, name: str, family: Family) -> str | None:
        plain = posixpath.basename(name)
        for ending in ("", *ENDINGS[family]):
            for path in self._namesakes.get(plain + ending, ()):
                if f"/{path}".endswith(f"/{posixpath.normpath(name)}{ending}"):
                    return path
        return None

    def _is_searched(self, path: str) -> bool:
        return any(path.startswith(f"{directory}/") for directory in self._searched)


def _index(names: Iterator[tuple[str, str]]) -> _Index:
    index: _Index = {}
    for written, path in names:
        for name, ending in names_of(written):
            index.setdefault(name, []).append((ending, path))
    return index


def _found(index: _Index, places: Sequence[str], family: Family) -> str | None:
    endings = ("", *ENDINGS[family])
    for place in places:
        for ending, path in index.get(place, ())[:_MAX_NAMESAKES]:
            if ending in endings:
                return path
    return None


def _namesakes(paths: Sequence[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        same = found.setdefault(posixpath.basename(path), [])
        if len(same) < _MAX_NAMESAKES:
            same.append(path)
    return found


def _directories(wanted: Wanted) -> tuple[Sequence[str], bool]:
    """Those that the texts name, and whether these are all."""
    named = dict.fromkeys(
        mention.name
        for text in wanted.texts.values()
        for mention in text.mentions
        if mention.family is Family.DIRECTORY
    )
    known = [name for name in named if "*" not in name]
    is_sure = len(known) == len(named) and len(known) <= MAX_DIRECTORIES
    return known[:MAX_DIRECTORIES], is_sure
