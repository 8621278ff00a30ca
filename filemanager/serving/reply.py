"""An answer on the wire: its head, and its body framed as HTTP/1.1 asks (RFC 9112, 6)."""

import re
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from gunicorn import SERVER

from filemanager.serving.bodies import RequestBody
from filemanager.serving.wire import Wire

_STATUS = re.compile(r"[1-9][0-9]{2}(?: [ \t\x21-\x7e\x80-\xff]*)?")
_LINE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+: [ \t\x21-\x7e\x80-\xff]*")
_LENGTH = "content-length"
_OURS = frozenset(
    {"connection", "date", "keep-alive", "server", "te", "trailers", "transfer-encoding", "upgrade"}
)
"""Of the connection and the server: what an application says of them is passed over."""

_BODILESS = frozenset({"204", "304"})
_HTTP_1_1 = (1, 1)


class Reply:
    """What WSGI calls ``start_response`` and ``write``, for *request*, which is gunicorn's."""

    def __init__(self, request: Any, body: RequestBody, wire: Wire) -> None:
        self._request = request
        self._body = body
        self._wire = wire
        self._has_body = True
        self._is_chunked = False
        self._left_bytes: int | None = None
        self.is_last: bool = request.should_close()
        """The connection ends with it."""

    def start(
        self, status: str, headers: Iterable[tuple[str, str]], _: object = None
    ) -> Callable[[bytes], None]:
        """Hold the head until something of the body comes. Raises ``ValueError`` for what is none,
        before a byte of it is sent.
        """
        lines = []
        for name, value in headers:
            kind = name.lower()
            if kind == _LENGTH:
                self._left_bytes = int(value)
            if kind not in _OURS:
                lines.append(f"{name}: {value}")
        if not _STATUS.fullmatch(status) or not all(map(_LINE.fullmatch, lines)):
            raise ValueError("The application's head of an answer is none.")
        self._frame(status[:3])
        ours = self._own_lines(status)
        self._wire.hold("\r\n".join([*ours, *lines, "", ""]).encode("latin-1"))
        return self.write

    def write(self, data: bytes) -> None:
        """Nothing goes where the head allows no body, nor more than it has said."""
        if self._left_bytes is not None:
            data = data[: self._left_bytes]
            self._left_bytes -= len(data)
        if not data or not self._has_body:
            return
        if self._is_chunked:
            data = b"%X\r\n%b\r\n" % (len(data), data)
        self._wire.sendall(data)

    def end(self) -> None:
        """Send what is held. A body that is shorter than its head has said ends the connection."""
        self._wire.sendall(b"0\r\n\r\n" if self._is_chunked else b"")
        if self._has_body and self._left_bytes:
            self.is_last = True

    def _frame(self, code: str) -> None:
        self._has_body = self._request.method != "HEAD" and code not in _BODILESS
        is_endless = self._has_body and self._left_bytes is None
        self._is_chunked = is_endless and self._request.version >= _HTTP_1_1
        if not self._body.may_be_left or (is_endless and not self._is_chunked):
            self.is_last = True

    def _own_lines(self, status: str) -> list[str]:
        major, minor = self._request.version
        return [
            f"HTTP/{major}.{minor} {status}",
            f"Server: {SERVER}",
            f"Date: {_date(int(time.time()))}",
            f"Connection: {'close' if self.is_last else 'keep-alive'}",
            *(["Transfer-Encoding: chunked"] if self._is_chunked else []),
        ]


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
