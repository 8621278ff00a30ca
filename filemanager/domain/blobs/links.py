"""The port of links, by which clients read the bytes of a blob in the store itself."""

from collections.abc import Callable
from typing import Protocol

from filemanager.domain.blobs.blob import StoredBlob

Link = Callable[[str, str], str]
"""From the media type and the content disposition that the store is to tell with the bytes, to a
URL that gives them to whoever has it, by GET and for some minutes. Nothing is asked over the
network; the URL is a secret as a password is.
"""


class BlobLinks(Protocol):
    def link(self, blob: StoredBlob) -> Link | None:
        """None: the store has no object of exactly the blob's bytes."""
