"""Kinds of values that several settings have: sizes, and addresses of services."""

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


Origin = Annotated[str, AfterValidator(_origin)]
Size = Annotated[int, BeforeValidator(_size_bytes)]
Url = Annotated[str, AfterValidator(_url)]
