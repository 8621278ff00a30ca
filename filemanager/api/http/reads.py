"""Reads under conditions: every answer that is no download has a strong ETag."""

import hashlib
from collections.abc import Mapping

from flask import Response
from pydantic import BaseModel

from filemanager.api.http.responses import not_modified, quoted


def read(
    model: BaseModel, *, tag: object | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer 200, or 304 to an ``If-None-Match`` that names *tag*; None: a digest of the JSON."""
    return read_text(model.model_dump_json(), "application/json", tag=tag, headers=headers)


def read_text(
    text: str, media: str, *, tag: object | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """``read`` for a text of any media type."""
    name = quoted(hashlib.sha256(text.encode()).hexdigest()[:32] if tag is None else tag)
    if unchanged := not_modified(name):
        return unchanged
    response = Response(text, mimetype=media, headers={"ETag": name, **(headers or {})})
    response.headers["Cache-Control"] = "private, no-cache"
    return response
