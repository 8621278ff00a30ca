"""Advice on how a TeX source is compiled: its main file, its engine, and what neither needs."""

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.kinds import TEX_FAMILY
from filemanager.sanitize.advice.engine import Text, engine_of, main_files
from filemanager.sanitize.advice.missing_files import Wanted, missing
from filemanager.sanitize.advice.on_file import information
from filemanager.sanitize.advice.reached import TexFiles, TooManyNames, reached, unreached
from filemanager.sanitize.advice.readme import README_NAMES, Directives
from filemanager.sanitize.codes import Code

MAX_MENTIONS = 50_000
"""Of all texts; beyond it nothing is said of what they lead to."""

_MAX_OTHERS = 5
_NOT_TOLD = "Files that nothing leads to are not told"


@dataclass(frozen=True, slots=True, kw_only=True)
class TexSource:
    """``texts`` are files that name others or are TeX; of those in ``cut`` not all is known.

    ``asked`` is what the ``00README`` asks for; ``as_sent`` what renamed files were called.
    ``ancillary`` are public paths, ``searched`` directories where tools let TeX look.
    """

    paths: Sequence[str]
    texts: Mapping[str, Text]
    cut: Sequence[str]
    asked: Directives
    as_sent: Mapping[str, str]
    ancillary: Sequence[str] = ()
    searched: Sequence[str] = ()


def advice_on_compilation(source: TexSource) -> Iterator[Finding]:
    tex = {path: text for path, text in source.texts.items() if text.kind in TEX_FAMILY}
    there = frozenset(source.paths)
    named = [path for path in source.asked.toplevel if path in there]
    mains = named or main_files(tex)
    if not mains:
        yield information(Code.MAIN_FILE, "No file looks like the main one.")
        return
    why_not, found = _follow(source, {*mains, *main_files(tex), *source.asked.kept})
    if not (named and source.asked.compiler):
        yield _main_file(source, mains)
    if why_not:
        yield information(Code.ADVICE_INCOMPLETE, f"{_NOT_TOLD}: {why_not}.")
    else:
        yield from _unreached(source, mains, found)
    yield from missing(
        Wanted(
            texts={path: text for path, text in source.texts.items() if path in found},
            paths=(*source.paths, *source.ancillary),
            as_sent=source.as_sent,
            mains=mains,
            searched=source.searched,
        )
    )


def _follow(source: TexSource, mains: Collection[str]) -> tuple[str | None, frozenset[str]]:
    """Why not everything that is reached is known, and what is."""
    if source.cut:
        return f"'{source.cut[0]}' is too long, or names too many files", frozenset(mains)
    if sum(len(text.mentions) for text in source.texts.values()) > MAX_MENTIONS:
        return f"more than {MAX_MENTIONS} names stand in the TeX files", frozenset(mains)
    try:
        return None, reached(_sources(source, mains))
    except TooManyNames:
        return "too many names are made by macros", frozenset(mains)


def _sources(source: TexSource, mains: Collection[str]) -> TexFiles:
    mentions = {path: text.mentions for path, text in source.texts.items()}
    return TexFiles(paths=source.paths, mentions=mentions, mains=mains, as_sent=source.as_sent)


def _main_file(source: TexSource, mains: Sequence[str]) -> Finding:
    """Where the 00README names the main files, or the compiler, that is not guessed."""
    main, *others = mains
    _, found = _follow(source, {main})
    read = [text for path, text in source.texts.items() if path in found]
    guess = engine_of(read, [path for path in source.paths if path in found])
    engine = f"The engine seems to be {guess.engine}: {guess.why}."
    if source.asked.compiler:
        engine = f"The compiler named is '{source.asked.compiler}'."
    message = f"The main file seems to be '{main}'. {engine}"
    told, more = ", ".join(others[:_MAX_OTHERS]), len(others) - _MAX_OTHERS
    if told:
        message = (
            f"{message} Also: {told} and {more} more." if more > 0 else f"{message} Also: {told}."
        )
    return information(Code.MAIN_FILE, message, (Area.SOURCE, main))


def _unreached(
    source: TexSource, mains: Collection[str], found: Collection[str]
) -> Iterator[Finding]:
    for path in unreached(_sources(source, mains), found):
        if posixpath.basename(path) not in README_NAMES:
            message = "No main file leads to this file."
            yield information(Code.UNREACHED_FILE, message, (Area.SOURCE, path))
