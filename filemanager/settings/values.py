"""Kinds of values that several settings have: sizes, addresses of services, names."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

_SIZE = re.compile(r"(\d+)\s*(?:(k|m|g|t)(?:i?b)?|b)?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
DEFAULT_PORTS = {"http": 80, "https": 443}
_ORIGIN = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?/?", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?", re.IGNORECASE)


def _size_bytes(given: object) -> object:
    """``32mb`` in bytes, each unit 1024 of the one before; no text is left to the type."""
    if not isinstance(given, str):
        return given
    match = _SIZE.fullmatch(given.strip())
    if match is None:
        raise ValueError("a size is digits, and nothing behind them or a unit: 512, 64kb, 2GiB")
    return int(match[1]) * _UNITS[(match[2] or "").lower()]


def _url(given: str) -> str:
    if not _URL.fullmatch(given):
        raise ValueError("it must be a URL with http:// or https:// and a host, without a password")
    return given


def _origin(given: str) -> str:
    """As a browser writes it."""
    if not _ORIGIN.fullmatch(given):
        raise ValueError(
            "it must be http:// or https:// and a host name, with a port or without, and nothing"
            " behind them"
        )
    return f"{urlsplit(given).scheme}://{authority(given)}"


def authority(url: str) -> str:
    """Host and port as requests name them: in lower case, without the port that goes without
    saying. Raises ``ValueError`` for a port that is none.
    """
    place = urlsplit(url)
    host = f"[{place.hostname}]" if ":" in (place.hostname or "") else place.hostname
    has_own_port = place.port not in (None, DEFAULT_PORTS[place.scheme])
    return f"{host}:{place.port}" if has_own_port else f"{host}"


def _shaped(pattern: str, words: str) -> AfterValidator:
    """Whole, or it is refused with *words*: a pattern says nothing to most people."""
    shape = re.compile(pattern)

    def judged(given: str) -> str:
        if not shape.fullmatch(given):
            raise ValueError(words)
        return given

    return AfterValidator(judged)


_PLAIN = "A-Z, a-z, 0-9, '.', '_', '~', '-'"

PathPrefix = Annotated[
    str,
    _shaped(
        r"(/[A-Za-z0-9._~-]+)*",
        f"it must be empty, or a slash and some of {_PLAIN}, again and again",
    ),
]
Segment = Annotated[str, _shaped(r"[A-Za-z0-9._~-]+", f"it must be some of {_PLAIN}")]
Issuer = Annotated[str, _shaped(r"[^:]+", "it must be a name without a colon")]
Audiences = Annotated[
    str, _shaped(r"[^,\s]*(,[^,\s]+)*", "it must be names with commas between them, without blanks")
]
BucketName = Annotated[
    str,
    _shaped(
        r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "a bucket has 3 to 63 of a-z, 0-9, '.', '-', no sign first or last",
    ),
]
Origins = Annotated[
    str,
    _shaped(
        r"(https?://[^/,\s]+(,https?://[^/,\s]+)*)?",
        "it must be http:// or https:// and a host each, with commas between them",
    ),
]
ProviderName = Annotated[
    str,
    _shaped(
        r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
        "it must be 1 to 64 of A-Z, a-z, 0-9, '.', '_', '-', no sign first",
    ),
]
Origin = Annotated[str, AfterValidator(_origin)]
Size = Annotated[int, BeforeValidator(_size_bytes)]
Url = Annotated[str, AfterValidator(_url)]
