"""Answers: JSON, and downloads with their conditions and ranges."""

import base64
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from itertools import chain
from urllib.parse import quote

from flask import Response, request
from pydantic import BaseModel
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import http_date

from filemanager.api.http.preconditions import known_already, preconditions, range_is_current
from filemanager.api.http.security import SANDBOXED
from filemanager.domain.caller import Owner, subject_of
from filemanager.domain.ids import MAX_ID
from filemanager.domain.requests.preconditions import State
from filemanager.services.downloads import Download

OF_BYTES = ("ETag", "Last-Modified", "Content-Length", "Accept-Ranges", "Content-Disposition")
"""Headers that ``send`` gives to bytes."""

OF_DIGESTED_BYTES = (*OF_BYTES, "Repr-Digest")
OF_CACHED_BYTES = (*OF_BYTES, "Cache-Control")

_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")
_DATES = 1024
_MAX_DIGITS = len(str(MAX_ID))
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._+=,~-]+")


def represent(
    model: BaseModel | Mapping[str, object],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A JSON answer."""
    body = model.model_dump_json() if isinstance(model, BaseModel) else json.dumps(model)
    return represent_text(body, headers, status)


def represent_text(
    text: str, headers: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """``represent`` for what is JSON already."""
    return Response(text, status, mimetype="application/json", headers=headers)


def not_modified(tag: str) -> Response | None:
    """The 304 for a read whose ``If-None-Match`` names *tag*."""
    if not preconditions().is_known(State(frozenset({_bare(tag)}), None)):
        return None
    return Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})


def quoted(tag: object) -> str:
    """A strong ETag (RFC 9110, 8.8.3)."""
    return f'"{tag}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a download is shown: ``tag`` as it stands in the ETag header, quoted or not.

    ``has_settled`` False: it may yet change within the second that its date names, or without
    another date, so that no date is told and no client is told that it has it.
    """

    tag: str
    media: str
    cache_control: str = "private, no-cache"
    has_settled: bool = True
    is_drop_in: bool = False
    is_attachment: bool = True


def send(download: Download, shown: Shown) -> Response:
    """Answer a GET or HEAD: 200, 206, 302, 304, 412 or 416 (RFC 9110, 13 and 14)."""
    headers = _headers(download, shown)
    state = State(frozenset({_bare(shown.tag)}), download.modified_at)
    unchanged = known_already(state, headers)
    if unchanged and shown.has_settled:
        return unchanged
    if download.link is not None and request.method == "GET":
        return _elsewhere(download.link(shown.media, headers["Content-Disposition"]))
    start, stop, status = _range(download, shown)
    if status is HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        size = download.size_bytes
        raise RequestedRangeNotSatisfiable(
            size, "bytes", f"The range lies outside of {size} bytes."
        )
    if status is HTTPStatus.PARTIAL_CONTENT:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{download.size_bytes}"
    headers["Content-Length"] = str(stop - start)
    response = Response(_body(download, start, stop), status, headers, direct_passthrough=True)
    response.content_type = shown.media
    return response


def _elsewhere(url: str) -> Response:
    """Nobody keeps it: the URL is a secret, and good for some minutes alone."""
    return Response(status=HTTPStatus.FOUND, headers={"Location": url, "Cache-Control": "no-store"})


def _body(download: Download, start: int, stop: int) -> Iterator[bytes]:
    """The first chunk is read at once, so that damage found by then is an error answer."""
    if request.method == "HEAD" or start == stop:
        return iter(())
    chunks = download.stream(start, stop)
    return chain((next(chunks, b""),), chunks)


def _headers(download: Download, shown: Shown) -> dict[str, str]:
    headers = {
        "ETag": shown.tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": shown.cache_control,
        "Content-Disposition": disposition(download.name, shown),
        **SANDBOXED,
    }
    if shown.has_settled:
        headers["Last-Modified"] = date_of(download.modified_at)
    if download.owner is not None and shown.is_drop_in:
        headers["ARXIV-OWNER"] = shown_owner(download.owner)
    if download.sha256 is not None and not shown.is_drop_in:
        headers["Repr-Digest"] = f"sha-256=:{_base64(download.sha256)}:"
    return headers


@lru_cache(maxsize=_DATES)
def date_of(at: datetime) -> str:
    """A date of HTTP (RFC 9110, 5.6.7)."""
    return http_date(at)


def shown_owner(owner: Owner) -> str:
    """The subject alone; percent-encoded where it is more than a header can hold."""
    subject = subject_of(owner)
    return subject if subject.isascii() and subject.isprintable() else quote(subject)


def _base64(hexadecimal: str) -> str:
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode()


def disposition(name: str, shown: Shown) -> str:
    """Header values are Latin-1 for WSGI: other names get a plain fallback (RFC 6266, RFC 8187)."""
    kind = "" if shown.is_drop_in else "attachment; " if shown.is_attachment else "inline; "
    if _PLAIN_NAME.fullmatch(name):
        return f"{kind}filename={name}"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    fallback = re.sub(r"[^A-Za-z0-9._+=,~-]", "_", plain)
    if not fallback.partition(".")[0].strip("_"):
        # Of a name in another script the suffix alone is left, which would hide the file.
        fallback = f"file{fallback.lstrip('_')}"
    return f"{kind}filename={fallback}; filename*=UTF-8''{quote(name, safe='')}"


def _bare(tag: str) -> str:
    return tag.strip('"')


def _range(download: Download, shown: Shown) -> tuple[int, int, HTTPStatus]:
    """One range; several, or one in another unit, are answered with the whole (RFC 9110, 14.2)."""
    size = download.size_bytes
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if (
        request.method != "GET"
        or asked is None
        or asked[0] == "bytes=-"
        or not range_is_current(_bare(shown.tag), download.modified_at)
    ):
        return 0, size, HTTPStatus.OK
    first, last = asked[1], asked[2]
    if first:
        start, stop = _number(first), min(size, _number(last) + 1 if last else size)
    else:
        start, stop = max(0, size - _number(last)), size
    if first and last and _number(last) < _number(first):
        return 0, size, HTTPStatus.OK
    if start >= size or start >= stop:
        return 0, 0, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    return start, stop, HTTPStatus.PARTIAL_CONTENT


def _number(digits: str) -> int:
    """Any number of digits is well-formed, but Python reads no more than 4,300 into an ``int``."""
    digits = digits.lstrip("0")
    return MAX_ID if len(digits) > _MAX_DIGITS else int(digits or "0")


def moment(at: datetime) -> str:
    """ISO 8601 with microseconds and ``+00:00``, as the drop-in API writes every time."""
    return at.isoformat(timespec="microseconds")
