"""Media types, guessed by libmagic from the first bytes of a file."""

import threading

import pylibmagic  # noqa: F401  # isort: skip  # must come first: finds the libmagic it brings
import magic

_LOCK = threading.Lock()


def guess(head: bytes) -> str:
    """``application/octet-stream`` for what nobody knows; libmagic sees *head* alone."""
    if not head:
        return "application/x-empty"
    # One libmagic handle must not be used by two threads at once.
    with _LOCK:
        return str(magic.from_buffer(head, mime=True))
