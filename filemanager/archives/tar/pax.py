"""Extended headers: pax records and the long names of GNU tar.

=============================================  ==========================================
an own ``path`` or ``size`` in a global header  refused: it would be every member's
the same key twice in a header                  refused (``contradiction``)
a length with a leading zero                    refused (``bad_record``)
a ``hdrcharset`` other than UTF-8               refused (``unsupported``)
a NUL in a key, a path or a link                refused (``bad_record``)
a path or link that is not UTF-8                refused (``bad_name``)
empty path, link or size                        refused (``bad_record``)
unknown keys                                    not looked at
those that bundles announce a file by           given out as they stand
sparse files (``GNU.sparse.*``)                 read by their map, whose pieces may repeat keys
sparse files of star                            the member is refused
=============================================  ==========================================
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from filemanager.archives.faults import Fault
from filemanager.archives.tar.gnu_forms import (
    PIECE_KEYS,
    SparseRecords,
    mentions_sparse,
    parse_sparse,
)
from filemanager.domain.intake.unpacking import Announcement, ArchiveRefused

_LENGTH = re.compile(rb"([1-9][0-9]{0,9}) ")
_TIME = re.compile(rb"(-?[0-9]+(\.[0-9]*)?)?")
_COUNT = re.compile(rb"[0-9]*")
_SIZE = re.compile(rb"[0-9]{1,20}")
_TIMES = frozenset({b"mtime", b"atime", b"ctime"})
_COUNTS = frozenset({b"uid", b"gid"})
_UTF_8 = b"ISO-IR 10646 2000 UTF-8"
_OWN = frozenset({b"path", b"linkpath", b"size"})
_SHA256, _KNOWN_SIZE = b"FILEMANAGER.sha256", b"FILEMANAGER.size"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What extended headers say about the member after them; None: nothing."""

    path: bytes | None = None
    link: bytes | None = None
    size_bytes: int | None = None
    is_pax: bool = False
    sparse: SparseRecords | None = None
    announced: Announcement | None = None


def parse_local(data: bytes) -> Ahead:
    """The records of an ``x`` header. Raises ``ArchiveRefused``."""
    records, pieces = _records(data)
    size = records.get(b"size")
    return Ahead(
        path=_name(records.get(b"path")),
        link=_name(records.get(b"linkpath")),
        size_bytes=None if size is None else int(size),
        is_pax=True,
        sparse=parse_sparse(records, pieces),
        announced=Announcement(records.get(_SHA256), records.get(_KNOWN_SIZE)),
    )


def check_global(data: bytes) -> None:
    """Raise ``ArchiveRefused`` unless the records of a ``g`` header leave names and sizes alone."""
    records, pieces = _records(data)
    if not _OWN.isdisjoint(records) or pieces or mentions_sparse(records):
        raise ArchiveRefused(Fault.CONTRADICTION, "a global header names or sizes every member")


def long_name(data: bytes) -> bytes:
    """The text of an ``L`` or ``K`` header. Raises ``ArchiveRefused``."""
    name = data.removesuffix(b"\0")
    if not name or 0 in name:
        raise ArchiveRefused(Fault.BAD_RECORD, "a long name is empty or holds a NUL")
    return name


def _records(data: bytes) -> tuple[Mapping[bytes, bytes], list[tuple[bytes, bytes]]]:
    """The records by their keys, and those of sparse pieces, which have one key for all."""
    found: dict[bytes, bytes] = {}
    pieces: list[tuple[bytes, bytes]] = []
    at = 0
    while at < len(data):
        key, value, at = _record(data, at)
        if key in PIECE_KEYS:
            pieces.append((key, value))
            continue
        if key in found:
            raise ArchiveRefused(Fault.CONTRADICTION, "a pax header says the same thing twice")
        _check_record(key, value)
        found[key] = value
    return found, pieces


def _record(data: bytes, at: int) -> tuple[bytes, bytes, int]:
    """Key, value and where the next record begins."""
    length = _LENGTH.match(data, at)
    if not length:
        raise _bad_record()
    stop = at + int(length[1])
    key, equals, value = data[length.end() : stop - 1].partition(b"=")
    if stop > len(data) or data[stop - 1 : stop] != b"\n" or not (key and equals):
        raise _bad_record()
    return key, value, stop


def _check_record(key: bytes, value: bytes) -> None:
    if key == b"hdrcharset" and value != _UTF_8:
        raise ArchiveRefused(Fault.UNSUPPORTED, "a pax header is not in UTF-8")
    is_good = 0 not in key
    if key in _TIMES:
        is_good = _TIME.fullmatch(value) is not None
    elif key in _COUNTS:
        is_good = _COUNT.fullmatch(value) is not None
    elif key == b"size":
        is_good = _SIZE.fullmatch(value) is not None
    elif key in _OWN:
        is_good = bool(value) and 0 not in value
    if not is_good:
        raise _bad_record()


def _name(value: bytes | None) -> bytes | None:
    if value is None or value.isascii():
        return value
    try:
        value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ArchiveRefused(Fault.BAD_NAME, "a pax header is not in UTF-8") from error
    return value


def _bad_record() -> ArchiveRefused:
    return ArchiveRefused(Fault.BAD_RECORD, "a pax header cannot be read")
