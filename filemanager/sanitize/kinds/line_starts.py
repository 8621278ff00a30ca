"""Where a TeX line starts: at a line feed or a carriage return, white space not counting."""

import re
from collections.abc import Iterator

COMMENT = re.compile(rb"%[^\r\n]*")
"""Up to, not including, the next carriage return or the end of the line."""

_LINE_BREAKS = b"\r\n"
_BLANKS = b" \t\v\f"


def starts_line(text: bytes, at: int) -> bool:
    """Whether only white space stands between a line's start and *at*.

    Looks back from *at* and not forward from each line start: a run of blanks is then read once
    for the one token behind it, so that the whole stays linear.
    """
    while at:
        at -= 1
        if text[at] in _LINE_BREAKS:
            return True
        if text[at] not in _BLANKS:
            return False
    return True


def at_start(pattern: re.Pattern[bytes], text: bytes) -> bool:
    return any(starts_line(text, found.start()) for found in pattern.finditer(text))


def without_comments(text: bytes) -> bytes:
    return COMMENT.sub(b"", text) if b"%" in text else text


def lines_of(text: bytes) -> Iterator[bytes]:
    r"""Lines with their ``\n``; a lone ``\r`` ends none."""
    start = 0
    while start < len(text):
        end = text.find(b"\n", start) + 1 or len(text)
        yield text[start:end]
        start = end
