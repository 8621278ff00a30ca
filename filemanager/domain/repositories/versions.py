"""The order of versions: keys that sort as dpkg and rpm compare what they are made of."""

import re
from functools import lru_cache

from filemanager.domain.repositories.package import Base

Key = tuple[int | str | tuple[int | str, ...], ...]
"""Of one function and another call of it; between two functions keys say nothing."""

_KEPT = 1 << 14
"""How many keys are kept: as many as one large repository has versions."""

_DEBIAN_PAIR = re.compile(r"([^0-9]*)([0-9]*)")
_RPM_PART = re.compile(r"~|\^|[0-9]+|[A-Za-z]+")

# Weights of what may follow in an rpm's version: its end lies between a tilde and all else.
_TILDE, _END, _CARET, _LETTERS, _NUMBER = range(5)

_DEBIAN_END = 0
_DEBIAN_TILDE = -1
_BEHIND_LETTERS = 256


def version_order(base: Base, version: str) -> Key:
    """Of a package as rows have it: that of an rpm is ``epoch:version-release``."""
    if base is Base.DEB:
        return debian_order(version)
    epoch, _, rest = version.rpartition(":")
    upstream, _, release = rest.rpartition("-")
    return rpm_order(epoch, upstream, release)


@lru_cache(_KEPT)
def debian_order(version: str) -> Key:
    """Versions that are the same to dpkg (``1.0`` and ``0:1.00-0``) have one key.

    Debian policy, 5.6.12. What is no version has some key too.
    """
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "", version
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "")
    return (_number(epoch), _debian_part(upstream), _debian_part(revision))


def _debian_part(text: str) -> tuple[int | str, ...]:
    """Texts and numbers by turns, of which the last two are empty: so ends every version."""
    found: list[int | str] = []
    for characters, digits in _DEBIAN_PAIR.findall(text or "0"):
        found += (*map(_debian_weight, characters), _DEBIAN_END, *_number(digits))
    return tuple(found)


def _debian_weight(character: str) -> int:
    """A tilde before the end, letters before all other characters."""
    if character == "~":
        return _DEBIAN_TILDE
    return ord(character) if character.isalpha() else ord(character) + _BEHIND_LETTERS


@lru_cache(_KEPT)
def rpm_order(epoch: str, version: str, release: str) -> Key:
    """Versions that are the same to rpm (``1.0`` and ``1..00``) have one key; rpm-version(7)."""
    return (_number(epoch), _rpm_part(version), _rpm_part(release))


def _rpm_part(text: str) -> tuple[int | str, ...]:
    parts = (part for found in _RPM_PART.findall(text) for part in _rpm_weight(found))
    return (*parts, _END)


def _rpm_weight(part: str) -> tuple[int | str, ...]:
    if part == "~":
        return (_TILDE,)
    if part == "^":
        return (_CARET,)
    return (_NUMBER, *_number(part)) if part.isdigit() else (_LETTERS, part)


def _number(digits: str) -> tuple[int, str]:
    """However long it is: how many digits, then they."""
    significant = digits.lstrip("0")
    return (len(significant), significant)
