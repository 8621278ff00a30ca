"""Lines with their length in front (gitprotocol-common, "pkt-line Format")."""

import re
from collections.abc import Iterator

MAX_LINE_BYTES = 65520
FLUSH = b"0000"

_HEAD_BYTES = 4
_LENGTH = re.compile(rb"[0-9a-fA-F]{4}")


class BrokenLine(ValueError):
    """What was sent is no row of lines."""


def line(content: bytes) -> bytes:
    return b"%04x" % (_HEAD_BYTES + len(content)) + content


def lines_of(body: bytes) -> Iterator[bytes | None]:
    """Each line without its length and closing line feed; None: a flush. Raises ``BrokenLine``."""
    position = 0
    while position < len(body):
        head = body[position : position + _HEAD_BYTES]
        if not _LENGTH.fullmatch(head):
            raise BrokenLine
        length = int(head, 16)
        if length == 0:
            yield None
            position += _HEAD_BYTES
            continue
        end = position + length
        # Lengths of 1 to 3 mean something in protocol v2 alone, and none of 4 is ever sent.
        if not _HEAD_BYTES < length <= MAX_LINE_BYTES or end > len(body):
            raise BrokenLine
        yield body[position + _HEAD_BYTES : end].removesuffix(b"\n")
        position = end
