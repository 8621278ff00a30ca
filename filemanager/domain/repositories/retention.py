"""Which versions of packages a repository keeps, where it does not keep all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import PackageId
from filemanager.domain.repositories.versions import version_order


@dataclass(frozen=True, slots=True)
class PackageVersion:
    """What of a package tells whether it is among the latest."""

    id: PackageId
    name: str
    version: str
    arch: str


def outdated(base: Base, versions: Iterable[PackageVersion], keep: int) -> Sequence[PackageId]:
    """All but the *keep* latest of each name and architecture, in the order of ids.

    Of versions that are the same to dpkg or rpm, what came later counts as later.
    """
    alike: dict[tuple[str, str], list[PackageVersion]] = defaultdict(list)
    for one in versions:
        alike[one.name, one.arch].append(one)
    found: list[PackageId] = []
    for group in alike.values():
        latest_first = sorted(
            group, key=lambda one: (version_order(base, one.version), one.id), reverse=True
        )
        found += [one.id for one in latest_first[keep:]]
    return sorted(found)
