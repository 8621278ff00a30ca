"""Where files and indexes of a repository lie in its tree, and what an index lists."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from filemanager.domain.repositories.address import RPM_ARCHES
from filemanager.domain.repositories.package import SOURCE, Base

COMPONENT = "main"
ALL = "all"
NOARCH = "noarch"
SOURCE_DIRECTORY = "SRPMS"

_RPM_DIRECTORIES = {
    NOARCH: tuple(arch for arch in RPM_ARCHES if arch != SOURCE_DIRECTORY),
    SOURCE: (SOURCE_DIRECTORY,),
}
_POOL = "pool"
_PACKAGES = "Packages"
_MALFORMED = "malformed_list.txt"
_PIECES = ("primary", "filelists", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFile:
    """An index: ``file`` names its pages, and is its path in the tree for apt. It lists the living
    packages of ``arches``, of each the ``piece`` of its record.
    """

    file: str
    arches: frozenset[str]
    piece: int = 0


def package_paths(base: Base, version: str, product: str, arch: str, name: str) -> Sequence[str]:
    """The paths of a file called *name*; a ``noarch`` rpm lies in each directory of rpms."""
    if base is Base.DEB:
        return (f"{product_directory(version, product)}/{name}",)
    return [f"{directory}/{_PACKAGES}/{name}" for directory in _RPM_DIRECTORIES.get(arch, (arch,))]


def product_directory(version: str, product: str) -> str:
    return f"{_POOL}/{version}/{COMPONENT}/{product[0]}/{product}"


def suite_directory(version: str) -> str:
    return f"dists/{version}"


def index_files(base: Base, version: str, arches: Collection[str]) -> Sequence[IndexFile]:
    """Every index of a repository; *arches* are those that an apt repository is for."""
    return list(_apt_files(version, arches) if base is Base.DEB else _yum_files())


def is_package_file(base: Base, path: str) -> bool:
    """Whether files of packages lie there, which never change; not indexes and roots."""
    if base is Base.DEB:
        return path.startswith(f"{_POOL}/")
    return path.split("/")[1:2] == [_PACKAGES]


def malformed_lists(base: Base, version: str) -> Sequence[str]:
    """Where it is told which packages of a bucket are not taken in."""
    if base is Base.DEB:
        return (f"{suite_directory(version)}/{_MALFORMED}",)
    return [f"{arch}/repodata/{_MALFORMED}" for arch in RPM_ARCHES]


def listed_in(path: str) -> tuple[str, str] | None:
    """Split the path of a by-hash address into the directory and the rest; None: it is none."""
    directory, by_hash, rest = path.partition("/by-hash/")
    return (directory, rest) if by_hash else None


def _apt_files(version: str, arches: Collection[str]) -> Iterator[IndexFile]:
    component = f"{suite_directory(version)}/{COMPONENT}"
    for arch in sorted(set(arches) - {ALL, SOURCE}):
        # Clients ask for their own architecture alone: older ones never look for that of `all`.
        yield IndexFile(file=f"{component}/binary-{arch}/Packages", arches=frozenset({arch, ALL}))
    yield IndexFile(file=f"{component}/source/Sources", arches=frozenset({SOURCE}))


def _yum_files() -> Iterator[IndexFile]:
    for directory in RPM_ARCHES:
        is_source = directory == SOURCE_DIRECTORY
        arches = frozenset({SOURCE} if is_source else {directory, NOARCH})
        for number, piece in enumerate(_PIECES):
            file = f"{directory}/repodata/{piece}.xml"
            yield IndexFile(file=file, arches=arches, piece=number)
