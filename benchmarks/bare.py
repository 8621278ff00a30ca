"""What any service written this way must do, and nothing else: the peer of our own routes.

Run by gunicorn with the worker settings of the service; ``BARE_DIRECTORY`` is where it writes.
"""

import os
import secrets
from collections.abc import Callable, Iterable
from typing import IO, Any

from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

_CHUNK_BYTES = 1 << 20
_HELLO = b'{"hello": "world"}'

_Start = Callable[[str, list[tuple[str, str]]], object]


def application(environ: dict[str, Any], start_response: _Start) -> Iterable[bytes]:
    """GET says hello, PUT keeps the raw body, POST keeps the files of a form, all fsynced."""
    if environ["REQUEST_METHOD"] == "PUT":
        _keep_body(environ["wsgi.input"], int(environ["CONTENT_LENGTH"]))
    if environ["REQUEST_METHOD"] == "POST":
        _keep_form(environ)
    length = str(len(_HELLO))
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", length)])
    return [_HELLO]


def _keep_body(stream: IO[bytes], length: int) -> None:
    with _new_file() as file:
        while length and (chunk := stream.read(min(_CHUNK_BYTES, length))):
            file.write(chunk)
            length -= len(chunk)
        os.fsync(file.fileno())


def _keep_form(environ: dict[str, Any]) -> None:
    _, options = parse_options_header(environ["CONTENT_TYPE"])

    def stream_factory(*_: object, **__: object) -> IO[bytes]:
        return _new_file()

    # In memory the parser may hold as much as it reads at once, and the head of a part.
    parser = MultiPartParser(
        stream_factory=stream_factory,
        buffer_size=_CHUNK_BYTES,
        max_form_memory_size=4 * _CHUNK_BYTES,
    )
    length = int(environ["CONTENT_LENGTH"])
    _, files = parser.parse(environ["wsgi.input"], options["boundary"].encode(), length)
    for file in files.values():
        os.fsync(file.stream.fileno())
        file.close()


def _new_file() -> IO[bytes]:
    directory = os.environ["BARE_DIRECTORY"]
    return open(f"{directory}/{secrets.token_hex(16)}", "xb", buffering=0)  # noqa: PTH123  # the caller closes it; a Path costs more than the call
