"""Media types, guessed by libmagic from the first bytes of a file."""

import re
import threading

import pylibmagic  # noqa: F401  # isort: skip  # must come first: finds the libmagic it brings
import magic

_POSTSCRIPT = "application/postscript"
_HEADER = re.compile(rb"\x04?%!(?: ?PS|[ \t]*(?:[\r\n]|\Z))")
_COMMENTS = re.compile(rb"\A(?:%![^\n]*(?:\n|\Z))*")
_LOCK = threading.Lock()


def guess(head: bytes) -> str:
    """``application/octet-stream`` for what nobody knows; libmagic sees *head* alone."""
    if not head:
        return "application/x-empty"
    guessed = _guess(head)
    if guessed != _POSTSCRIPT or _HEADER.match(head):
        return guessed
    # libmagic goes by ``%!``, with which editors' comments begin too.
    behind = _COMMENTS.sub(b"", head, count=1)
    return _guess(behind) if behind else "text/plain"


def _guess(head: bytes) -> str:
    # One libmagic handle must not be used by two threads at once.
    with _LOCK:
        return str(magic.from_buffer(head, mime=True))
