"""The records of a zip file (APPNOTE 6.3.10, section 4.3); zip64 only where a number needs it."""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

STORED = 0
DEFLATED = 8

_PLAIN_MAX = 0xFFFFFFFF
"""In a field of four bytes: the number stands in the zip64 extra field or record."""

_COUNT_MAX = 0xFFFF
_UTF8_NAME = 0x800
_VERSION = 20  # deflate, directories
_VERSION_ZIP64 = 45
_UNIX = 3 << 8
_FILE_0644 = 0o100644 << 16
_ZIP64_EXTRA = 1

_LOCAL_BYTES = 30
_DIRECTORY_BYTES = 46
_EXTRA_HEAD_BYTES = 4

_FIRST_YEAR = 1980
_LAST_YEAR = _FIRST_YEAR + 127

_USUAL_TIME = datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
"""The same as in the tar archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """``packed_bytes`` is how long the body is in the archive; ``offset`` where its header is."""

    name: bytes
    method: int
    crc32: int
    size_bytes: int
    packed_bytes: int
    offset: int
    modified_at: datetime = _USUAL_TIME

    @property
    def is_large(self) -> bool:
        return max(self.size_bytes, self.packed_bytes) >= _PLAIN_MAX


def local_header_bytes(member: Member) -> int:
    return _LOCAL_BYTES + len(member.name) + _extra_bytes(_sizes(member))


def directory_header_bytes(member: Member) -> int:
    return _DIRECTORY_BYTES + len(member.name) + _extra_bytes(_directory_numbers(member))


def local_header(member: Member) -> bytes:
    """What stands in front of a body; it tells the sizes, so that a stream can be read."""
    extra = _extra(_sizes(member))
    fields = _shared_fields(member, is_zip64=member.is_large)
    return b"PK\3\4" + fields + struct.pack("<H", len(extra)) + member.name + extra


def directory_header(member: Member) -> bytes:
    """What the directory says of a member."""
    numbers = _directory_numbers(member)
    offset = min(member.offset, _PLAIN_MAX)
    extra = _extra(numbers)
    fields = _shared_fields(member, is_zip64=bool(numbers))
    # After the extra field: no comment, disk 0, no internal attributes.
    tail = struct.pack("<HHHHII", len(extra), 0, 0, 0, _FILE_0644, offset)
    made_by = struct.pack("<H", _UNIX | _VERSION_ZIP64)
    return b"PK\1\2" + made_by + fields + tail + member.name + extra


def directory_end(count: int, directory_bytes: int, offset: int) -> bytes:
    """What closes an archive whose directory of *count* headers begins at *offset*."""
    plain = struct.pack(
        "<4sHHHHIIH",
        b"PK\5\6",
        0,
        0,
        min(count, _COUNT_MAX),
        min(count, _COUNT_MAX),
        min(directory_bytes, _PLAIN_MAX),
        min(offset, _PLAIN_MAX),
        0,
    )
    if count < _COUNT_MAX and max(directory_bytes, offset) < _PLAIN_MAX:
        return plain
    versions = (_UNIX | _VERSION_ZIP64, _VERSION_ZIP64)
    numbers = (count, count, directory_bytes, offset)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, *versions, 0, 0, *numbers)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, offset + directory_bytes, 1)
    return record + locator + plain


def _sizes(member: Member) -> tuple[int, ...]:
    """Both sizes for the extra field, where one of them needs it."""
    return (member.size_bytes, member.packed_bytes) if member.is_large else ()


def _directory_numbers(member: Member) -> tuple[int, ...]:
    return (*_sizes(member), *((member.offset,) if member.offset >= _PLAIN_MAX else ()))


def _extra_bytes(numbers: tuple[int, ...]) -> int:
    return _EXTRA_HEAD_BYTES + 8 * len(numbers) if numbers else 0


def _extra(numbers: tuple[int, ...]) -> bytes:
    if not numbers:
        return b""
    return struct.pack(f"<HH{len(numbers)}Q", _ZIP64_EXTRA, 8 * len(numbers), *numbers)


def _shared_fields(member: Member, *, is_zip64: bool) -> bytes:
    """From the version needed to the length of the name, as both headers have them."""
    sizes = (member.packed_bytes, member.size_bytes)
    return struct.pack(
        "<HHHHHIIIH",
        _VERSION_ZIP64 if is_zip64 else _VERSION,
        0 if member.name.isascii() else _UTF8_NAME,
        member.method,
        *_dos_time_and_date(member.modified_at),
        member.crc32,
        *((_PLAIN_MAX, _PLAIN_MAX) if member.is_large else sizes),
        len(member.name),
    )


@lru_cache(maxsize=8)
def _dos_time_and_date(at: datetime) -> tuple[int, int]:
    """In UTC, to two seconds; years that the field cannot hold are the nearest that it can."""
    at = at.astimezone(UTC)
    year = min(max(at.year, _FIRST_YEAR), _LAST_YEAR)
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    return time, (year - _FIRST_YEAR) << 9 | at.month << 5 | at.day
