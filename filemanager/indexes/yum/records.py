"""An rpm as the three files of metadata record it, in the words of createrepo_c."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from filemanager.domain.repositories.package import (
    SOURCE,
    Placed,
    Rpm,
    RpmEntry,
    RpmFile,
    RpmFileKind,
)
from filemanager.indexes.yum.escaping import element, empty, opening

_SEPARATOR = b"\x01"
"""No XML holds it, and every database does."""


class YumRecord(NamedTuple):
    """A ``<package>`` for each file, ending in a line feed."""

    primary: bytes
    filelists: bytes
    other: bytes


def record(rpm: Rpm, placed: Placed) -> YumRecord:
    """The path of *placed* is that below the directory of the architecture.

    A file is as old as its package, so that the record follows from the bytes alone.
    """
    return YumRecord(
        primary=_lines(_primary(rpm, placed)),
        filelists=_lines(_listed(rpm, placed, _files(rpm.files))),
        other=_lines(_listed(rpm, placed, _changes(rpm))),
    )


def packed(primary: bytes, filelists: bytes, other: bytes) -> bytes:
    """The three pieces in one."""
    return _SEPARATOR.join((primary, filelists, other))


def unpacked(pieces: bytes) -> YumRecord:
    return YumRecord(*pieces.split(_SEPARATOR))


def _lines(lines: Iterable[str]) -> bytes:
    return "".join([f"{line}\n" for line in lines]).encode()


def _primary(rpm: Rpm, placed: Placed) -> Iterator[str]:
    yield opening("package", type="rpm")
    yield element("name", rpm.name)
    yield element("arch", _arch(rpm))
    yield _version(rpm)
    yield element("checksum", placed.checksums.sha256, type="sha256", pkgid="YES")
    yield element("summary", rpm.summary)
    yield element("description", rpm.description)
    yield element("packager", rpm.packager)
    yield element("url", rpm.url)
    yield empty("time", file=str(rpm.built_at), build=str(rpm.built_at))
    yield empty(
        "size",
        package=str(placed.size_bytes),
        installed=str(rpm.installed_bytes),
        archive=str(rpm.archive_bytes),
    )
    yield empty("location", href=_href(placed.path))
    yield opening("format")
    yield from _format(rpm)
    yield "</format>"
    yield "</package>"


def _href(path: str) -> str:
    """A client takes it for a URL: of what names of files have, a percent sign means more there."""
    return path.replace("%", "%25")


def _format(rpm: Rpm) -> Iterator[str]:
    yield element("rpm:license", rpm.license)
    yield element("rpm:vendor", rpm.vendor)
    yield element("rpm:group", rpm.group)
    yield element("rpm:buildhost", rpm.build_host)
    yield element("rpm:sourcerpm", rpm.source_rpm)
    yield empty("rpm:header-range", start=str(rpm.header_start), end=str(rpm.header_end))
    yield from _entries("rpm:provides", rpm.provides)
    yield from _entries("rpm:requires", rpm.requires)
    yield from _entries("rpm:conflicts", rpm.conflicts)
    yield from _entries("rpm:obsoletes", rpm.obsoletes)
    yield from _entries("rpm:suggests", rpm.suggests)
    yield from _entries("rpm:enhances", rpm.enhances)
    yield from _entries("rpm:recommends", rpm.recommends)
    yield from _entries("rpm:supplements", rpm.supplements)
    yield from _files(file for file in rpm.files if file.is_primary)


def _entries(name: str, entries: Sequence[RpmEntry]) -> Iterator[str]:
    if entries:
        yield opening(name)
        yield from (_entry(entry) for entry in entries)
        yield f"</{name}>"


def _entry(entry: RpmEntry) -> str:
    """Without a comparison there is no version to compare with."""
    compared = {
        "flags": entry.flags,
        "epoch": entry.epoch,
        "ver": entry.version,
        "rel": entry.release,
    }
    attributes = {key: value for key, value in compared.items() if entry.flags and value}
    if entry.is_pre:
        attributes["pre"] = "1"
    return empty("rpm:entry", name=entry.name, **attributes)


def _files(files: Iterable[RpmFile]) -> Iterator[str]:
    for file in files:
        kind = {} if file.kind is RpmFileKind.FILE else {"type": file.kind.value}
        yield element("file", file.path, **kind)


def _listed(rpm: Rpm, placed: Placed, lines: Iterable[str]) -> Iterator[str]:
    """What filelists and other begin with alike."""
    yield opening("package", pkgid=placed.checksums.sha256, name=rpm.name, arch=_arch(rpm))
    yield _version(rpm)
    yield from lines
    yield "</package>"


def _changes(rpm: Rpm) -> Iterator[str]:
    for change in rpm.changelog:
        yield element("changelog", change.text, author=change.author, date=str(change.at))


def _arch(rpm: Rpm) -> str:
    return "src" if rpm.arch == SOURCE else rpm.arch


def _version(rpm: Rpm) -> str:
    """With its epoch always: yum of EL7 compares it as text."""
    return empty("version", epoch=rpm.epoch, ver=rpm.version, rel=rpm.release)
