"""The end of a zip: its end record, the zip64 one, and where the central directory must lie."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from filemanager.archives.faults import Fault
from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.unpacking import ArchiveRefused

_FRONTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04")
_SIGNATURE = b"PK\x05\x06"
_RECORD = struct.Struct("<4s4H2LH")
_LOCATOR_SIGNATURE = b"PK\x06\x07"
_LOCATOR = struct.Struct("<4sLQL")
_RECORD_64_SIGNATURE = b"PK\x06\x06"
_RECORD_64 = struct.Struct("<4sQ2H2L4Q")
_RECORD_64_REST_BYTES = _RECORD_64.size - 12
_TAIL_BYTES = _RECORD.size + 0xFFFF
_SATURATED = (0xFFFF, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF)


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the central directory lies, and how many headers it says it holds."""

    count: int
    size_bytes: int
    offset: int


@dataclass(frozen=True, slots=True)
class _Record:
    """The fields of an end record, of either kind: entries here, entries in all, size, offset."""

    start: int
    disks: tuple[int, int]
    fields: tuple[int, int, int, int]


def begins_a_zip(head: bytes) -> bool:
    return head.startswith(_FRONTS)


def ends_as_zip(archive: Content) -> bool:
    """Whether an end record with its comment stands at the very end."""
    with archive.open() as file:
        return _last_record(*_tail(file, archive.size_bytes)) is not None


def find_directory(file: BinaryIO, size_bytes: int) -> Directory:
    """Raise ``ArchiveRefused`` unless one end record closes the file and agrees with zip64's.

    A comment that holds another end record is refused: readers that search from the end find that.
    """
    tail, start = _tail(file, size_bytes)
    record = _last_record(tail, start)
    if record is None and _SIGNATURE in tail:
        raise ArchiveRefused(Fault.TRAILING_DATA, "data follows its end record")
    if record is None:
        raise ArchiveRefused(Fault.TRUNCATED, "it has no end record")
    zip64 = _zip64_record(file, record)
    last = zip64 or record
    entries_here, entries, directory_bytes, offset = last.fields
    if last.disks != (0, 0) or entries_here != entries:
        raise ArchiveRefused(Fault.UNSUPPORTED, "it is one part of several")
    _check_place(offset + directory_bytes, last.start)
    return Directory(entries, directory_bytes, offset)


def _check_place(stop: int, wanted: int) -> None:
    if stop < wanted:
        raise ArchiveRefused(Fault.LEADING_DATA, "data stands in front of it or of its end record")
    if stop > wanted:
        raise ArchiveRefused(Fault.OVERLAP, "its central directory overlaps its end record")


def _tail(file: BinaryIO, size_bytes: int) -> tuple[bytes, int]:
    """Where an end record must lie, and the offset of that."""
    start = max(0, size_bytes - _TAIL_BYTES)
    return _read_at(file, start, size_bytes - start), start


def _last_record(tail: bytes, start: int) -> _Record | None:
    at = tail.rfind(_SIGNATURE)
    if at < 0 or len(tail) - at < _RECORD.size:
        return None
    _, disk, first_disk, *fields, comment_bytes = _RECORD.unpack_from(tail, at)
    if at + _RECORD.size + comment_bytes != len(tail):
        return None
    entries_here, entries, directory_bytes, offset = fields
    return _Record(start + at, (disk, first_disk), (entries_here, entries, directory_bytes, offset))


def _zip64_record(file: BinaryIO, record: _Record) -> _Record | None:
    locator = _read_at(file, record.start - _LOCATOR.size, _LOCATOR.size)
    if not locator.startswith(_LOCATOR_SIGNATURE):
        return None
    _, disk, offset, disks = _LOCATOR.unpack(locator)
    # Only there, so that no reader that looks for the record finds another one.
    is_in_place = offset + _RECORD_64.size + _LOCATOR.size == record.start
    data = _read_at(file, offset, _RECORD_64.size) if is_in_place else b""
    if disk or disks > 1 or not data.startswith(_RECORD_64_SIGNATURE):
        raise ArchiveRefused(Fault.CONTRADICTION, "its zip64 end record is not where it should be")
    _, rest_bytes, _, _, disk, first_disk, *fields = _RECORD_64.unpack(data)
    if rest_bytes != _RECORD_64_REST_BYTES:
        raise ArchiveRefused(Fault.UNSUPPORTED, "its zip64 end record has an extension")
    entries_here, entries, directory_bytes, start = fields
    zip64 = _Record(offset, (disk, first_disk), (entries_here, entries, directory_bytes, start))
    _check_agreement(record, zip64)
    return zip64


def _check_agreement(record: _Record, zip64: _Record) -> None:
    """A field of the short record says the same as the long one's, or that it has no room."""
    for short, long, saturated in zip(record.fields, zip64.fields, _SATURATED, strict=True):
        if short not in (long, saturated):
            raise ArchiveRefused(Fault.CONTRADICTION, "its two end records disagree")
    if any(disk not in (0, 0xFFFF) for disk in record.disks):
        raise ArchiveRefused(Fault.UNSUPPORTED, "it is one part of several")


def _read_at(file: BinaryIO, offset: int, count: int) -> bytes:
    if offset < 0:
        return b""
    file.seek(offset)
    return file.read(count)
