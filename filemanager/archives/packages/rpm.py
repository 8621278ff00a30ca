"""Packages of rpm: what the headers say, in the formats 3 and 4 (rpm's manual).

The payload is not looked at, but for its length where the signature header says it.
"""

from dataclasses import dataclass
from os import SEEK_CUR
from typing import BinaryIO

from filemanager.archives.packages.changelog import newest_changes
from filemanager.archives.packages.dependencies import read_dependencies
from filemanager.archives.packages.header import RpmHeader, read_header
from filemanager.archives.packages.installed import installed_files
from filemanager.archives.packages.refusals import Unfit, quoted, refusing
from filemanager.archives.packages.signatures import signing_keys
from filemanager.archives.packages.tags import SignatureTag, Tag
from filemanager.domain.blobs.blob import Content
from filemanager.domain.repositories.names import (
    RPM_SOURCE,
    is_rpm_architecture,
    is_rpm_name,
    is_rpm_version,
    rpm_file_names,
)
from filemanager.domain.repositories.package import SOURCE, Rpm

_LEAD_BYTES = 96
_MAGIC = b"\xed\xab\xee\xdb"
_ALIGNMENT = 8
_KIND = slice(6, 8)
_SOURCE_KIND = b"\0\1"
_NEWEST_FORMAT = 4
_NO_SOURCE = "(none)"
"""As rpm puts it."""


@dataclass(frozen=True, slots=True)
class _Headers:
    """``start`` and ``end`` are the offsets of ``main`` in the file."""

    lead: bytes
    signatures: RpmHeader
    main: RpmHeader
    start: int
    end: int


def read_rpm(file_name: str, content: Content) -> Rpm:
    """Read an rpm that is called *file_name*. Raises ``PackageRefused``."""
    with refusing(file_name):
        with content.open() as file:
            headers = _headers(file)
        _check_length(headers, content.size_bytes)
        rpm = _rpm(headers)
        _check_names(file_name, rpm)
        return rpm


def _headers(file: BinaryIO) -> _Headers:
    lead = file.read(_LEAD_BYTES)
    if not lead.startswith(_MAGIC):
        raise Unfit("it is no rpm")
    signatures = read_header(file)
    file.seek(-signatures.size_bytes % _ALIGNMENT, SEEK_CUR)
    start = file.tell()
    main = read_header(file)
    form = main.number(Tag.FORMAT) or _NEWEST_FORMAT
    if form > _NEWEST_FORMAT:
        raise Unfit(f"it is in version {form} of rpm's format, of which 3 and 4 are taken")
    return _Headers(lead, signatures, main, start, start + main.size_bytes)


def _check_length(headers: _Headers, size_bytes: int) -> None:
    said = _first(headers.signatures, SignatureTag.LONG_SIZE, SignatureTag.SIZE)
    if said is not None and headers.start + said != size_bytes:
        raise Unfit(f"it has {size_bytes} bytes and speaks of {headers.start + said}")


def _check_names(file_name: str, rpm: Rpm) -> None:
    if not is_rpm_name(rpm.name):
        raise Unfit(f"{quoted(rpm.name)} is no name that an rpm here may have")
    for version in (rpm.version, rpm.release):
        if not is_rpm_version(version):
            raise Unfit(f"{quoted(version)} is no version or release of an rpm")
    arch = RPM_SOURCE if rpm.arch == SOURCE else rpm.arch
    expected = rpm_file_names(rpm.name, f"{rpm.epoch}:{rpm.version}-{rpm.release}", arch)
    if file_name not in expected:
        raise Unfit(f"the file of the package that it holds is called {quoted(expected[0])}")


def _is_source(headers: _Headers) -> bool:
    """Older ones have no tag that says so. That no source is named is not enough: so may a binary
    package that another tool has made.
    """
    main = headers.main
    is_old_source = headers.lead[_KIND] == _SOURCE_KIND and not main.text(Tag.SOURCE_RPM)
    return bool(main.number(Tag.SOURCE_PACKAGE)) or is_old_source


def _arch(headers: _Headers) -> str:
    if _is_source(headers):
        return SOURCE
    arch = headers.main.text(Tag.ARCH)
    if not is_rpm_architecture(arch):
        raise Unfit(f"rpms for {quoted(arch)} are not taken")
    return arch


def _source_rpm(main: RpmHeader, arch: str) -> str:
    """Never empty in a binary package: clients take one without a source for a source itself."""
    source = main.text(Tag.SOURCE_RPM)
    return source if source or arch == SOURCE else _NO_SOURCE


def _rpm(headers: _Headers) -> Rpm:
    main = headers.main
    arch = _arch(headers)
    files = installed_files(main)
    found = read_dependencies(main, files)
    return Rpm(
        name=main.text(Tag.NAME),
        epoch=str(main.number(Tag.EPOCH) or 0),
        version=main.text(Tag.VERSION),
        release=main.text(Tag.RELEASE),
        arch=arch,
        summary=main.text(Tag.SUMMARY),
        description=main.text(Tag.DESCRIPTION),
        packager=main.text(Tag.PACKAGER),
        url=main.text(Tag.URL),
        license=main.text(Tag.LICENSE),
        vendor=main.text(Tag.VENDOR),
        group=main.text(Tag.GROUP),
        build_host=main.text(Tag.BUILD_HOST),
        source_rpm=_source_rpm(main, arch),
        built_at=main.number(Tag.BUILD_TIME) or 0,
        installed_bytes=_first(main, Tag.LONG_SIZE, Tag.SIZE) or 0,
        archive_bytes=_archive_bytes(headers),
        header_start=headers.start,
        header_end=headers.end,
        provides=found.provides,
        requires=found.requires,
        conflicts=found.conflicts,
        obsoletes=found.obsoletes,
        recommends=found.recommends,
        suggests=found.suggests,
        supplements=found.supplements,
        enhances=found.enhances,
        files=files,
        changelog=newest_changes(main),
        signed_by=signing_keys(headers.signatures),
    )


def _archive_bytes(headers: _Headers) -> int:
    signatures = headers.signatures
    said = _first(signatures, SignatureTag.LONG_ARCHIVE_SIZE, SignatureTag.PAYLOAD_SIZE)
    return said or headers.main.number(Tag.ARCHIVE_SIZE) or 0


def _first(header: RpmHeader, *tags: int) -> int | None:
    """Of the first tag that is there."""
    return next((header.number(tag) for tag in tags if tag in header), None)
