"""From the bytes of a head to a request, or to what can be told of one that is refused."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from gunicorn.http import errors
from gunicorn.http.body import Body as ParsedBody
from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.message import Request
from gunicorn.http.unreader import SocketUnreader
from werkzeug.exceptions import (
    BadRequest,
    ExpectationFailed,
    HTTPException,
    NotImplemented,  # noqa: A004  # Werkzeug's name for 501
    RequestHeaderFieldsTooLarge,
    RequestTimeout,
    RequestURITooLarge,
)

from filemanager.serving.bodies import ChunkedBody, KnownBody, RequestBody
from filemanager.serving.connection import Connection, is_decided
from filemanager.serving.patience import HEAD_BYTES, LINE_BYTES
from filemanager.serving.wire import Wire

_REMEMBERED_BYTES = 4096
_TOLD_BYTES = 1000
_TOLD = frozenset({"HOST", "ORIGIN", "X-REQUEST-ID"})
"""What a refusal needs: how it is told to a page, and by which name it is looked up."""

_METHOD = re.compile(r"[A-Z]{1,20}")
_VALUE = re.compile(r"[\x21-\x7e]{1,1000}")

_BAD = "The request is not what HTTP asks for"
_LATE = "The head of the request did not come in time."
_LONG_LINE = f"The request line is longer than {LINE_BYTES} bytes."
_LARGE_HEAD = (
    f"A header is longer than {LINE_BYTES} bytes, all are more than {HEAD_BYTES}, or there are more"
    " than a hundred."
)
_CODING = "The transfer coding of the body is not known here; `chunked` is."


class Refused:
    """Looks like gunicorn's request, as far as its head could be read."""

    scheme = "http"
    version = (1, 1)

    def __init__(self, head: bytes, refusal: HTTPException) -> None:
        self.refusal = refusal
        line, *lines = head.decode("latin-1").lstrip("\r\n").split("\r\n")
        method, _, target = line.partition(" ")
        self.method = method if _METHOD.fullmatch(method) else "GET"
        target = target.partition(" ")[0][:_TOLD_BYTES]
        self.uri = re.sub(r"[^\x21-\x7e]", "", target) or "/"
        self.path, _, self.query = self.uri.partition("?")
        if not self.path.startswith("/"):
            self.path = "/"
        self.headers = list(_told(lines))

    def should_close(self) -> bool:
        return True


def read_request(connection: Connection, wire: Wire, cfg: Any) -> tuple[Any, RequestBody]:
    """The request whose head lies in the connection's buffer, and its body, yet unread."""
    head = bytes(connection.buffer)
    connection.buffer.clear()
    wire.count_received(len(head))
    if connection.asked is not None and connection.asked[0] == head:
        connection.requests += 1
        return connection.asked[1], KnownBody(wire, b"", 0)
    refusal = _refusal_of_length(connection, head)
    if refusal is not None:
        return Refused(head, refusal), KnownBody(wire, b"", 0)
    unreader = SocketUnreader(wire)
    unreader.unread(head)
    connection.requests += 1
    try:
        request = Request(cfg, unreader, connection.client, connection.requests)
        _ensure_understood(request.headers)
    except (errors.ParseException, errors.NoMoreData, StopIteration, ValueError) as error:
        return Refused(head, _refusal_of(error)), KnownBody(wire, b"", 0)
    body = _body(request.body, wire, unreader)
    connection.asked = _remembered(head, request) if body.is_nothing else None
    return request, body


def _remembered(head: bytes, request: Request) -> tuple[bytes, Request] | None:
    """Without what leads to this request alone, and to all that it was answered with."""
    request.unreader = request.body = None
    return (head, request) if len(head) <= _REMEMBERED_BYTES else None


def _ensure_understood(headers: Iterable[tuple[str, str]]) -> None:
    """Refuse bodies in gzip too: their bytes would be taken for what was sent."""
    for name, value in headers:
        if name == "TRANSFER-ENCODING":
            codings = {coding.strip().lower() for coding in value.split(",")}
            if codings != {"chunked"}:
                raise errors.UnsupportedTransferCoding(value)


def _body(parsed: ParsedBody, wire: Wire, unreader: SocketUnreader) -> RequestBody:
    reader = parsed.reader
    if isinstance(reader, ChunkedReader):
        return ChunkedBody(reader.parser, unreader)
    length = reader.length if isinstance(reader, LengthReader) else 0
    return KnownBody(wire, unreader.take_buffered(), length)


def _refusal_of_length(connection: Connection, head: bytes) -> HTTPException | None:
    """Where the head is not whole, gunicorn would wait for more of it."""
    if connection.is_late:
        return RequestTimeout(_LATE)
    if not is_decided(head[: HEAD_BYTES - 1]):
        is_line = b"\r\n" not in head[: LINE_BYTES + 2]
        return _long_line() if is_line else RequestHeaderFieldsTooLarge(_LARGE_HEAD)
    return None


def _long_line() -> HTTPException:
    return RequestURITooLarge(_LONG_LINE)


def _refusal_of(error: Exception) -> HTTPException:
    if isinstance(error, errors.LimitRequestLine):
        return _long_line()
    if isinstance(error, errors.LimitRequestHeaders):
        return RequestHeaderFieldsTooLarge(_LARGE_HEAD)
    is_coding = isinstance(error, errors.InvalidHeader) and error.hdr == "TRANSFER-ENCODING"
    if is_coding or isinstance(error, errors.UnsupportedTransferCoding):
        return NotImplemented(_CODING)
    if isinstance(error, errors.ExpectationFailed):
        return ExpectationFailed("No expectation but `100-continue` is met here.")
    return BadRequest(f"{_BAD}: {_fault(error)}.")


def _fault(error: Exception) -> str:
    """What is wrong, without the bytes that are: they may be a secret."""
    return re.sub(r"(?<!^)(?=[A-Z][a-z])", " ", type(error).__name__).lower()


def _told(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(":")
        if name.upper() in _TOLD and _VALUE.fullmatch(value.strip()):
            yield name.upper(), value.strip()
