"""The port of the scratch space, where the bytes of a running upload lie."""

from contextlib import AbstractContextManager
from typing import Protocol

from filemanager.domain.blobs.blob import Content

MD5_BYTES = 16 << 20
"""Beyond this size the MD5 waits until somebody asks for it."""


class ScratchWriter(Protocol):
    """Takes bytes; hashes them on the way."""

    def write(self, data: bytes | memoryview) -> int: ...

    def finish(self) -> Content:
        """What was written so far as a content; the writer is done."""


class Scratch(Protocol):
    """The private working space of one upload: gone, with every content in it, when closed.

    Contents up to a small size stay in memory, the rest in one unnamed file. Writing raises
    ``ScratchFull`` before the node's scratch space is exceeded.
    """

    def writer(self, *, needs_md5: bool = False) -> ScratchWriter:
        """Only one writer at a time may be unfinished.

        The MD5 of up to ``MD5_BYTES`` is worked out anyway, of more where it is needed.
        """

    def write(self, data: bytes) -> Content: ...
    def reserve(self, size_bytes: int) -> None:
        """Claim space for bytes to come; raises ``ScratchFull``. What is reserved is written
        first.
        """


class ScratchSpace(Protocol):
    def open(self) -> AbstractContextManager[Scratch]: ...
    def free_bytes(self) -> int: ...
