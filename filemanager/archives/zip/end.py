"""The end of a zip: its end record, the zip64 one, and where the central directory must lie."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from filemanager.archives.faults import Fault
from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.unpacking import ArchiveRefused

_FIRST_OF_SEVERAL = b"PK\x07\x08"
_FRONTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04", _FIRST_OF_SEVERAL + b"PK\x03\x04")
_SIGNATURE = b"PK\x05\x06"
_RECORD = struct.Struct("<4s4H2LH")
_LOCATOR_SIGNATURE = b"PK\x06\x07"
_LOCATOR = struct.Struct("<4sLQL")
_RECORD_64_SIGNATURE = b"PK\x06\x06"
_RECORD_64 = struct.Struct("<4sQ2H2L4Q")
_RECORD_64_REST_BYTES = _RECORD_64.size - 12
_PADDING_BYTES = 64 << 10
_PADDING = b"\0\n"
"""What scripts and transfers leave behind the end; no reader takes it for anything."""

_TAIL_BYTES = _RECORD.size + 0xFFFF + _PADDING_BYTES
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


def ends_as_zip(archive: Content, *, is_padded: bool = False) -> bool:
    """Whether an end record with its comment stands at the very end, or before its padding."""
    padding_bytes = _PADDING_BYTES if is_padded else 0
    with archive.open() as file:
        return _last_record(*_tail(file, archive.size_bytes), padding_bytes) is not None


def find_directory(file: BinaryIO, size_bytes: int) -> Directory:
    """Raise ``ArchiveRefused`` unless one end record closes the file and agrees with zip64's.

    Zeros and line feeds may follow, up to 64 KiB.

    A comment that holds another end record is refused: readers that search from the end find that.
    """
    if _read_at(file, 0, len(_FIRST_OF_SEVERAL)) == _FIRST_OF_SEVERAL:
        raise ArchiveRefused(Fault.SPLIT, "it is the first part of several")
    tail, start = _tail(file, size_bytes)
    record = _last_record(tail, start, _PADDING_BYTES)
    if record is None and _SIGNATURE in tail:
        raise ArchiveRefused(Fault.TRAILING_DATA, "data follows its end record")
    if record is None:
        raise ArchiveRefused(Fault.TRUNCATED, "it has no end record")
    zip64 = _zip64_record(file, record)
    last = zip64 or record
    entries_here, entries, directory_bytes, offset = last.fields
    if last.disks != (0, 0) or entries_here != entries:
        raise ArchiveRefused(Fault.SPLIT, "it is one part of several")
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


def _last_record(tail: bytes, start: int, padding_bytes: int) -> _Record | None:
    at = tail.rfind(_SIGNATURE)
    stop = _stop(tail, at)
    if stop is None or len(tail) - stop > padding_bytes or tail[stop:].strip(_PADDING):
        return None
    if stop < len(tail) and _is_in_a_comment(tail, at):
        return None
    _, disk, first_disk, *fields, _ = _RECORD.unpack_from(tail, at)
    entries_here, entries, directory_bytes, offset = fields
    return _Record(start + at, (disk, first_disk), (entries_here, entries, directory_bytes, offset))


def _stop(tail: bytes, at: int) -> int | None:
    """Where the end record at *at* ends with its comment; None where none is whole."""
    if at < 0 or len(tail) - at < _RECORD.size:
        return None
    stop: int = at + _RECORD.size + _RECORD.unpack_from(tail, at)[-1]
    return stop if stop <= len(tail) else None


def _is_in_a_comment(tail: bytes, last: int) -> bool:
    """Whether an earlier end record says that all of it, up to the very end, is its comment."""
    at = tail.find(_SIGNATURE, 0, last)
    while at >= 0:
        if _stop(tail, at) == len(tail):
            return True
        at = tail.find(_SIGNATURE, at + 1, last)
    return False


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
        raise ArchiveRefused(Fault.SPLIT, "it is one part of several")


def _read_at(file: BinaryIO, offset: int, count: int) -> bytes:
    if offset < 0:
        return b""
    file.seek(offset)
    return file.read(count)
