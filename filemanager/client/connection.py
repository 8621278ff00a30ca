"""HTTP to the service: the token, connections that are kept, patience, refusals in words."""

import random
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter

from filemanager.client.answers import refusal, told_in
from filemanager.client.errors import ClientError, Refused, Unreachable

BLOCK_BYTES = 1 << 20
"""The library's own blocks of 16 KiB make a large body slow."""

_CONNECT_SECONDS, _READ_SECONDS = 10.0, 300.0

Returned = TypeVar("Returned")


class Readable(Protocol):
    """A body of a known length."""

    def __len__(self) -> int: ...
    def read(self, size: int = -1) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request. ``path`` begins with a slash; ``json`` and ``body`` are never both there."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: object | None = None
    body: bytes | Readable | None = None
    is_streamed: bool = False
    """The answer's body is left to be read, and the answer to be closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often, and how long apart, what failed for a moment is tried.

    Waits double from the first to the longest, and a random part of each is left out. The service's
    ``Retry-After`` is waited for where it is longer, up to the longest. ``tell`` is told of each
    wait before it: why, and for how many seconds.
    """

    attempts: int = 8
    first_seconds: float = 0.5
    longest_seconds: float = 30.0
    pause: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    tell: Callable[[ClientError, float], None] = lambda _error, _seconds: None

    def wait(self, failures: int, error: ClientError) -> None:
        """Wait after so many failures in a row; raises *error* where they are too many."""
        if failures >= self.attempts:
            raise error
        asked = error.wait_seconds if isinstance(error, Refused) else None
        grown = self.first_seconds * 2 ** (failures - 1) * (1 + self.jitter()) / 2
        seconds = min(self.longest_seconds, max(grown, asked or 0.0))
        self.tell(error, seconds)
        self.pause(seconds)


class _Token(requests.auth.AuthBase):
    """As ``auth``, since a header alone would give way to what ``.netrc`` says of the host."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Connection:
    """May be used by several threads at once. *adapter* None: ``pooled(threads=8)``."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        patience: Patience | None = None,
        adapter: BaseAdapter | None = None,
    ) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise ClientError(f"'{url}' is not the address of a service: give http(s)://host.")
        self.url = url.rstrip("/")
        self.patience = patience or Patience()
        self._session = requests.Session()
        self._session.auth = _Token(token)
        self._session.mount(self.url, adapter or pooled(threads=8))

    def ask(self, ask: Ask) -> requests.Response:
        """``once``, tried again with patience: for requests that may be done twice."""
        return self.patiently(lambda: self.once(ask))

    def told(self, ask: Ask) -> Mapping[str, Any]:
        """The object that answers it. Raises ``NotTheService`` as well."""
        return told_in(self.ask(ask))

    def once(self, ask: Ask) -> requests.Response:
        """Raises ``Refused`` for every status from 300 on, and ``Unreachable``."""
        if not ask.path.startswith("/"):
            # Behind the address it would name another host, and the token would go there.
            raise ClientError(f"The service named '{ask.path}', which is no path of its own.")
        try:
            response = self._session.request(
                ask.method,
                self.url + ask.path,
                params=ask.query,
                headers=ask.headers,
                json=ask.json,
                data=ask.body,
                stream=ask.is_streamed,
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise _failure(self.url, error) from error
        if response.status_code >= requests.codes.multiple_choices:
            raise refusal(response)
        return response

    def patiently(self, attempt: Callable[[], Returned]) -> Returned:
        """Try until it succeeds, is refused for good, or patience ends."""
        failures = 0
        while True:
            try:
                return attempt()
            except Unreachable as error:
                failures += 1
                self.patience.wait(failures, error)
            except Refused as error:
                if not error.is_passing:
                    raise
                failures += 1
                self.patience.wait(failures, error)

    def close(self) -> None:
        self._session.close()


def pooled(*, threads: int) -> HTTPAdapter:
    """Connections that are kept, one for each of so many threads."""
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=threads)
    adapter.init_poolmanager(1, threads, blocksize=BLOCK_BYTES)
    return adapter


def _failure(url: str, error: requests.RequestException) -> ClientError:
    """In the words of the system, which the library wraps in several errors of its own."""
    if isinstance(error, requests.Timeout):
        return Unreachable(f"{url} does not answer: it took too long.")
    found: list[OSError] = [one for one in _causes(error) if isinstance(one, OSError)]
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in found):
        # It is shown again whenever it is asked for: nothing to be patient with.
        return ClientError(f"The certificate of {url} is not trusted: {found[-1].strerror}.")
    why = next((one.strerror for one in found if one.strerror), type(error).__name__)
    return Unreachable(f"{url} does not answer: {why}.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
