"""JavaScript in PDF files, as far as the raw bytes show it: compressed objects are not opened."""

import re
from collections.abc import Iterable

OVERLAP_BYTES = 128
"""No match is longer, so that none is lost between two chunks."""


def _name(word: str) -> bytes:
    """A pattern for a PDF name, each character of which may be written ``#xx``."""
    parts = [f"(?:{letter}|(?i:#{ord(letter):02x}))" for letter in word]
    return f"/{''.join(parts)}".encode()


_BLANK = rb"[\0\t\n\f\r ]"
# A short name alone may stand in compressed bytes by chance, so that a value must follow it.
_SCRIPT = re.compile(
    _name("JavaScript") + rb"(?=[\0\t\n\f\r ()<>\[\]{}/%])"
    rb"|" + _name("JS") + _BLANK + rb"{0,16}+(?:[(<]|[0-9]{1,10}" + _BLANK + rb"{1,16}"
    rb"[0-9]{1,5}" + _BLANK + rb"{1,16}R)"
)


def is_pdf(head: bytes) -> bool:
    """Readers look for the header among the first 1,024 bytes."""
    return b"%PDF-" in head[:1024]


def has_script(chunks: Iterable[bytes]) -> bool:
    """Whether a script is named anywhere; one chunk at a time is held."""
    carried = b""
    for chunk in chunks:
        data = carried + chunk
        if _SCRIPT.search(data):
            return True
        carried = data[-OVERLAP_BYTES:]
    return False
