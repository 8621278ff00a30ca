"""What stands around deflate blocks to make them a gzip member (RFC 1952)."""

GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""No name, no time, unknown system."""

GZIP_FRAME_BYTES = 10
"""As long as the header is what follows the body of a stored gzip slice: end block, crc, size."""

END = b"\x03\0"
"""An empty block that is marked as the last."""


def gzip_end(crc: int, size: int) -> bytes:
    """What closes a gzip member of *size* bytes: the end block, the crc32, the size."""
    return END + crc.to_bytes(4, "little") + (size % (1 << 32)).to_bytes(4, "little")
