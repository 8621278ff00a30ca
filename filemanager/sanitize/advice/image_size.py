"""Width and height of PNG, JPEG and GIF pictures, from their headers alone."""

import struct

MAX_PIXELS = 34_000_000
"""A page of A4 at 600 dpi; arXiv warns of larger ones when TeX has to convert them."""

_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_GIF = (b"GIF87a", b"GIF89a")
_JPEG = b"\xff\xd8\xff"
_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})
"""Tables and reserved markers among those of frames."""

_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers that no length follows."""


def image_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None for what is no such picture, or shows neither in *head*."""
    if head.startswith(_PNG) and len(head) >= len(_PNG) + 8:
        width, height = struct.unpack_from(">II", head, len(_PNG))
        return width, height
    if head.startswith(_GIF) and len(head) >= len(_GIF[0]) + 4:
        width, height = struct.unpack_from("<HH", head, len(_GIF[0]))
        return width, height
    return _jpeg_size(head) if head.startswith(_JPEG) else None


def is_too_large(size: tuple[int, int]) -> bool:
    return size[0] * size[1] > MAX_PIXELS


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    """From the first frame header. Each step goes forward, so that a lie about lengths ends too."""
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:  # noqa: PLR2004  # the byte before a marker
        marker = head[at + 1]
        if marker == 0xFF:  # noqa: PLR2004  # a fill byte
            at += 1
        elif marker in _ALONE:
            at += 2
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:  # noqa: PLR2004  # frames
            height, width = struct.unpack_from(">HH", head, at + 5)
            return width, height
        else:
            at += 2 + max(2, int.from_bytes(head[at + 2 : at + 4], "big"))
    return None
