"""Packages as their own bytes describe them: what readers find and indexes are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

SOURCE = "source"
"""The architecture of what is built from: a ``.dsc``, a ``.src.rpm``."""


class Base(StrEnum):
    """What a distribution's packages are, in the words of the configuration file."""

    DEB = "deb"
    RPM = "rpm"


@dataclass(frozen=True, slots=True)
class Checksums:
    """Each in lower-case hex."""

    md5: str
    sha1: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Placed:
    """The file of a package: where an index says that it lies, and its bytes."""

    path: str
    size_bytes: int
    checksums: Checksums


@dataclass(frozen=True, slots=True)
class Control:
    """A paragraph of deb822(5), in its order.

    A value is what stands behind the colon without blanks around it; its further lines follow
    after a line feed each, as they stand, with the blank that they begin with.
    """

    fields: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        """Names are compared without case (Debian policy, 5.1)."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), None)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deb:
    """A binary package; ``version`` with its epoch, if it has one."""

    control: Control
    name: str
    version: str
    arch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """A file as a ``.dsc`` or ``.changes`` lists it; None: there is no checksum of that kind."""

    name: str
    size_bytes: int
    md5: str | None
    sha1: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DebSource:
    """A ``.dsc``: a source package and the files that it consists of, without the ``.dsc``."""

    control: Control
    name: str
    version: str
    files: tuple[ListedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DebChanges:
    """A ``.changes``: what one build gives up for publication."""

    control: Control
    source: str
    version: str
    files: tuple[ListedFile, ...]


@dataclass(frozen=True, slots=True)
class RpmEntry:
    """A dependency: ``flags`` are LT, GT, EQ, LE or GE, None for any version; what then follows is
    None too. Without a word of it ``epoch`` is ``0``.

    ``is_pre``: it is needed before the package is installed, not only to run it.
    """

    name: str
    flags: str | None = None
    epoch: str | None = None
    version: str | None = None
    release: str | None = None
    is_pre: bool = False


class RpmFileKind(StrEnum):
    FILE = "file"
    DIRECTORY = "dir"
    GHOST = "ghost"


@dataclass(frozen=True, slots=True)
class RpmFile:
    path: str
    kind: RpmFileKind

    @property
    def is_primary(self) -> bool:
        """Whether ``primary.xml`` names it: clients look for programs and settings there first."""
        path = self.path
        return path.startswith("/etc/") or "bin/" in path or path == "/usr/lib/sendmail"


@dataclass(frozen=True, slots=True)
class RpmChange:
    """An entry of the changelog; ``at`` in seconds since 1970, UTC."""

    author: str
    at: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rpm:
    """The header of an rpm. ``arch`` is ``source`` where the package is built from.

    ``epoch`` is ``0`` where there is none. ``header_start`` and ``header_end`` are the offsets in
    bytes at which the main header begins and the payload does. ``built_at`` is in seconds since
    1970, UTC. ``signed_by`` are the ids of keys (16 upper-case hex digits) that signatures in
    it name; nobody has verified them.
    """

    name: str
    epoch: str
    version: str
    release: str
    arch: str
    summary: str
    description: str
    packager: str
    url: str
    license: str
    vendor: str
    group: str
    build_host: str
    source_rpm: str
    built_at: int
    installed_bytes: int
    archive_bytes: int
    header_start: int
    header_end: int
    provides: tuple[RpmEntry, ...] = ()
    requires: tuple[RpmEntry, ...] = ()
    conflicts: tuple[RpmEntry, ...] = ()
    obsoletes: tuple[RpmEntry, ...] = ()
    recommends: tuple[RpmEntry, ...] = ()
    suggests: tuple[RpmEntry, ...] = ()
    supplements: tuple[RpmEntry, ...] = ()
    enhances: tuple[RpmEntry, ...] = ()
    files: tuple[RpmFile, ...] = ()
    changelog: tuple[RpmChange, ...] = ()
    signed_by: tuple[str, ...] = ()

    @property
    def full_version(self) -> str:
        """``epoch:version-release``, without an epoch of 0."""
        version = f"{self.version}-{self.release}"
        return version if self.epoch == "0" else f"{self.epoch}:{version}"
