"""Tar headers (POSIX.1-2001 ustar and pax) as tar bytes and as deflate blocks."""

from dataclasses import dataclass
from functools import lru_cache

from filemanager.archives.out.deflate import block

BLOCK_BYTES = 512

END_BYTES = 2 * BLOCK_BYTES
"""An archive ends in this many zeros."""

ENTRY_SECONDS = 1_000_000_000
"""The time of every entry: equal stored blobs make equal archives."""

MAX_PLAIN_SIZE = 8**11 - 1
"""What eleven octal digits hold; a larger size is told by a pax record."""

_NAME_BYTES = 100
_PREFIX_BYTES = 155
_IDS = b"0000000\0" * 2
_PAX_NAME = b"././@PaxHeader"


@dataclass(frozen=True, slots=True)
class TarHeader:
    """What stands in front of a body: as it is, and deflated.

    How long ``deflated`` is follows from the name, and from whether the size is a plain one.
    """

    tar: bytes
    deflated: bytes


def directory_header(name: str) -> TarHeader:
    return _header(_fields(b"5", b"", name.encode("ascii"), 0))


def file_header(name: str, size: int) -> TarHeader:
    """The header of a file of mode 0644 that belongs to root.

    A pax header goes before it where the name is not ASCII or not short enough, or the size too
    large. The name field holds the UTF-8 even then, as much as fits: several readers know no pax.
    """
    raw = name.encode()
    split = _split(raw)
    if split and raw.isascii() and size <= MAX_PLAIN_SIZE:
        return _header(_fields(b"0", *split, size))
    records = _record(b"path", raw)
    if size > MAX_PLAIN_SIZE:
        records += _record(b"size", b"%d" % size)
    prefix, short = split or (b"", raw[:_NAME_BYTES].decode(errors="ignore").encode())
    return _header(
        [
            *_fields(b"x", b"", _PAX_NAME, len(records)),
            (records, bytes(-len(records) % BLOCK_BYTES)),
            *_fields(b"0", prefix, short, size if size <= MAX_PLAIN_SIZE else 0),
        ]
    )


def file_header_bytes(name: str, size: int) -> int:
    """How long ``file_header`` is, deflated."""
    raw = name.encode()
    split = _split(raw)
    if split and raw.isascii() and size <= MAX_PLAIN_SIZE:
        return _plain_bytes(*map(len, split))
    return len(file_header(name, size).deflated)


@lru_cache(maxsize=1024)
def _plain_bytes(prefix_bytes: int, name_bytes: int) -> int:
    """Of ASCII whatever it says: see ``block``."""
    return len(block(_fields(b"0", bytes(prefix_bytes), bytes(name_bytes), 0)))


def _split(raw: bytes) -> tuple[bytes, bytes] | None:
    """The prefix and the name field; None where the two cannot hold the name."""
    if len(raw) <= _NAME_BYTES:
        return b"", raw
    slash = raw.rfind(b"/", 0, _PREFIX_BYTES + 1)
    prefix, name = raw[:slash], raw[slash + 1 :]
    return (prefix, name) if slash > 0 and len(name) <= _NAME_BYTES else None


def _record(key: bytes, value: bytes) -> bytes:
    """``<length> <key>=<value>`` and a line feed; the length counts its own digits."""
    rest = len(key) + len(value) + 3
    length = rest + len(str(rest))
    length = rest + len(str(length))
    return b"%d %b=%b\n" % (length, key, value)


def _fields(kind: bytes, prefix: bytes, name: bytes, size: int) -> list[tuple[bytes, bytes]]:
    """The 512 bytes as pairs of what varies and what hardly does, as ``block`` wants them."""
    mode = b"0000755\0" if kind == b"5" else b"0000644\0"
    numbers = b"%011o\0%011o\0" % (size, ENTRY_SECONDS)
    before = bytes(_NAME_BYTES - len(name)) + mode + _IDS
    between = kind + bytes(_NAME_BYTES) + b"ustar\x0000" + bytes(64) + _IDS
    after = bytes(_PREFIX_BYTES + 12 - len(prefix))
    # The checksum is taken with blanks in its own place.
    checksum = sum(b"".join((name, before, numbers, b" " * 8, between, prefix)))
    return [(name, before), (numbers + b"%06o\0 " % checksum, between), (prefix, after)]


def _header(fields: list[tuple[bytes, bytes]]) -> TarHeader:
    return TarHeader(b"".join(part for pair in fields for part in pair), block(fields))
