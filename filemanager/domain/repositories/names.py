"""Names: of packages, versions and architectures, and what the files that hold them are called."""

import re
from enum import StrEnum
from pathlib import PurePosixPath

_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+~_%^-]{0,254}")
_DEBIAN_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]+")
_DEBIAN_ARCHITECTURE = re.compile(r"[a-z0-9][a-z0-9-]*")
_EPOCH = re.compile(r"[0-9]{1,10}")
_UPSTREAM_VERSION = re.compile(r"[0-9][A-Za-z0-9.+~:-]*")
_DEBIAN_REVISION = re.compile(r"[A-Za-z0-9.+~]+")
_RPM_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+~^-]*")
_RPM_VERSION = re.compile(r"[A-Za-z0-9._+~^]+")

_MOST_EPOCH = 2**31 - 1
"""dpkg keeps an epoch in a C ``int``."""

_NO_PACKAGE_HAS = frozenset({"any", "source"})
"""Words of source packages, for which a binary package is never built."""

_TARBALL = (".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst")
_SOURCE_FILE = (*_TARBALL, *(f"{ending}.asc" for ending in _TARBALL), ".diff.gz")

RPM_SOURCE = "src"
"""What a file name calls the architecture of an rpm that others are built from."""

_RPM_ARCHITECTURES = frozenset({"x86_64", "aarch64", "noarch"})


class PackageFileKind(StrEnum):
    """What a file is, by its name alone."""

    DEB = "deb"
    DDEB = "ddeb"
    """Debug symbols, as Ubuntu names them."""
    UDEB = "udeb"
    """A package for Debian's installer only."""
    DSC = "dsc"
    CHANGES = "changes"
    BUILDINFO = "buildinfo"
    RPM = "rpm"
    SOURCE = "source file"
    """A tarball, its signature or a diff, which a ``.dsc`` names."""


_BY_ENDING = {f".{kind}": kind for kind in PackageFileKind if kind is not PackageFileKind.SOURCE}


def kind_of(file_name: str) -> PackageFileKind | None:
    """None where no repository has files with such an ending."""
    if is_source_file(file_name):
        return PackageFileKind.SOURCE
    return _BY_ENDING.get(PurePosixPath(file_name).suffix)


def is_source_file(file_name: str) -> bool:
    """Whether it ends as one of the files that a source package consists of."""
    return file_name.endswith(_SOURCE_FILE)


def is_file_name(name: str) -> bool:
    """Whether it is one segment that every path, URL and index says in the same way."""
    return _SEGMENT.fullmatch(name) is not None


def is_debian_name(name: str) -> bool:
    """Debian policy, 5.6.1 and 5.6.7."""
    return _DEBIAN_NAME.fullmatch(name) is not None


def is_debian_version(version: str) -> bool:
    """Debian policy, 5.6.12, as strictly as ``dpkg --validate-version``."""
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, "0"
    return (
        _EPOCH.fullmatch(epoch) is not None
        and int(epoch) <= _MOST_EPOCH
        and _UPSTREAM_VERSION.fullmatch(upstream) is not None
        and _DEBIAN_REVISION.fullmatch(revision) is not None
    )


def is_debian_architecture(architecture: str) -> bool:
    """Whether a binary package may be for it."""
    return (
        _DEBIAN_ARCHITECTURE.fullmatch(architecture) is not None
        and architecture not in _NO_PACKAGE_HAS
    )


def is_rpm_name(name: str) -> bool:
    """Whether rpmbuild takes it, but for what no file name should hold."""
    return _RPM_NAME.fullmatch(name) is not None


def is_rpm_version(version: str) -> bool:
    """A version or a release: in a file name dashes end it."""
    return _RPM_VERSION.fullmatch(version) is not None


def is_rpm_architecture(architecture: str) -> bool:
    """Whether there is a directory for binary packages of it."""
    return architecture in _RPM_ARCHITECTURES


def is_rpm_file_name(file_name: str) -> bool:
    """Whether it ends as one of a package that a repository has a directory for."""
    rest, _, ending = file_name.rpartition(".")
    arch = rest.rpartition(".")[2]
    return ending == PackageFileKind.RPM and (arch == RPM_SOURCE or is_rpm_architecture(arch))


def deb_file_names(name: str, version: str, architecture: str) -> tuple[str, ...]:
    """What the file of a binary package may be called, the usual name first."""
    return tuple(f"{name}_{written}_{architecture}.deb" for written in _written(version))


def dsc_file_name(source: str, version: str) -> str:
    """Debian policy, 5.6.12: without the epoch."""
    return f"{source}_{_written(version)[0]}.dsc"


def rpm_file_names(name: str, version: str, architecture: str) -> tuple[str, ...]:
    """What the file of an rpm may be called, the usual name first.

    *version* is ``epoch:version-release``, with the epoch left out or not.
    """
    return tuple(f"{name}-{written}.{architecture}.rpm" for written in _written(version))


def _written(version: str) -> tuple[str, ...]:
    """Without its epoch, and with it as apt writes names of files: a colon is ``%3a``."""
    without_epoch = version.partition(":")[2] or version
    return tuple(each.replace(":", "%3a") for each in dict.fromkeys((without_epoch, version)))
