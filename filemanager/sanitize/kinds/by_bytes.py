"""The kind of a file by its first kilobyte."""

import re

from filemanager.domain.trees.kinds import FileKind

HEAD_BYTES = 1024

_PREFIXES = (
    (b"\x1f\x9d", FileKind.COMPRESSED),
    (b"\x1f\x8b", FileKind.GZIPPED),
)
_LATER_PREFIXES = (
    (b"\xf7\x02", FileKind.DVI),
    (b"GIF8", FileKind.IMAGE),
    (b"\x89PNG\r\n\x1a\n", FileKind.IMAGE),
)
_LAST_PREFIXES = (
    (b"Rar!", FileKind.RAR),
    (b"\xc5\xd0\xd3\xc6", FileKind.DOS_EPS),
)
_ZIP_PREFIXES = (b"PK\x03\x04", b"PK00PK\x03\x04")
_ZIPPED = {
    ".jar": FileKind.JAR,
    **dict.fromkeys((".odt", ".ott", ".odm", ".sxw"), FileKind.ODF),
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm", ".pages"), FileKind.DOCX),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xltx", ".xltm", ".numbers"), FileKind.XLSX),
}
_TAR_MAGIC = slice(257, 262)
_MAC = re.compile(rb"#!/bin/csh -f\r#|(?:\A|\r)begin [0-9]{1,4}[ \t\r\f\v]+[^\s][^\n]*\r[^\n]")


def kind_of_bytes(head: bytes, ending: str) -> FileKind | None:
    """None where the lines must tell.

    *head* is the first kilobyte or all there is; *ending* is of the name, in lower case, with its
    full stop.
    """
    if early := _by_prefix(_PREFIXES, head):
        return early
    if head.startswith(b"BZh") and head[3:4] > b"\x2f":
        return FileKind.BZIP2
    if head[_TAR_MAGIC] == b"ustar":
        return FileKind.TAR
    if _is_image(head, ending):
        return FileKind.IMAGE
    return _by_prefix(_LATER_PREFIXES, head) or _container_or_page(head, ending)


def _by_prefix(table: tuple[tuple[bytes, FileKind], ...], head: bytes) -> FileKind | None:
    return next((kind for prefix, kind in table if head.startswith(prefix)), None)


def _is_image(head: bytes, ending: str) -> bool:
    """TIFF by name and bytes; JPEG as cameras write it too."""
    is_tiff = ending == ".tif" and head.startswith((b"MM", b"II"))
    return is_tiff or head.startswith(b"\xff\xd8\xff")


def _container_or_page(head: bytes, ending: str) -> FileKind | None:
    if head.startswith(b"\x00\x00\x01\xb3"):
        return FileKind.ANIM
    if head.startswith(_ZIP_PREFIXES):
        return _ZIPPED.get(ending, FileKind.ZIP)
    if last := _by_prefix(_LAST_PREFIXES, head):
        return last
    if b"%PDF-" in head:
        return FileKind.PDF
    return FileKind.MAC if b"\r" in head and _MAC.search(head) else None
