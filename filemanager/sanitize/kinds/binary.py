"""What is no text, whatever words are in it: nothing of that is ever rewritten.

A NUL byte anywhere, a mark of UTF-16 or UTF-32, the first bytes of a known format, or more control
characters than any text has.
"""

import re

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.scratch import Scratch
from filemanager.sanitize.pieces import chunks

HEAD_BYTES = 64
"""As much as ``is_known_format`` looks at."""

_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
"""UTF-16, and with it UTF-32, in both orders."""

UNREAD_ARCHIVES = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x04\x22\x4d\x18": "lz4",
    b"\x02\x21\x4c\x18": "lz4",
    b"LZIP": "lzip",
    b"\x89LZO": "lzop",
    b"LRZI": "lrzip",
    b"\x5d\0\0": "lzma",
    b"MSCF": "Cabinet",
    b"xar!": "xar",
    b"SIT!": "StuffIt",
    b"StuffIt": "StuffIt",
    b"\x60\xea": "ARJ",
    b"070701": "cpio",
    b"070702": "cpio",
    b"070707": "cpio",
    b"\xc7\x71": "cpio",
}
"""What people call the archives that nothing here takes apart, by their first bytes."""

_ARCHIVES = (
    *(*UNREAD_ARCHIVES, b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"\x1f\x8b", b"\x1f\x9d"),
    *(b"\x1f\xa0", b"\x1f\x1e", b"\xff\x06\x00\x00sNaPpY", b"PK\x03\x04", b"PK\x05\x06"),
    *(b"PK\x07\x08", b"Rar!", b"!<arch>\n", b"\x71\xc7", b"\xed\xab\xee\xdb"),
)
_PROGRAMS = (
    *(b"\x7fELF", b"\xca\xfe\xba\xbe", b"\0asm", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe"),
    *(b"\xcf\xfa\xed\xfe", b"\x1bLua", b"dex\n", b"BC\xc0\xde"),
)
_DATA = (
    *(b"SQLite format 3", b"\x89HDF", b"\x0e\x03\x13\x01", b"\x93NUMPY", b"PAR1", b"ARROW1"),
    *(b"FEA1", b"Obj\x01", b"CDF\x01", b"CDF\x02", b"CDF\x05", b"RDX2\n", b"RDX3\n", b"RDB2\n"),
    *(b"RDB3\n", b"MATLAB 5.0 MAT-file", b"SIMPLE  =", b"$FL2", b"$FL3", b"\xd0\xcf\x11\xe0"),
    *(b"NRRD000", b"ply\nformat binary", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"),
)
_PICTURES = (
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"8BPS", b"gimp xcf"),
    *(b"AT&TFORM", b"\xff\x4f\xff\x51", b"\x76\x2f\x31\x01", b"\x8aMNG", b"\xc5\xd0\xd3\xc6"),
    *(b"RIFF", b"RIFX", b"OggS", b"fLaC", b"MThd", b"ID3\x02", b"ID3\x03", b"ID3\x04", b"FLV\x01"),
    *(b"\x1a\x45\xdf\xa3", b"\x30\x26\xb2\x75", b"\x00\x00\x01\xb3", b"\x00\x00\x01\xba"),
)
_PAGES = (
    *(b"%PDF-", b"\xf7\x02", b"\xf7\x05", b"\xf7\x06", b"\xf7\x07", b"\xf7\x59", b"\xf7\x83"),
    *(b"\xf7\xca", b"OTTO", b"wOFF", b"wOF2", b"ttcf", b"\0\1\0\0"),
)
_FORMATS = (*_WIDE_MARKS, *_ARCHIVES, *_PROGRAMS, *_DATA, *_PICTURES, *_PAGES)
_FURTHER_IN = re.compile(
    rb"BZh[1-9]1AY&SY|P[4-7]\s+(?:#|\d|WIDTH)|P[fF]\n\d|.{4}ftyp|FORM.{4}(?:AIF|ILBM)|.{2}-l[hz].-"
    rb"|.{7}\*\*ACE|\xff[\xe2-\xfb]",
    re.DOTALL,
)
"""What a few bytes in front do not tell, or tell with others."""

_WRITTEN = bytes({*range(0x20, 0x7F), *range(0x80, 0x100), *b"\t\n\v\f\r\x1b"})
_CONTROLS = tuple({*range(0x100)} - {*_WRITTEN})
_ASCII = bytes([*range(0x20, 0x7F), *b"\t\n\r\f"])
_ENOUGH = 4
_FEW = 16
_ONE_IN = 50
"""Of fifty bytes of a text no more than one is a control character that writes nothing."""


def wide_encoding(head: bytes) -> str | None:
    """``UTF-16`` or ``UTF-32``, by the mark, or by the NULs beside letters of ASCII."""
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    if head.startswith(_WIDE_MARKS):
        return "UTF-16"
    pairs = head[: len(head) & ~1]
    for letters, nuls in ((pairs[::2], pairs[1::2]), (pairs[1::2], pairs[::2])):
        if (
            len(letters) >= _ENOUGH
            and not nuls.strip(b"\0")
            and not letters.translate(None, _ASCII)
        ):
            return "UTF-16"
    return None


def is_known_format(head: bytes) -> bool:
    """Whether the first ``HEAD_BYTES`` are those of a format that is no text."""
    return head.startswith(_FORMATS) or _FURTHER_IN.match(head) is not None


def is_text(content: Content, _scratch: Scratch) -> bool:
    """Whether the bytes may be looked at, and repaired, as lines; reads them all."""
    return not is_known_format(content.head(HEAD_BYTES)) and is_written(content)


def is_written(content: Content) -> bool:
    """``is_text`` of what begins as no known format does."""
    for number, chunk in enumerate(chunks(content)):
        if b"\0" in chunk or (not number and _is_noise(chunk)):
            return False
    return True


def _is_noise(chunk: bytes) -> bool:
    # Most texts have none: each is looked for in less time than it takes to look at each byte.
    if not any(control in chunk for control in _CONTROLS):
        return False
    controls = len(chunk.translate(None, _WRITTEN))
    return controls > max(_FEW, len(chunk) // _ONE_IN)
