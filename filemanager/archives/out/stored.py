"""A zip archive of members that are stored as they are, its length known by arithmetic."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from filemanager.archives.out.pieces import ChunksOfPart, cut
from filemanager.archives.out.records import (
    STORED,
    Member,
    directory_end,
    directory_header,
    directory_header_bytes,
    local_header,
    local_header_bytes,
)
from filemanager.domain.blobs.chunks import joined, part_of


@dataclass(frozen=True, slots=True)
class StoredMember:
    """``chunks`` gives its bytes from the beginning each time it is asked."""

    path: str
    size_bytes: int
    crc32: int
    chunks: Callable[[], Iterable[bytes]]


StoredMembers = Callable[[], Iterable[StoredMember]]
"""The same in the same order each time: once for the bodies, once for the directory."""


def stored_zip_bytes(members: StoredMembers, modified_at: datetime) -> int:
    """The length of the archive; no content is asked for."""
    return sum(length for length, _ in _parts(members, modified_at))


def stored_zip(
    members: StoredMembers, modified_at: datetime, start: int = 0, stop: int | None = None
) -> Iterator[bytes]:
    """Bytes ``[start, stop)`` of the archive; nothing is held that grows with the members.

    Content outside of the range is not asked for. Whatever a member raises goes through.
    """
    return joined(cut(_parts(members, modified_at), start, stop))


def _parts(members: StoredMembers, modified_at: datetime) -> Iterator[tuple[int, ChunksOfPart]]:
    count = end = directory_bytes = 0
    for member, record in _placed(members, modified_at):
        yield local_header_bytes(record), partial(_header, local_header, record)
        yield member.size_bytes, partial(_content, member)
        count, end = count + 1, _end(record)
    for _, record in _placed(members, modified_at):
        length = directory_header_bytes(record)
        yield length, partial(_header, directory_header, record)
        directory_bytes += length
    closing = directory_end(count, directory_bytes, end)
    yield len(closing), lambda start, stop: iter([closing[start:stop]])


def _placed(members: StoredMembers, modified_at: datetime) -> Iterator[tuple[StoredMember, Member]]:
    offset = 0
    for member in members():
        record = Member(
            name=member.path.encode(),
            method=STORED,
            crc32=member.crc32,
            size_bytes=member.size_bytes,
            packed_bytes=member.size_bytes,
            offset=offset,
            modified_at=modified_at,
        )
        yield member, record
        offset = _end(record)


def _end(record: Member) -> int:
    return record.offset + local_header_bytes(record) + record.packed_bytes


def _content(member: StoredMember, start: int, stop: int) -> Iterator[bytes]:
    return part_of(member.chunks(), start, stop)


def _header(
    make: Callable[[Member], bytes], record: Member, start: int, stop: int
) -> Iterator[bytes]:
    yield make(record)[start:stop]
