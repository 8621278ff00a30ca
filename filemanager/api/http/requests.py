"""Reading requests: headers, forms, raw bodies."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import IO, cast

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from filemanager.api.forms.multipart import Fields, Files, FormParser, last_part
from filemanager.domain.blobs.blob import CHUNK_BYTES, Content, hashed
from filemanager.domain.errors import (
    DigestMismatch,
    MissingName,
    MissingPart,
    Rejected,
    RequestTooLarge,
    TooLarge,
)
from filemanager.domain.intake.scratch import ScratchWriter
from filemanager.sanitize.documents import is_called_archive
from filemanager.services.intake import Spool

MAX_FORM_PARTS = 100
MAX_FORM_MEMORY_BYTES = 4 * CHUNK_BYTES
"""For fields and headers of a form. The parser counts its read buffer in, so it is no less."""

_DIGEST = re.compile(r"\s*(?P<name>[a-z0-9-]+)=:(?P<value>[A-Za-z0-9+/=]*):\s*")


class FormTooLarge(TooLarge):
    """The file of a form may be large; what stands around it may not."""

    code = "form_too_large"

    def __init__(self, max_parts: int = MAX_FORM_PARTS) -> None:
        super().__init__(
            f"The form has more than {max_parts} parts, or more than"
            f" {MAX_FORM_MEMORY_BYTES} bytes besides its file."
        )


class _Body:
    """The request's body; reading beyond the limit raises ``RequestTooLarge``, which names it."""

    def read(self, size: int = -1) -> bytes:
        try:
            return request.stream.read(size)
        except RequestEntityTooLarge as error:
            raise RequestTooLarge(request.max_content_length or 0) from error


class Part:
    """Where the parser puts a file of a form: into the scratch space, hashed on the way."""

    def __init__(self, writer: ScratchWriter) -> None:
        self._writer = writer
        self.content: Content | None = None

    def write(self, data: bytes) -> int:
        return self._writer.write(data)

    def seek(self, offset: int) -> int:
        """The parser's sign that the part is complete."""
        self.content = self._writer.finish()
        return offset

    def close(self) -> None:
        """Nothing to close: the scratch space goes with the request."""


@dataclass(frozen=True, slots=True)
class Form:
    fields: Mapping[str, str]
    name: str
    content: Content

    @property
    def is_ancillary(self) -> bool:
        """Exactly ``True``, as the client of the original writes it."""
        return self.fields.get("ancillary") == "True"


def read_form(spool: Spool, before_bytes: Callable[[], None]) -> Form:
    """Read the form with the part ``file``; *before_bytes* is called before any of it is spooled.

    Raises ``MissingPart``, ``MissingName``, ``FormTooLarge``, ``RequestTooLarge``, or what
    *before_bytes* raises.
    """

    def open_part(name: str) -> Part:
        before_bytes()
        # Its drop-in ETag is its MD5, unless it is taken apart: then it is no file of anybody.
        needs_md5 = not is_called_archive(name.lower())
        return Part(spool.scratch.writer(needs_md5=needs_md5))

    parsed = parse_form(open_part, MAX_FORM_PARTS)
    if parsed is None:
        raise MissingPart
    fields, files = parsed
    return _form(fields.to_dict(), files.get("file"))


def parse_form(open_part: Callable[[str], Part], max_parts: int) -> tuple[Fields, Files] | None:
    """The fields and files of a multipart form, a part opened for each file; None: it is none.

    Raises ``BadRequest``, ``BadTransferEncoding``, ``FormTooLarge``, ``RequestTooLarge``, or what
    *open_part* raises.
    """
    boundary = request.mimetype_params.get("boundary", "").encode("ascii", "replace")
    if request.mimetype != "multipart/form-data" or not boundary:
        return None

    def open_stream(name: str) -> IO[bytes]:
        return cast("IO[bytes]", open_part(name))  # the parser writes and seeks only

    parser = FormParser(open_stream, max_parts, MAX_FORM_MEMORY_BYTES)
    try:
        parser.parse(iter(partial(_Body().read, CHUNK_BYTES), b""), boundary)
    except RequestEntityTooLarge as error:
        raise FormTooLarge(max_parts) from error
    return parser.fields, parser.files


def _form(fields: Mapping[str, str], file: FileStorage | None) -> Form:
    if file is None:
        raise MissingPart
    if not file.filename:
        raise MissingName
    content = cast("Part", file.stream).content  # the parser keeps the object it was given
    if content is None:
        raise MissingPart
    return Form(fields, last_part(file), content)


def ensure_fits() -> None:
    """Refuse a body whose ``Content-Length`` already tells that it is too large."""
    limit_bytes = request.max_content_length
    if limit_bytes is not None and (request.content_length or 0) > limit_bytes:
        raise RequestTooLarge(limit_bytes)


def _body() -> IO[bytes]:
    return cast("IO[bytes]", _Body())  # its readers read only


def read_body(spool: Spool) -> Content:
    """The raw body, checked against ``Content-Digest`` and ``Repr-Digest`` (RFC 9530).

    Raises ``DigestMismatch``; unknown algorithms are passed over, as the RFC asks.
    """
    headers = ("Content-Digest", "Repr-Digest")
    # Each once, however often it is named; of two that differ one is wrong.
    named = {one for header in headers for one in _digests(request.headers.get(header, ""))}
    content = spool.receive(_body(), needs_md5=any(name == "md5" for name, _ in named))
    for algorithm, wanted in named:
        _ensure_digest(content, algorithm, wanted)
    return content


def _digests(header: str) -> list[tuple[str, bytes]]:
    found = []
    for item in header.split(","):
        match = _DIGEST.fullmatch(item)
        if match is None and item.strip():
            raise Rejected(f"'{item.strip()[:80]}' is no digest in the form of RFC 9530.")
        if match:
            try:
                found.append((match["name"], base64.b64decode(match["value"], validate=True)))
            except binascii.Error as error:
                raise Rejected("A digest in the request is not base64.") from error
    return found


def _ensure_digest(content: Content, algorithm: str, wanted: bytes) -> None:
    if algorithm == "sha-256" and bytes.fromhex(content.digest) != wanted:
        raise DigestMismatch(algorithm)
    if algorithm == "md5" and hashed(content, "md5") != wanted:
        raise DigestMismatch(algorithm)
