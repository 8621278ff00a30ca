"""Bodies of requests: what came is given out at once, and one that ends early is an error."""

import io
from collections.abc import Iterator
from typing import Any, Protocol

from gunicorn.http.errors import ParseException

from filemanager.serving.patience import DRAINED_BYTES
from filemanager.serving.wire import Wire


class RequestBody(Protocol):
    @property
    def is_nothing(self) -> bool:
        """Whether there is none, nor anything behind it."""

    @property
    def may_be_left(self) -> bool:
        """Whether the connection may go on though nobody has read this to its end."""

    def rest(self) -> tuple[int, bytes]:
        """How many bytes are still to come, and what has come behind the body."""


class KnownBody(io.RawIOBase):
    """So many bytes as ``Content-Length`` says, the first of them in *ahead*."""

    def __init__(self, wire: Wire, ahead: bytes, length_bytes: int) -> None:
        super().__init__()
        self._wire = wire
        self._ahead = ahead
        self._length_bytes = self._left_bytes = length_bytes
        self._is_broken = False

    @property
    def is_nothing(self) -> bool:
        return not self._length_bytes and not self._ahead

    @property
    def may_be_left(self) -> bool:
        is_small = self._length_bytes <= DRAINED_BYTES
        return not self._is_broken and (is_small or not self._left_bytes)

    def rest(self) -> tuple[int, bytes]:
        taken = min(self._left_bytes, len(self._ahead))
        return self._left_bytes - taken, self._ahead[taken:]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Raises ``ConnectionError`` where the bytes end early, which Werkzeug makes a 400 of."""
        view = memoryview(buffer)[: self._left_bytes]
        if not view:
            return 0
        self._is_broken = True
        count = self._take(view)
        if not count:
            raise ConnectionError("The body ended early.")
        self._is_broken = False
        self._left_bytes -= count
        return count

    def _take(self, view: memoryview) -> int:
        if not self._ahead:
            return self._wire.receive_into(view)
        part, self._ahead = self._ahead[: len(view)], self._ahead[len(view) :]
        view[: len(part)] = part
        return len(part)


class ChunkedBody(io.RawIOBase):
    """The *pieces* of a body in chunks, which raise where it is not framed as HTTP asks."""

    def __init__(self, pieces: Iterator[bytes], unreader: Any) -> None:
        super().__init__()
        self._pieces = pieces
        self._unreader = unreader
        self._ahead = b""
        self._is_over = False

    @property
    def is_nothing(self) -> bool:
        return False

    @property
    def may_be_left(self) -> bool:
        return self._is_over

    def rest(self) -> tuple[int, bytes]:
        return 0, self._unreader.take_buffered()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            self._ahead = self._ahead or next(self._pieces, b"")
        except ParseException as error:
            raise ConnectionError("The body is not framed as HTTP asks.") from error
        self._is_over = not self._ahead
        view = memoryview(buffer)
        part, self._ahead = self._ahead[: len(view)], self._ahead[len(view) :]
        view[: len(part)] = part
        return len(part)
