"""Sizes of pictures from their headers, also from headers that lie."""

import struct

import pytest

from filemanager.sanitize.advice.image_size import MAX_PIXELS, image_size, is_too_large

JPEG = b"\xff\xd8"


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def frame(marker: int, width: int, height: int) -> bytes:
    return segment(marker, b"\x08" + struct.pack(">HH", height, width) + b"\x03")


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (png(7000, 5000), (7000, 5000)),
        (b"GIF89a" + struct.pack("<HH", 300, 200), (300, 200)),
        (b"GIF87a" + struct.pack("<HH", 1, 2), (1, 2)),
        (JPEG + frame(0xC0, 640, 480), (640, 480)),
        (JPEG + segment(0xE1, b"Exif" * 9) + segment(0xC4, b"t" * 9) + frame(0xC2, 6, 4), (6, 4)),
        (JPEG + b"\xff\xff\xff" + frame(0xC1, 5, 3)[1:], (5, 3)),
        (JPEG + b"\xff\x01" + frame(0xC0, 5, 3), (5, 3)),
    ],
)
def test_the_size_is_read(head: bytes, size: tuple[int, int]) -> None:
    assert image_size(head) == size


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"text",
        png(1, 1)[:20],
        b"GIF89a\0",
        JPEG + frame(0xC0, 640, 480)[:6],
        JPEG + b"\xff\xe0\xff\xff" + bytes(9),
        JPEG + b"\xff\xe0\0\0" + bytes(99),
        JPEG + segment(0xE0, b"x" * 9) + bytes(99),
    ],
)
def test_broken_headers_tell_nothing(head: bytes) -> None:
    assert image_size(head) is None


def test_34_megapixels_are_not_too_large_and_one_more_is() -> None:
    assert not is_too_large((MAX_PIXELS // 2, 2))
    assert is_too_large((MAX_PIXELS + 1, 1))
