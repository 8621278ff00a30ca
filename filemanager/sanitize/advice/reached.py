"""Which files of a TeX source are reached from its main files, as TeX looks for them."""

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from filemanager.sanitize.advice.tex.mentions import Family, Mention
from filemanager.sanitize.advice.tex.names import ENDINGS, MAX_DIRECTORIES, names_of

_BESIDE_MAIN = frozenset(
    {*(".bbl", ".ind", ".gls", ".acr", ".nls", ".toc", ".lof", ".lot"), ".bcf", ".xmpdata", ".cfg"}
)
"""Read without being named, where they bear the name of a main file."""

_UNNAMED = (
    *(".fd", ".def", ".clo", ".cfg", ".ldf", ".lbx", ".bbx", ".cbx", ".dbx", ".rtx"),
    *(".tfm", ".vf", ".pfb", ".pfa", ".otf", ".ttf", ".map", ".enc", ".mf", ".icc", ".lua"),
)
"""Read by packages and fonts, which name them in ways of their own."""

MAX_COMPUTED = 50
"""Names that macros make, each of which is compared with every path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TexFiles:
    """``paths`` of every source file; ``mentions`` of those that are TeX.

    ``as_sent`` are the paths of renamed files by which the texts still name them.
    """

    paths: Sequence[str]
    mentions: Mapping[str, Sequence[Mention]]
    mains: Collection[str]
    as_sent: Mapping[str, str] = field(default_factory=dict)


class TooManyNames(Exception):
    """Too much of the source is computed by macros to say what is not reached."""


def reached(sources: TexFiles) -> frozenset[str]:
    """The main files and what they lead to. Raises ``TooManyNames``."""
    search = _Search(sources)
    waiting = [path for path in sources.paths if path in sources.mains]
    found = set(waiting)
    while waiting:
        path = waiting.pop()
        for other in search.named_by(path):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)


def unreached(sources: TexFiles, found: Collection[str]) -> Iterator[str]:
    """Those that nobody reads, as far as that can be told, in the order of ``paths``."""
    stems = {posixpath.splitext(main)[0] for main in sources.mains}
    for path in sources.paths:
        stem, ending = posixpath.splitext(path)
        if path in found or ending in _UNNAMED:
            continue
        if not (ending in _BESIDE_MAIN and stem in stems):
            yield path


class _Search:
    """The paths by what they may be called. Case counts, as where papers are compiled."""

    def __init__(self, sources: TexFiles) -> None:
        self._sources = sources
        self._by_name: dict[str, list[tuple[str, str]]] = {}
        self._written = [*zip(sources.paths, sources.paths, strict=True)]
        self._written += [(sent, path) for path, sent in sources.as_sent.items()]
        for written, path in self._written:
            for name, ending in names_of(written):
                self._by_name.setdefault(name, []).append((ending, path))
        self._directories = self._found_directories()
        self._asked: set[tuple[str, Family]] = set()
        self._computed: set[Mention] = set()

    def named_by(self, path: str) -> Iterator[str]:
        """What was told before is not told again, so that hostile trees take linear time."""
        here = posixpath.dirname(path)
        for mention in self._sources.mentions.get(path, ()):
            if mention.family is Family.DIRECTORY:
                continue
            if "*" in mention.name:
                yield from self._like(mention)
            else:
                yield from self._called(mention, here)

    def _called(self, mention: Mention, here: str) -> Iterator[str]:
        endings = ("", *ENDINGS[mention.family])
        for directory in dict.fromkeys((*self._directories, here)):
            name = posixpath.normpath(posixpath.join(directory, mention.name))
            if name not in self._by_name or (name, mention.family) in self._asked:
                continue
            self._asked.add((name, mention.family))
            for ending, path in self._by_name[name]:
                if ending in endings:
                    yield path

    def _like(self, mention: Mention) -> Iterator[str]:
        if mention in self._computed:
            return
        if len(self._computed) == MAX_COMPUTED:
            raise TooManyNames
        self._computed.add(mention)
        yield from self._matching(mention)

    def _matching(self, mention: Mention) -> Iterator[str]:
        """By what stands before the first macro and behind the last, in any directory."""
        start, _, end = mention.name.partition("*")
        start = f"/{start.removeprefix('./')}"
        ends = tuple(end + ending for ending in ENDINGS[mention.family])
        for written, path in self._written:
            if start in f"/{written}" and (
                written.endswith(ends) or (end and written.endswith(end))
            ):
                yield path

    def _found_directories(self) -> Sequence[str]:
        """Where names are looked for: at the top, beside main files, and where the texts say."""
        named = (
            mention.name
            for mentions in self._sources.mentions.values()
            for mention in mentions
            if mention.family is Family.DIRECTORY and "*" not in mention.name
        )
        found = dict.fromkeys(("", *map(posixpath.dirname, self._sources.mains), *named))
        return list(found)[:MAX_DIRECTORIES]
