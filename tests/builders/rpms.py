"""Packages of rpm made in code, in the formats 3, 4 and 6, right or wrong in one place."""

import gzip
import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from filemanager.archives.packages.tags import SignatureTag, Tag

LEAD = struct.pack(">4sBBHH66sHH16x", b"\xed\xab\xee\xdb", 3, 0, 0, 1, b"tiny-1.0-1", 1, 5)
_MAGIC = b"\x8e\xad\xe8\x01\0\0\0\0"

_SHA1, _SHA256, _MD5 = 269, 273, 1004
_SIGNATURES_REGION, _IMMUTABLE = 62, 63
_WIDTHS = {3: 2, 4: 4, 5: 8}


@dataclass(frozen=True)
class Cell:
    """A value of a header."""

    kind: int
    count: int
    data: bytes


def string(text: str | bytes) -> Cell:
    return Cell(6, 1, _ended(text))


def strings(*texts: str | bytes) -> Cell:
    return Cell(8, len(texts), b"".join(map(_ended, texts)))


def translated(*texts: str) -> Cell:
    return Cell(9, len(texts), b"".join(map(_ended, texts)))


def int16(*numbers: int) -> Cell:
    return Cell(3, len(numbers), struct.pack(f">{len(numbers)}H", *numbers))


def int32(*numbers: int) -> Cell:
    return Cell(4, len(numbers), struct.pack(f">{len(numbers)}I", *numbers))


def int64(*numbers: int) -> Cell:
    return Cell(5, len(numbers), struct.pack(f">{len(numbers)}Q", *numbers))


def binary(data: bytes) -> Cell:
    return Cell(7, len(data), data)


def _ended(text: str | bytes) -> bytes:
    return (text.encode() if isinstance(text, str) else text) + b"\0"


Cells = Mapping[int, Cell]
Entries = Sequence[tuple[int, int, int, int]]
"""Of an index: tag, type, offset, count."""


def raw_header(entries: Entries, store: bytes) -> bytes:
    index = b"".join(struct.pack(">IIII", *entry) for entry in entries)
    return _MAGIC + struct.pack(">II", len(entries), len(store)) + index + store


def a_header(cells: Cells, region: int | None = _IMMUTABLE) -> bytes:
    """In the order of the tags, as rpm has it; *region* is the tag of its frame, or None."""
    entries, store = [], bytearray()
    for tag, cell in sorted(cells.items()):
        store += bytes(-len(store) % _WIDTHS.get(cell.kind, 1))
        entries.append((tag, cell.kind, len(store), cell.count))
        store += cell.data
    if region is not None:
        entries.insert(0, (region, 7, len(store), 16))
        store += struct.pack(">IIiI", region, 7, -16 * len(entries), 16)
    return raw_header(entries, bytes(store))


def files_of(*files: tuple[str, int, int]) -> dict[int, Cell]:
    """The tables of files: path, mode and flags of each."""
    directories = list(dict.fromkeys(path.rpartition("/")[0] + "/" for path, _, _ in files))
    return {
        Tag.BASE_NAMES: strings(*(path.rpartition("/")[2] for path, _, _ in files)),
        Tag.DIRECTORY_NAMES: strings(*directories),
        Tag.DIRECTORY_INDEXES: int32(
            *(directories.index(path.rpartition("/")[0] + "/") for path, _, _ in files)
        ),
        Tag.FILE_MODES: int16(*(mode for _, mode, _ in files)),
        Tag.FILE_FLAGS: int32(*(flags for _, _, flags in files)),
    }


Kind = tuple[Tag, Tag, Tag]
"""The tags of the names, flags and versions of dependencies."""

PROVIDES: Kind = (Tag.PROVIDE_NAME, Tag.PROVIDE_FLAGS, Tag.PROVIDE_VERSION)
REQUIRES: Kind = (Tag.REQUIRE_NAME, Tag.REQUIRE_FLAGS, Tag.REQUIRE_VERSION)
CONFLICTS: Kind = (Tag.CONFLICT_NAME, Tag.CONFLICT_FLAGS, Tag.CONFLICT_VERSION)
OBSOLETES: Kind = (Tag.OBSOLETE_NAME, Tag.OBSOLETE_FLAGS, Tag.OBSOLETE_VERSION)
RECOMMENDS: Kind = (Tag.RECOMMEND_NAME, Tag.RECOMMEND_FLAGS, Tag.RECOMMEND_VERSION)
SUGGESTS: Kind = (Tag.SUGGEST_NAME, Tag.SUGGEST_FLAGS, Tag.SUGGEST_VERSION)
SUPPLEMENTS: Kind = (Tag.SUPPLEMENT_NAME, Tag.SUPPLEMENT_FLAGS, Tag.SUPPLEMENT_VERSION)
ENHANCES: Kind = (Tag.ENHANCE_NAME, Tag.ENHANCE_FLAGS, Tag.ENHANCE_VERSION)
OLD_SUGGESTS: Kind = (Tag.OLD_SUGGEST_NAME, Tag.OLD_SUGGEST_FLAGS, Tag.OLD_SUGGEST_VERSION)
OLD_ENHANCES: Kind = (Tag.OLD_ENHANCE_NAME, Tag.OLD_ENHANCE_FLAGS, Tag.OLD_ENHANCE_VERSION)


STRONG = 1 << 27
"""In the flags of older weak dependencies."""

LIBC = [
    "libc.so.6",
    "libc.so.6(GLIBC",
    "libc.so.6()(64bit)",
    "libc.so.6(GLIBC_PRIVATE)(64bit)",
    "libc.so.6(GLIBC_2.3.4)(64bit)",
    "libc.so.6(GLIBC_2.4)(64bit)",
    "libc.so.6(GLIBC_2.14)(64bit)",
]
"""Requirements, each lower than the one after it."""


def stated(kind: Kind, *said: tuple[str, int, str]) -> dict[int, Cell]:
    """Dependencies: name, flags and version of each."""
    names, flags, versions = kind
    return {
        names: strings(*(name for name, _, _ in said)),
        flags: int32(*(flag for _, flag, _ in said)),
        versions: strings(*(version for _, _, version in said)),
    }


def log(*changes: tuple[int, str, str]) -> dict[int, Cell]:
    """A changelog, the newest first: time, author and text of each."""
    return {
        Tag.CHANGELOG_TIME: int32(*(at for at, _, _ in changes)),
        Tag.CHANGELOG_NAME: strings(*(author for _, author, _ in changes)),
        Tag.CHANGELOG_TEXT: strings(*(text for _, _, text in changes)),
    }


def tags_of(
    name: str = "tiny", version: str = "1.0", release: str = "1", arch: str = "x86_64"
) -> dict[int, Cell]:
    return {
        Tag.NAME: string(name),
        Tag.VERSION: string(version),
        Tag.RELEASE: string(release),
        Tag.SUMMARY: translated("A tiny package"),
        Tag.DESCRIPTION: translated("It does nothing.\nIt does it well."),
        Tag.BUILD_TIME: int32(1_700_000_000),
        Tag.BUILD_HOST: string("builder.example.org"),
        Tag.SIZE: int32(42),
        Tag.VENDOR: string("Example"),
        Tag.LICENSE: string("MIT"),
        Tag.PACKAGER: string("Ann Other <ann@example.org>"),
        Tag.GROUP: translated("Unspecified"),
        Tag.URL: string("https://example.org/tiny"),
        1021: string("linux"),
        Tag.ARCH: string(arch),
        Tag.SOURCE_RPM: string(f"{name}-{version}-{release}.src.rpm"),
        Tag.PROVIDE_NAME: strings(name, f"{name}({arch})"),
        Tag.PROVIDE_FLAGS: int32(8, 8),
        Tag.PROVIDE_VERSION: strings(f"{version}-{release}", f"{version}-{release}"),
        1124: string("cpio"),
        1125: string("gzip"),
        **files_of(("/usr/bin/tiny", 0o100755, 0), ("/usr/share/tiny", 0o040755, 0)),
    }


PAYLOAD = gzip.compress(b"a payload that nobody reads", mtime=0)


def wrapped(main: bytes, signature: Cells, region: int | None = _SIGNATURES_REGION) -> bytes:
    """A package around a main header: a lead, the signature header and a payload."""
    padding = bytes(-len(header := a_header(signature, region)) % 8)
    return LEAD + header + padding + main + PAYLOAD


def an_rpm(cells: Cells | None = None, signature: Cells | None = None) -> bytes:
    """In the format 4, with right digests; *cells* are ``tags_of()``, *signature* is added."""
    main = a_header(tags_of() if cells is None else cells)
    own = {
        _SHA1: string(_digest("sha1", main)),
        _SHA256: string(_digest("sha256", main)),
        SignatureTag.SIZE: int32(len(main) + len(PAYLOAD)),
        _MD5: binary(bytes.fromhex(_digest("md5", main + PAYLOAD))),
        SignatureTag.PAYLOAD_SIZE: int32(1234),
    }
    return wrapped(main, {**own, **(signature or {})})


def an_old_rpm(cells: Cells | None = None) -> bytes:
    """In the format 3: without regions, and with whole paths."""
    old: dict[int, Cell] = {
        tag: cell
        for tag, cell in (tags_of() if cells is None else cells).items()
        if tag not in (Tag.BASE_NAMES, Tag.DIRECTORY_NAMES, Tag.DIRECTORY_INDEXES)
    }
    paths: dict[int, Cell] = {Tag.OLD_FILE_NAMES: strings("/usr/bin/tiny", "/usr/share/tiny")}
    main = a_header({**old, **paths}, region=None)
    signature = {
        SignatureTag.SIZE: int32(len(main) + len(PAYLOAD)),
        _MD5: binary(bytes.fromhex(_digest("md5", main + PAYLOAD))),
    }
    return wrapped(main, signature, region=None)


def a_new_rpm() -> bytes:
    """In the format 6: no sizes in front, and a tag that says so."""
    main = a_header({**tags_of(), Tag.FORMAT: int32(6), 5062: string("utf-8")})
    signature = {_SHA256: string(_digest("sha256", main)), 999: binary(bytes(32))}
    data = wrapped(main, signature)
    return data[:4] + b"\4" + data[5:]


def _digest(algorithm: str, data: bytes) -> str:
    return hashlib.new(algorithm, data).hexdigest()
