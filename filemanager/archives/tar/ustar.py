"""One tar header block, judged by itself.

===============================  =====================================================
POSIX magic, version ``00``,     read; the prefix field belongs to the name
two NULs (Ant, php-archive),
blank and NUL (SharpZipLib) or
two blanks
GNU magic, or none (before       read; there is no prefix, and nothing where it would be
POSIX)
any other magic or version       refused (``unsupported``)
two times behind the prefix      read as such (npm ``tar``, star), and star's mark
signed checksums                 refused (``bad_checksum``)
bytes behind a name's end        refused (``hidden_data``)
blank size                       refused (``bad_number``)
a prefix ``.`` that is not used  refused (``bad_name``): readers give it different names;
                                 read where a long name says it all (Perl)
===============================  =====================================================
"""

import re
import zlib
from dataclasses import dataclass

from filemanager.archives.faults import Fault
from filemanager.domain.intake.unpacking import ArchiveRefused

BLOCK_BYTES = 512
MAGIC = b"ustar"
OLD_GNU_SPARSE = b"S"

_POSIX = frozenset(b"ustar\0" + version for version in (b"00", b"\0\0", b" \0", b"  "))
_WITHOUT_PREFIX = frozenset({b"ustar  \0", b"ustar   ", bytes(8)})
_MAGIC = slice(257, 265)
_NAME_BYTES = 100
_PREFIX = slice(345, 500)
_CHECKSUM = slice(148, 156)
_BLANK = bytes(BLOCK_BYTES)

_USUAL_OWNER = re.compile(rb"(?:[0-7]{7}[ \0]){3}")
_USUAL_TIME = re.compile(rb"[0-7]{11}[ \0]")
_USUAL_DEVICE = re.compile(rb"(?:[0-7]{7}[ \0]){2}|\0{16}")
_TIMES_AND_MARK = re.compile(
    rb"\0(?:[0-7]{11}[ \0]|[\x80\xff].{11}|\0{12}){2}\0{8}(?:tar\0|\0{4})", re.DOTALL
)
"""Where the prefix has 130 bytes: when the file was read and changed, and the mark of star."""
_ANY_NUMBER = re.compile(rb" *[0-7]*[ \0]*")
_UNUSED_NUMBERS = ((100, 108), (108, 116), (116, 124), (136, 148), (329, 337), (337, 345))
_BASE_256 = 0x80
_NEGATIVE = 0xFF


@dataclass(frozen=True, slots=True)
class Header:
    """What a block says; extended headers before it may say otherwise.

    ``name`` is None where there is a prefix and no name to go with it.
    """

    name: bytes | None
    size_bytes: int
    type: bytes
    block: bytes

    @property
    def link(self) -> bytes:
        return text(self.block[157:257])


def begins_a_tar(head: bytes) -> bool:
    """Whether *head* starts with a block that carries its own right checksum."""
    try:
        return len(head) >= BLOCK_BYTES and _has_right_checksum(head[:BLOCK_BYTES])
    except ArchiveRefused:
        return False


def parse_header(block: bytes) -> Header:
    """Raises ``ArchiveRefused``; *block* has 512 bytes."""
    if not _has_right_checksum(block):
        raise ArchiveRefused(Fault.BAD_CHECKSUM, "a header has a wrong checksum")
    _check_numbers(block)
    kind = block[156:157]
    return Header(
        name=_name_of(block, kind),
        size_bytes=number(block[124:136]),
        type=kind,
        block=block,
    )


def number(field: bytes) -> int:
    """Octal digits between blanks, or GNU's base-256; not negative. Raises ``ArchiveRefused``."""
    digits = field.rstrip(b" \0").lstrip(b" ")
    try:
        if digits.isdigit():
            return int(digits, 8)
    except ValueError:
        pass
    if field[0] == _BASE_256:
        return int.from_bytes(field[1:], "big")
    raise ArchiveRefused(Fault.BAD_NUMBER, "a header holds a number that cannot be read")


def text(field: bytes) -> bytes:
    """A field up to its padding. Raises ``ArchiveRefused`` for bytes behind a NUL."""
    found = field.rstrip(b"\0")
    if 0 in found:
        raise ArchiveRefused(Fault.HIDDEN_DATA, "a header holds bytes behind the end of a name")
    return found


def _has_right_checksum(block: bytes) -> bool:
    # Adler-32 keeps 1 + the sum of the bytes modulo 65,521 in its low half: exact for 256 bytes.
    total = (zlib.adler32(block[:256]) & 0xFFFF) + (zlib.adler32(block[256:]) & 0xFFFF) - 2
    stored = block[_CHECKSUM]
    return total - sum(stored) + len(stored) * ord(" ") == number(stored)


def _check_numbers(block: bytes) -> None:
    """Mode, owner and time are not used, but two readers must not disagree about a header."""
    if (
        _USUAL_OWNER.fullmatch(block, 100, 124)
        and _USUAL_TIME.fullmatch(block, 136, 148)
        and _USUAL_DEVICE.fullmatch(block, 329, 345)
    ):
        return
    for start, stop in _UNUSED_NUMBERS:
        is_binary = block[start] in (_BASE_256, _NEGATIVE)
        if not is_binary and not _ANY_NUMBER.fullmatch(block, start, stop):
            raise ArchiveRefused(Fault.BAD_NUMBER, "a header holds a number that cannot be read")


def _name_of(block: bytes, kind: bytes) -> bytes | None:
    name = text(block[:_NAME_BYTES])
    magic = block[_MAGIC]
    if magic in _POSIX:
        return _prefixed(_prefix_of(block), name)
    if magic not in _WITHOUT_PREFIX:
        raise ArchiveRefused(Fault.UNSUPPORTED, "a header is of no known kind of tar")
    if kind != OLD_GNU_SPARSE and block[345:] != _BLANK[345:]:
        raise ArchiveRefused(Fault.HIDDEN_DATA, "a header holds a prefix that only POSIX has")
    return name


def _prefix_of(block: bytes) -> bytes:
    if _TIMES_AND_MARK.fullmatch(block, 475):
        return text(block[345:475])
    if block[500:] != _BLANK[500:]:
        raise ArchiveRefused(Fault.HIDDEN_DATA, "a header holds bytes behind its last field")
    return text(block[_PREFIX])


def _prefixed(prefix: bytes, name: bytes) -> bytes | None:
    if not prefix:
        return name
    whole = prefix + b"/" + name
    # A name that fills its field is why a prefix was needed.
    return None if not name or (prefix == b"." and len(whole) < _NAME_BYTES) else whole
