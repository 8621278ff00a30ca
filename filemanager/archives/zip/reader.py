"""A zip whose every byte is accounted for before the first is decompressed.

==============================================  ==========================================
data in front of or behind it, or between       refused (``leading_data``,
its members                                     ``trailing_data``, ``gap``)
up to 64 KiB of zeros and line feeds behind it  passed over
a comment that holds an end record              refused, as data behind the first or in front
                                                of the second
members in another order than the directory     read, in the directory's order
a local header that says otherwise              refused (``contradiction``)
data descriptors                                read, with and without signature, sizes of four
                                                or eight bytes
a zip64 field that repeats or lacks a size      refused (``contradiction``)
an end record with an extension                 refused (``contradiction``)
two files at one path                           one, if they are the same to the byte; else
                                                refused (``duplicate``)
a directory twice                               one
names without the UTF-8 flag                    UTF-8 where they are, else code page 437
a Unicode name beside a name                    taken if it is that name's, refused if not, or
                                                if one of the two leaves the archive
backslashes in names made on FAT or NTFS        split, where the name is ASCII or UTF-8
padding in extra fields (zipalign)              passed over
two members of one checksum                     read
links and devices, by their Unix mode           the member is refused
stored, deflate, bzip2, LZMA                    read; other methods refused by name
encryption                                      refused (``encrypted``)
a part of several                               refused (``split``)
==============================================  ==========================================
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from filemanager.archives.faults import Fault
from filemanager.archives.streams.byte_stream import counted
from filemanager.archives.zip.data import decoded
from filemanager.archives.zip.directory import CentralHeader, parse_directory
from filemanager.archives.zip.end import find_directory
from filemanager.archives.zip.members import locate_data
from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import (
    ArchiveForm,
    ArchiveRefused,
    Member,
    MemberRefusal,
    RefusedMember,
    Unpacked,
)
from filemanager.domain.workspaces.log import escaped

_DIRECTORY_BYTES = 16 << 20
"""A central directory is read whole; 20,000 members need about 3 MiB."""

_AT_ONCE_BYTES = 1 << 18


def read_zip(archive: Content, budget: Budget, scratch: Scratch) -> Unpacked:
    """Raises ``ArchiveRefused`` and ``OverBudget``."""
    members: dict[str, Member] = {}
    refused: list[RefusedMember] = []
    with archive.open() as file:
        headers, stop = _read_headers(file, archive.size_bytes, budget)
        offsets = locate_data(file, headers, stop)
        for header, offset in zip(headers, offsets, strict=True):
            place = header.place
            if isinstance(place, MemberRefusal):
                refused.append(RefusedMember(header.name, place))
                continue
            pieces = counted(decoded(file, header, offset, budget), budget)
            member = place.member(_content(header, pieces, scratch))
            if place.path:
                _add(members, header, member)
    return Unpacked(
        form=ArchiveForm.ZIP,
        compression="",
        members=tuple(members.values()),
        refused=tuple(refused),
    )


def _add(members: dict[str, Member], header: CentralHeader, member: Member) -> None:
    if header.is_directory:
        member = replace(member, content=None)
    first = members.setdefault(member.path, member)
    if _digest(first) != _digest(member):
        raise _duplicate(header)


def _digest(member: Member) -> str:
    return member.content.digest if member.content else ""


def _read_headers(
    file: BinaryIO, size_bytes: int, budget: Budget
) -> tuple[list[CentralHeader], int]:
    """The headers, and where the central directory begins."""
    directory = find_directory(file, size_bytes)
    if directory.size_bytes > _DIRECTORY_BYTES:
        raise ArchiveRefused(Fault.BAD_SIZE, "its central directory is larger than 16 MiB")
    file.seek(directory.offset)
    headers: list[CentralHeader] = []
    for header in parse_directory(file.read(directory.size_bytes)):
        budget.take_entry()
        headers.append(header)
    if len(headers) != directory.count:
        raise ArchiveRefused(Fault.CONTRADICTION, "it counts its members wrongly")
    _refuse_duplicates(headers)
    return headers, directory.offset


def _content(header: CentralHeader, pieces: Iterator[bytes], scratch: Scratch) -> Content:
    if header.size_bytes <= _AT_ONCE_BYTES:
        content = scratch.write(b"".join(pieces))
    else:
        writer = scratch.writer()
        for piece in pieces:
            writer.write(piece)
        content = writer.finish()
    if content.crc32 != header.crc32:
        raise ArchiveRefused(Fault.BAD_CHECKSUM, f"'{escaped(header.name)}' has a wrong checksum")
    return content


def _refuse_duplicates(headers: Sequence[CentralHeader]) -> None:
    """Whatever can be told without decompressing it."""
    seen: dict[str, tuple[bool, int, int]] = {}
    for header in headers:
        place = header.place
        key = header.name if isinstance(place, MemberRefusal) else place.path
        said = (header.is_directory, header.size_bytes, header.crc32)
        if seen.setdefault(key, said) != said:
            raise _duplicate(header)


def _duplicate(header: CentralHeader) -> ArchiveRefused:
    return ArchiveRefused(Fault.DUPLICATE, f"'{escaped(header.name)}' is in it twice")
