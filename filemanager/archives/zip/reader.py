"""A zip whose every byte is accounted for before the first is decompressed.

==============================================  ==========================================
data in front of or behind it, or between       refused (``leading_data``,
its members                                     ``trailing_data``, ``gap``)
a comment that holds an end record              refused, as data behind the first or in front
                                                of the second
members in another order than the directory     read, in the directory's order
a local header that says otherwise              refused (``contradiction``)
data descriptors                                read, with and without signature; eight-byte
                                                sizes exactly if the local header has zip64
a zip64 field that repeats or lacks a size      refused (``contradiction``)
an end record with an extension                 refused (``contradiction``)
two members of one name                         refused (``duplicate``)
names without the UTF-8 flag                    UTF-8 where they are, else code page 437
a Unicode name beside a name                    taken if it is that name's, refused if not
two members of one checksum                     read
links and devices, by their Unix mode           the member is refused
stored, deflate, bzip2, LZMA                    read; other methods refused by name
encryption                                      refused (``encrypted``)
==============================================  ==========================================
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from filemanager.archives.faults import Fault
from filemanager.archives.names import escaped, judge
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

_DIRECTORY_BYTES = 16 << 20
"""A central directory is read whole; 20,000 members need about 3 MiB."""

_AT_ONCE_BYTES = 1 << 18


def read_zip(archive: Content, budget: Budget, scratch: Scratch) -> Unpacked:
    """Raises ``ArchiveRefused`` and ``OverBudget``."""
    members: list[Member] = []
    refused: list[RefusedMember] = []
    with archive.open() as file:
        headers, stop = _read_headers(file, archive.size_bytes, budget)
        offsets = locate_data(file, headers, stop)
        for header, offset in zip(headers, offsets, strict=True):
            path = header.refusal or judge(header.name)
            if isinstance(path, MemberRefusal):
                refused.append(RefusedMember(escaped(header.name), path))
                continue
            content = _content(header, counted(decoded(file, header, offset), budget), scratch)
            if path:
                members.append(Member(path, None if header.is_directory else content))
    return Unpacked(
        form=ArchiveForm.ZIP, compression="", members=tuple(members), refused=tuple(refused)
    )


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
    seen: set[str] = set()
    for header in headers:
        path = judge(header.name)
        key = header.name if isinstance(path, MemberRefusal) else path
        if key in seen:
            raise ArchiveRefused(Fault.DUPLICATE, f"'{escaped(header.name)}' is in it twice")
        seen.add(key)
