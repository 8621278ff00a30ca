"""What an rpm needs and gives, as createrepo_c writes it into ``primary.xml``.

=============================================  ==============================================
requirements that rpm itself meets             left out (``rpmlib(…)``)
what the package provides in the same words,   left out
or has as a file that ``primary.xml`` names
the same as the last of that name              left out
several ``libc.so.6…``                         the highest one, behind all others
requirements that may be missing, and the      recommendations and the other weak kinds
older tags of weak dependencies
a version whose epoch is no number             the dependency is left out
a package of the format 3                      provides itself
=============================================  ==============================================
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from filemanager.archives.packages.header import RpmHeader
from filemanager.archives.packages.refusals import Unfit
from filemanager.archives.packages.tags import Tag
from filemanager.domain.repositories.package import RpmEntry, RpmFile
from filemanager.domain.repositories.versions import Key, rpm_order

_MOST = 1 << 16
"""Of one kind; kernels have some ten thousand."""

_COMPARISONS = {2: "LT", 4: "GT", 8: "EQ", 10: "LE", 12: "GE"}
_COMPARISON = 0x0F
_EQUAL = 8
_PRE = 1 << 6 | 1 << 9 | 1 << 10
"""Needed by a script before or after installation, or before the package in the format 3."""
_MAY_BE_MISSING = 1 << 19
_STRONG = 1 << 27

_OF_RPM = "rpmlib("
_LIBC = "libc.so.6"

_EPOCH = re.compile(r"[0-9]*")
_FROM_DIGIT = re.compile(r"[0-9].*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """Each kind in the order of the index."""

    provides: tuple[RpmEntry, ...]
    requires: tuple[RpmEntry, ...]
    conflicts: tuple[RpmEntry, ...]
    obsoletes: tuple[RpmEntry, ...]
    recommends: tuple[RpmEntry, ...]
    suggests: tuple[RpmEntry, ...]
    supplements: tuple[RpmEntry, ...]
    enhances: tuple[RpmEntry, ...]


class _Kind(Enum):
    """By the tags of names, flags and versions."""

    PROVIDES = (Tag.PROVIDE_NAME, Tag.PROVIDE_FLAGS, Tag.PROVIDE_VERSION)
    REQUIRES = (Tag.REQUIRE_NAME, Tag.REQUIRE_FLAGS, Tag.REQUIRE_VERSION)
    CONFLICTS = (Tag.CONFLICT_NAME, Tag.CONFLICT_FLAGS, Tag.CONFLICT_VERSION)
    OBSOLETES = (Tag.OBSOLETE_NAME, Tag.OBSOLETE_FLAGS, Tag.OBSOLETE_VERSION)
    RECOMMENDS = (Tag.RECOMMEND_NAME, Tag.RECOMMEND_FLAGS, Tag.RECOMMEND_VERSION)
    SUGGESTS = (Tag.SUGGEST_NAME, Tag.SUGGEST_FLAGS, Tag.SUGGEST_VERSION)
    SUPPLEMENTS = (Tag.SUPPLEMENT_NAME, Tag.SUPPLEMENT_FLAGS, Tag.SUPPLEMENT_VERSION)
    ENHANCES = (Tag.ENHANCE_NAME, Tag.ENHANCE_FLAGS, Tag.ENHANCE_VERSION)
    OLD_SUGGESTS = (Tag.OLD_SUGGEST_NAME, Tag.OLD_SUGGEST_FLAGS, Tag.OLD_SUGGEST_VERSION)
    OLD_ENHANCES = (Tag.OLD_ENHANCE_NAME, Tag.OLD_ENHANCE_FLAGS, Tag.OLD_ENHANCE_VERSION)


@dataclass(frozen=True, slots=True)
class _Stated:
    """As a header has it."""

    name: str
    flags: int
    version: str

    @property
    def comparison(self) -> str | None:
        return _COMPARISONS.get(self.flags & _COMPARISON)

    @property
    def words(self) -> str:
        return f"{self.name}{self.comparison or ''}{self.version}"

    @property
    def is_pre(self) -> bool:
        return bool(self.flags & _PRE)

    @property
    def is_of_libc(self) -> bool:
        return self.name.startswith(_LIBC)

    @property
    def epoch_and_rest(self) -> tuple[str, str]:
        epoch, colon, rest = self.version.partition(":")
        return (epoch, rest) if colon else ("", self.version)

    @property
    def is_readable(self) -> bool:
        return _EPOCH.fullmatch(self.epoch_and_rest[0]) is not None

    def entry(self, *, is_pre: bool = False) -> RpmEntry:
        if not (self.comparison and self.version):
            return RpmEntry(self.name, self.comparison, is_pre=is_pre)
        epoch, rest = self.epoch_and_rest
        version, _, release = rest.partition("-")
        return RpmEntry(self.name, self.comparison, epoch or "0", version, release or None, is_pre)


def read_dependencies(header: RpmHeader, files: Iterable[RpmFile]) -> Dependencies:
    """Of a package with these *files*. Raises ``Unfit``."""
    provided = _provided(header)
    needed = list(_needed(header, {stated.words for stated in provided}, files))
    suggested, enhancing = _stated(header, _Kind.OLD_SUGGESTS), _stated(header, _Kind.OLD_ENHANCES)
    return Dependencies(
        provides=_entries(provided),
        requires=_required(needed),
        conflicts=_entries(_stated(header, _Kind.CONFLICTS)),
        obsoletes=_entries(_stated(header, _Kind.OBSOLETES)),
        recommends=_entries(
            [each for each in needed if each.flags & _MAY_BE_MISSING],
            _stated(header, _Kind.RECOMMENDS),
            [each for each in suggested if each.flags & _STRONG],
        ),
        suggests=_entries(
            _stated(header, _Kind.SUGGESTS),
            [each for each in suggested if not each.flags & _STRONG],
        ),
        supplements=_entries(
            _stated(header, _Kind.SUPPLEMENTS),
            [each for each in enhancing if each.flags & _STRONG],
        ),
        enhances=_entries(
            _stated(header, _Kind.ENHANCES),
            [each for each in enhancing if not each.flags & _STRONG],
        ),
    )


def _entries(*found: Iterable[_Stated]) -> tuple[RpmEntry, ...]:
    return tuple(stated.entry() for each in found for stated in each)


def _provided(header: RpmHeader) -> list[_Stated]:
    """In the format 3 a package provides itself without a word, and names need nothing more."""
    if Tag.IMMUTABLE in header:
        return _stated(header, _Kind.PROVIDES)
    epoch = header.number(Tag.EPOCH)
    version = f"{header.text(Tag.VERSION)}-{header.text(Tag.RELEASE)}"
    itself = _Stated(
        header.text(Tag.NAME), _EQUAL, version if epoch is None else f"{epoch}:{version}"
    )
    provided = _stated(header, _Kind.PROVIDES) or [
        _Stated(name, 0, "") for name in header.strings(Tag.PROVIDE_NAME, _MOST)
    ]
    return [*(each for each in provided if each != itself), itself]


def _needed(header: RpmHeader, met: Collection[str], files: Iterable[RpmFile]) -> Iterator[_Stated]:
    own = {file.path for file in files if file.is_primary}
    last: dict[str, tuple[str, bool]] = {}
    for stated in _stated(header, _Kind.REQUIRES):
        said = (stated.words, stated.is_pre)
        is_met = stated.words in met or stated.name in own or stated.name.startswith(_OF_RPM)
        if is_met or last.get(stated.name) == said:
            continue
        yield stated
        if not stated.flags & _MAY_BE_MISSING and not stated.is_of_libc:
            last[stated.name] = said


def _required(needed: Iterable[_Stated]) -> tuple[RpmEntry, ...]:
    required = [each for each in needed if not each.flags & _MAY_BE_MISSING]
    of_libc = [each for each in required if each.is_of_libc]
    others = [each for each in required if not each.is_of_libc]
    highest = [max(of_libc, key=_libc_order)] if of_libc else []
    return tuple(each.entry(is_pre=each.is_pre) for each in (*others, *highest))


def _stated(header: RpmHeader, kind: _Kind) -> list[_Stated]:
    """Nothing where one of the three tags is missing."""
    names, flags, versions = kind.value
    if not (names in header and flags in header and versions in header):
        return []
    columns = (
        header.strings(names, _MOST),
        header.numbers(flags, _MOST),
        header.strings(versions, _MOST),
    )
    if len({len(column) for column in columns}) > 1:
        raise Unfit("its dependencies have more names than versions, or fewer")
    return [stated for stated in map(_Stated, *columns) if stated.is_readable]


def _libc_order(stated: _Stated) -> tuple[int, Key]:
    """By the version in the brackets, ``libc.so.6(GLIBC_2.4)(64bit)``, if there is one."""
    _, opened, rest = stated.name.partition("(")
    inside, closed, _ = rest.partition(")")
    version = _FROM_DIGIT.search(inside) if closed else None
    rank = sum(map(bool, (opened, closed, closed and inside, version)))
    return rank, rpm_order("", version[0] if version else "", "")
