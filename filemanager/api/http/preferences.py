"""What a request's headers ask of a raw upload or a download, besides its conditions."""

import re

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from filemanager.api.http.requests import ensure_fits

_WANTED_MD5 = re.compile(r"(?:^|,)\s*md5=(?:[1-9]|10)\s*(?:,|$)")
_HTML = "text/html"
_MINIMAL = re.compile(r"(?:^|,)\s*return\s*=\s*\"?minimal\"?\s*(?:[,;]|$)", re.IGNORECASE)

_ASYNC = re.compile(r"(?:^|,)\s*respond-async\s*(?:[,;=]|$)", re.IGNORECASE)


def names_html() -> bool:
    """Browsers name HTML in ``Accept``; programs do not."""
    return _HTML in {one.lower() for one in request.accept_mimetypes.values()}


def prefers_minimal() -> bool:
    """``Prefer: return=minimal``, also among other preferences (RFC 7240)."""
    return _MINIMAL.search(",".join(request.headers.getlist("Prefer"))) is not None


def prefers_async() -> bool:
    """``Prefer: respond-async``, also among other preferences (RFC 7240, 4.1)."""
    return _ASYNC.search(",".join(request.headers.getlist("Prefer"))) is not None


def wants_md5() -> bool:
    """``Want-Repr-Digest`` with a weight for MD5 (RFC 9530, 4)."""
    return _WANTED_MD5.search(request.headers.get("Want-Repr-Digest", "")) is not None


def ensure_plain_body() -> None:
    """Refuse, before a byte is read, a body that is not the whole file as it is to be kept."""
    if "Content-Range" in request.headers:
        raise BadRequest("A part of a file cannot be put: send the whole, without Content-Range.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the bytes as they are, without Content-Encoding.")
    ensure_fits()
