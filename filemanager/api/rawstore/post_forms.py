"""Forms whose file is streamed: their fields are known before a byte of it is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.sansio.multipart import (
    NEED_DATA,
    Epilogue,
    Field,
    File,
    MultipartDecoder,
    Preamble,
)

from filemanager.api.forms.multipart import unreadable_form
from filemanager.api.http.requests import (
    MAX_FORM_MEMORY_BYTES,
    MAX_FORM_PARTS,
    FormTooLarge,
)
from filemanager.domain.blobs.blob import CHUNK_BYTES
from filemanager.domain.errors import MissingPart

_MAX_FIELDS_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class PostedForm:
    """``chunks`` reads the request as it is read; what stands behind the file is not looked at."""

    fields: Mapping[str, str]
    chunks: Iterator[bytes]


def read_post() -> PostedForm:
    """Read a form up to its part ``file``, which must come last.

    Raises ``MissingPart`` and ``FormTooLarge``; reading on, ``BadRequest`` for a broken form.
    """
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not boundary:
        raise MissingPart
    events = _events(boundary.encode("ascii", "replace"))
    fields: dict[str, bytearray] = {}
    for event in events:
        if isinstance(event, File) or (isinstance(event, Field) and event.name == "file"):
            return PostedForm(_texts(fields), _data(events))
        if isinstance(event, Field):
            value = fields.setdefault(event.name, bytearray())
        else:
            value += event.data
            if sum(map(len, fields.values())) > _MAX_FIELDS_BYTES:
                raise FormTooLarge
    raise MissingPart


def _events(boundary: bytes) -> Iterator[Any]:
    decoder = MultipartDecoder(boundary, MAX_FORM_MEMORY_BYTES, max_parts=MAX_FORM_PARTS)
    try:
        while not isinstance(event := decoder.next_event(), Epilogue):
            if event is NEED_DATA:
                decoder.receive_data(request.stream.read(CHUNK_BYTES) or None)
            elif not isinstance(event, Preamble):
                yield event
    except ValueError as error:
        raise unreadable_form(error) from error


def _data(events: Iterator[Any]) -> Iterator[bytes]:
    for event in events:
        yield bytes(event.data)
        if not event.more_data:
            return


def _texts(fields: Mapping[str, bytearray]) -> Mapping[str, str]:
    return {name: value.decode("utf-8", "replace") for name, value in fields.items()}
