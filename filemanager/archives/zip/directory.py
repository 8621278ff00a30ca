"""The central directory of a zip, header by header."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from filemanager.archives.faults import Fault
from filemanager.archives.names import Place, judge, leaves
from filemanager.archives.zip.extra import parse_extra, unicode_path, widened
from filemanager.domain.intake.unpacking import ArchiveRefused, MemberRefusal
from filemanager.domain.workspaces.log import escaped

STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14
HAS_DESCRIPTOR = 0x0008

_HEADER = struct.Struct("<4s6H3L5H2L")
_SIGNATURE = b"PK\x01\x02"
_NEWEST_VERSION = 63
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_UTF_8 = 0x0800
_KNOWN_FLAGS = 0x0002 | 0x0004 | HAS_DESCRIPTOR | _UTF_8
_METHODS = frozenset({STORED, DEFLATED, BZIP2, LZMA})
_METHOD_NAMES = {
    1: "shrink",
    6: "implode",
    9: "deflate64",
    93: "zstd",
    95: "xz",
    97: "WavPack",
    98: "PPMd",
    99: "AES",
}

_WINDOWS_HOSTS = frozenset({0, 10, 14})
"""FAT, NTFS and VFAT."""

_FILE_TYPE = 0o170000
_REFUSED_TYPES = {
    0o120000: MemberRefusal.SYMBOLIC_LINK,
    0o020000: MemberRefusal.CHARACTER_DEVICE,
    0o060000: MemberRefusal.BLOCK_DEVICE,
    0o010000: MemberRefusal.FIFO,
    0o140000: MemberRefusal.OTHER_TYPE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CentralHeader:
    """A member as the central directory has it. ``name`` is decoded, ``raw_name`` as it stands.

    ``is_of_windows``: made on FAT or NTFS, where a name in ASCII or UTF-8 is split by backslashes.
    """

    raw_name: bytes
    name: str
    has_unicode_path: bool
    is_of_windows: bool
    flags: int
    method: int
    crc32: int
    packed_bytes: int
    size_bytes: int
    offset: int
    refusal: MemberRefusal | None

    @property
    def is_directory(self) -> bool:
        return self.name.endswith(("/", "\\") if self.is_of_windows else "/")

    @property
    def place(self) -> Place | MemberRefusal:
        return self.refusal or judge(self.name, is_split_by_backslashes=self.is_of_windows)


def parse_directory(data: bytes) -> Iterator[CentralHeader]:
    """Raises ``ArchiveRefused``; everything in *data* is a header."""
    at = 0
    while at < len(data):
        if len(data) - at < _HEADER.size or not data.startswith(_SIGNATURE, at):
            raise ArchiveRefused(Fault.BAD_RECORD, "its central directory cannot be read")
        fields = _HEADER.unpack_from(data, at)
        name_bytes, extra_bytes, comment_bytes = fields[10:13]
        name_at = at + _HEADER.size
        extra_at = name_at + name_bytes
        at = extra_at + extra_bytes + comment_bytes
        if at > len(data):
            raise ArchiveRefused(Fault.BAD_RECORD, "its central directory is cut off")
        extra = parse_extra(data[extra_at : extra_at + extra_bytes])
        yield _header(fields, data[name_at:extra_at], extra)


def _header(fields: tuple[int, ...], raw_name: bytes, extra: Mapping[int, bytes]) -> CentralHeader:
    flags, method, packed_bytes, size_bytes = fields[3], fields[4], fields[8], fields[9]
    disk, attributes, offset = fields[13], fields[15], fields[16]
    size_bytes, packed_bytes, offset = widened((size_bytes, packed_bytes, offset), extra)
    text = unicode_path(raw_name, extra)
    utf_8 = _utf_8(raw_name, flags) if text is None else text
    header = CentralHeader(
        raw_name=raw_name,
        name=raw_name.decode("cp437") if utf_8 is None else utf_8,
        has_unicode_path=text is not None,
        # In other code pages a backslash may be the second half of a letter.
        is_of_windows=fields[1] >> 8 in _WINDOWS_HOSTS and utf_8 is not None,
        flags=flags,
        method=method,
        crc32=fields[7],
        packed_bytes=packed_bytes,
        size_bytes=size_bytes,
        offset=offset,
        refusal=_REFUSED_TYPES.get(attributes >> 16 & _FILE_TYPE),
    )
    if fields[2] & 0xFF > _NEWEST_VERSION:
        raise ArchiveRefused(Fault.UNSUPPORTED, "a member needs a newer version of the format")
    if disk:
        raise ArchiveRefused(Fault.SPLIT, "it is one part of several")
    _check_name(header)
    _check_method(header)
    return header


def _utf_8(raw_name: bytes, flags: int) -> str | None:
    """Also without the flag, which many programs forget; None: it must be code page 437."""
    try:
        return raw_name.decode("utf-8")
    except UnicodeDecodeError as error:
        if flags & _UTF_8:
            raise ArchiveRefused(Fault.BAD_NAME, "a name is not in UTF-8") from error
    return None


def _check_name(header: CentralHeader) -> None:
    if not header.raw_name or "\0" in header.name:
        raise ArchiveRefused(Fault.BAD_NAME, "a name is empty or holds a NUL")
    # A reader that does not know the Unicode name must not be led out of the archive.
    raw_name = header.raw_name.decode("utf-8", "replace")
    if header.has_unicode_path and leaves(raw_name) != leaves(header.name):
        raise ArchiveRefused(Fault.CONTRADICTION, "a member has two names, one leaves the archive")


def _check_method(header: CentralHeader) -> None:
    name = escaped(header.name)
    if header.flags & _ENCRYPTED:
        raise ArchiveRefused(Fault.ENCRYPTED, f"'{name}' is encrypted")
    if header.flags & ~_KNOWN_FLAGS:
        raise ArchiveRefused(Fault.UNSUPPORTED, f"'{name}' has flags of no known meaning")
    if header.method not in _METHODS:
        method = _METHOD_NAMES.get(header.method, f"method {header.method}")
        raise ArchiveRefused(Fault.UNSUPPORTED, f"'{name}' is compressed by {method}")
    if header.method == STORED and header.packed_bytes != header.size_bytes:
        raise ArchiveRefused(Fault.BAD_SIZE, f"'{name}' has two sizes")
    if header.is_directory and header.size_bytes:
        raise ArchiveRefused(Fault.DISPUTED_TYPE, f"'{name}' is a directory and has data")
