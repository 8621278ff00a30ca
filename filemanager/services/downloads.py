"""What a download is, whatever it holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.blobs.links import Link
from filemanager.domain.caller import Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Bytes to be sent: everything about them is known before the first is read.

    ``stream(start, stop)`` gives the bytes of that range in chunks of at most 1 MiB; ``tag`` names
    the bytes (without quotation marks) and changes with them. ``md5``, in hex, where it is known.
    ``link`` where clients that GET the bytes are sent to the store.
    """

    name: str
    size_bytes: int
    tag: str
    modified_at: datetime
    owner: Owner | None
    stream: Callable[[int, int], Iterator[bytes]]
    sha256: str | None = None
    md5: str | None = None
    link: Link | None = None
