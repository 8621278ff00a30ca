"""The request headers of tus 1.0, parsed and refused here."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from flask import request

from filemanager.domain.errors import PreconditionFailed, Rejected
from filemanager.domain.ids import MAX_ID
from filemanager.domain.uploads.upload import UploadId, UploadNotFound

VERSION = "1.0.0"
MEDIA = "application/offset+octet-stream"
ALGORITHMS = {"sha1": 20, "md5": 16, "sha256": 32}
"""What ``Upload-Checksum`` may name, with the bytes of a digest."""

_NUMBER = re.compile(r"[0-9]{1,19}")
_PART = re.compile(r"/uploads/tus/([0-9a-f]{32})\Z")
_KEY = re.compile(r"[!-+\--~]+")


class TusVersionUnknown(PreconditionFailed):
    code = "tus_version_unknown"

    def __init__(self) -> None:
        super().__init__(f"Send 'Tus-Resumable: {VERSION}', the one version that is spoken here.")


class HeaderRefused(Rejected):
    """A header that is missing or cannot be read; ``why`` ends the sentence."""

    code = "header_refused"

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The header {name} {why}.")


@dataclass(frozen=True, slots=True)
class Checksum:
    algorithm: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Length:
    """``size_bytes`` None: it is told later."""

    size_bytes: int | None


def ensure_version() -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise TusVersionUnknown


def offset() -> int:
    found = _number("Upload-Offset")
    if found is None:
        raise HeaderRefused("Upload-Offset", "is missing")
    return found


def told_length() -> int | None:
    """``Upload-Length`` alone."""
    return _number("Upload-Length")


def length() -> Length:
    """``Upload-Length``, or ``Upload-Defer-Length: 1``: one of both."""
    size_bytes, deferred = told_length(), request.headers.get("Upload-Defer-Length")
    if deferred not in (None, "1"):
        raise HeaderRefused("Upload-Defer-Length", "must be 1")
    if (size_bytes is None) == (deferred is None):
        raise HeaderRefused("Upload-Length", "or Upload-Defer-Length must be there, not both")
    return Length(size_bytes)


def metadata() -> Mapping[str, str]:
    """``Upload-Metadata``: keys, each with a value that is UTF-8 in base64."""
    found: dict[str, str] = {}
    for item in request.headers.get("Upload-Metadata", "").split(","):
        key, _, value = item.strip().partition(" ")
        if not key:
            continue
        if not _KEY.fullmatch(key) or key in found:
            raise HeaderRefused("Upload-Metadata", "must have different keys in printable ASCII")
        found[key] = _value(key, value)
    return found


def is_part() -> bool:
    return request.headers.get("Upload-Concat", "").strip() == "partial"


def parts() -> tuple[UploadId, ...] | None:
    """The uploads that ``Upload-Concat: final;…`` names; None: there is no such header."""
    kind, _, urls = request.headers.get("Upload-Concat", "").strip().partition(";")
    if kind in ("", "partial"):
        return None
    if kind != "final" or not urls.strip():
        raise HeaderRefused("Upload-Concat", "must be 'partial' or 'final;' with URLs of uploads")
    return tuple(_part(url) for url in urls.split())


def checksum() -> Checksum | None:
    text = request.headers.get("Upload-Checksum")
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    if algorithm not in ALGORITHMS:
        raise HeaderRefused("Upload-Checksum", f"must begin with one of: {', '.join(ALGORITHMS)}")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != ALGORITHMS[algorithm]:
        raise HeaderRefused("Upload-Checksum", f"must end with a {algorithm} digest in base64")
    return Checksum(algorithm, digest)


def _number(name: str) -> int | None:
    text = request.headers.get(name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text) or int(text) > MAX_ID:
        raise HeaderRefused(name, "must be a number of bytes")
    return int(text)


def _value(key: str, value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except ValueError as error:
        why = f"must have a value for '{key[:80]}' that is UTF-8 in base64"
        raise HeaderRefused("Upload-Metadata", why) from error


def _part(url: str) -> UploadId:
    """By the path alone: which names and prefixes the service has is known to its front only."""
    try:
        found = _PART.search(urljoin(request.path, url))
    except ValueError as error:
        raise HeaderRefused("Upload-Concat", "names a URL that cannot be read") from error
    if found is None:
        raise UploadNotFound
    return UploadId(found[1])
