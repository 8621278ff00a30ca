"""A request's bytes on their way into an upload, cut into segments."""

from collections.abc import Iterator
from typing import Protocol

from filemanager.domain.blobs.blob import SMALL
from filemanager.domain.errors import TooLarge
from filemanager.domain.ids import random_id
from filemanager.domain.uploads.upload import INCOMING

SEGMENT_BYTES = 16 << 20
"""Of one request's bytes, so much at a time becomes safe."""

READ_BYTES = 256 << 10
"""A server's read is lost where the connection breaks in the middle of it, so it is a short one."""


def incoming_key(*, is_small: bool = False) -> str:
    """A key that was never used."""
    return f"{SMALL if is_small else INCOMING}/{random_id()}"


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class UploadTooLarge(TooLarge):
    code = "upload_too_large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"The upload is larger than the limit of {limit_bytes} bytes.")


class Inflow:
    """Ends where the stream does or breaks off; nothing behind the byte *stop* is taken."""

    def __init__(self, stream: Readable, offset: int, stop: int) -> None:
        self._stream = stream
        self._stop = stop
        self._error: OSError | None = None
        self.offset = offset
        self.taken_bytes = 0

    @property
    def stands_at(self) -> int:
        """Behind the last byte that was taken."""
        return self.offset + self.taken_bytes

    @property
    def is_at_stop(self) -> bool:
        return self.stands_at == self._stop

    def read(self, size: int = READ_BYTES) -> bytes:
        """Nothing at the end, where ``ensure_whole`` says what kind of end it was."""
        size = min(size, self._stop - self.stands_at)
        try:
            chunk = self._stream.read(size) if size else b""
        except OSError as error:
            self._error = error
            return b""
        self.taken_bytes += len(chunk)
        return chunk

    def segment(self, first: bytes) -> Iterator[bytes]:
        """*first*, and what follows up to the size of a segment."""
        chunk, left = first, SEGMENT_BYTES
        while chunk:
            yield chunk
            left -= len(chunk)
            chunk = self.read(min(left, READ_BYTES))

    def ensure_whole(self) -> None:
        """Raise what broke the stream off, or ``UploadTooLarge`` where it has a byte too many."""
        if self._error is not None:
            raise self._error
        if self.is_at_stop and self._stream.read(1):
            raise UploadTooLarge(self._stop)
