"""Requests to the provider: bounded in bytes and time, never led elsewhere.

Nothing of the environment is asked: no proxies, no credentials.
"""

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

_TIMES = Timeout(connect=3, read=5)
_MOST_SECONDS = 10
_MOST_BYTES = 256 << 10
_PIECE_BYTES = 16 << 10
_FORM = "application/x-www-form-urlencoded"

Document = Mapping[str, Any]


class NoAnswer(Exception):
    """There is none, or none that can be read; the text is for the log and names no secret."""


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    status: int
    document: Document


class ProviderClient:
    """All threads may share it. *now* counts seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._pool = PoolManager(timeout=_TIMES, maxsize=4, retries=False)
        self._now = now

    def get(self, url: str) -> ProviderAnswer:
        """Raises ``NoAnswer``, as ``post`` does."""
        return self._answer("GET", url, {}, None)

    def post(
        self, url: str, fields: Mapping[str, str], basic: tuple[str, str] | None
    ) -> ProviderAnswer:
        """*basic*: id and secret of the client, where the provider takes them in a header."""
        headers = {"Content-Type": _FORM}
        if basic is not None:
            # Each is encoded as in a form first (RFC 6749, 2.3.1).
            pair = ":".join(quote_plus(one) for one in basic)
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        return self._answer("POST", url, headers, urlencode(fields))

    def _answer(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None
    ) -> ProviderAnswer:
        try:
            response = self._pool.request(
                method,
                url,
                body=body,
                headers={"Accept": "application/json", "Accept-Encoding": "identity", **headers},
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                return ProviderAnswer(response.status, _document(self._body(response)))
            finally:
                # What was not read to the end cannot be used for another question.
                response.close()
        except (HTTPError, OSError) as error:
            # The text of the error may repeat the address, and its kind says enough.
            raise NoAnswer(f"no answer: {type(error).__name__}") from None

    def _body(self, response: BaseHTTPResponse) -> bytes:
        body = bytearray()
        deadline = self._now() + _MOST_SECONDS
        while piece := response.read1(_PIECE_BYTES):
            body += piece
            if len(body) > _MOST_BYTES or self._now() > deadline:
                raise NoAnswer(f"more than {_MOST_BYTES} bytes or {_MOST_SECONDS} seconds")
        return bytes(body)


def _document(body: bytes) -> Document:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise NoAnswer("the answer is no JSON") from None
    if not isinstance(read, dict):
        raise NoAnswer("the answer is no object")
    return read
