"""What an address below the door names: something in a repository, or a place above some."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import RepositoryUnknown
from filemanager.domain.repositories.package import Base
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import TreePath

_APT_DIRECTORIES = ("dists", "pool")
_EDITION = "@"
_ROOT_SEGMENTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """``path`` is that in the tree, empty for its top. ``edition`` is what stands behind the ``@``,
    None for the newest.
    """

    asked: str
    address: Address
    path: str
    edition: str | None


@dataclass(frozen=True, slots=True)
class Above:
    """A directory above repositories: kinds, series, distributions, versions."""

    asked: str
    segments: Sequence[str]


def located(catalogue: Catalogue, asked: str) -> Inside | Above:
    """Raises ``RepositoryUnknown``."""
    segments = _segments(asked)
    edition = None
    if segments and segments[0].startswith(_EDITION):
        edition, segments = segments[0].removeprefix(_EDITION), segments[1:]
    root, rest = segments[:_ROOT_SEGMENTS], segments[_ROOT_SEGMENTS:]
    is_apt = bool(rest) and rest[0] in _APT_DIRECTORIES
    version = rest[1:2] if is_apt else rest[:1]
    if not version:
        return Above(asked, segments)
    address = catalogue.find("/".join([*root, *version]))
    if is_apt is not (address.base is Base.DEB):
        raise RepositoryUnknown
    inner = rest if is_apt else rest[1:]
    return Inside(asked=asked, address=address, path="/".join(inner), edition=edition)


def names_below(catalogue: Catalogue, above: Above, hidden: Collection[str]) -> Sequence[str]:
    """What lies right below, without repositories that are *hidden*; empty: there is no such
    place.
    """
    segments = [*above.segments]
    is_apt = len(segments) > _ROOT_SEGMENTS
    depth = len(segments)
    found: dict[str, None] = {}
    for address in catalogue.addresses():
        if address.path in hidden:
            continue
        if address.base is Base.DEB:
            places = [f"{address.root}/{one}/{address.version}" for one in _APT_DIRECTORIES]
        else:
            places = [] if is_apt else [address.path]
        for place in places:
            parts = place.split("/")
            if parts[:depth] == segments and len(parts) > depth:
                found[parts[depth]] = None
    return sorted(found)


def _segments(asked: str) -> list[str]:
    bare = asked.strip("/")
    try:
        return TreePath.parse(bare).segments if bare else []
    except PathRefused as refused:
        raise RepositoryUnknown from refused
