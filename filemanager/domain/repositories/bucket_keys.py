"""Where what a repository publishes lies in a bucket, as the original lays it out."""

from collections.abc import Sequence

from filemanager.domain.repositories.address import RPM_ARCHES, Address
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.published import IndexForm, PublishedIndex


def object_keys(repository: str, base: Base, path: str) -> Sequence[str]:
    """Of the file at *path* in a repository's tree; the first is its own.

    AWS reads a ``+`` in the path of a URL as a blank, and clients send it as it stands: they find
    the second.
    """
    key = f"{_top(repository, base)}/{path}"
    return (key, key.replace("+", " ")) if "+" in key else (key,)


def package_prefixes(address: Address) -> Sequence[str]:
    """What the keys of all packages begin with."""
    if address.base is Base.DEB:
        return (f"{address.root}/pool/{address.version}/",)
    return [f"{address.path}/{arch}/" for arch in RPM_ARCHES]


def path_of(address: Address, key: str) -> str:
    """The path of a key that begins with one of ``package_prefixes``."""
    return key.removeprefix(f"{_top(address.path, address.base)}/")


def index_names(base: Base, index: PublishedIndex) -> tuple[str | None, str | None]:
    """At which path an index is always what it is, and at which it changes; None: at none.

    By its SHA-256 alone, for apt: no client that knows such addresses asks by a weaker sum than the
    strongest of the Release file. What ``repomd.xml`` does not name is left out.
    """
    if base is Base.DEB:
        directory = index.path.rpartition("/")[0]
        return f"{directory}/by-hash/SHA256/{index.sums.sha256}", index.path
    return (index.path if index.form is IndexForm.GZIP else None), None


def _top(repository: str, base: Base) -> str:
    """The directory that paths of the tree begin in: versions of a distribution share one."""
    return repository.rpartition("/")[0] if base is Base.DEB else repository
