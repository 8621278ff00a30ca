"""The auth server's public key, asked for when it is first needed and when it seems to be new."""

import http.client
import math
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from filemanager.api.rawstore.tokens import public_key
from filemanager.domain.ports import Clock
from filemanager.domain.rawstore.stored_file import KeyServerSilent

_PATH = "/auth/public-key"
_TIMEOUT_SECONDS = 5
_MAX_KEY_BYTES = 16 << 10
_ASK_AGAIN = timedelta(minutes=1)
_ASK_AGAIN_IN_VAIN = timedelta(seconds=30)


class FetchedKeys:
    """Asks at most once a minute while it has a key, and every half a minute while it has none.

    One thread asks; nobody waits for it. A pause begins when the server has answered or has not.
    """

    def __init__(self, fetch: Callable[[], str], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._key: Any = None
        self._silent_until: datetime | None = None
        self._asking = threading.Lock()

    def current(self) -> Any:
        """Raises ``KeyServerSilent``, also while another thread is asking for the first key."""
        if self._key is None:
            self._ask()
        if self._key is None:
            raise KeyServerSilent(self._seconds_left())
        return self._key

    def newer(self, than: Any) -> Any | None:
        """Raises ``KeyServerSilent`` while another thread is asking: nobody knows yet."""
        if self._key is than:
            self._ask()
        return None if self._key is than else self._key

    def _ask(self) -> None:
        if not self._asking.acquire(blocking=False):
            raise KeyServerSilent(_TIMEOUT_SECONDS)
        try:
            if self._may_ask():
                self._be_told()
        finally:
            self._asking.release()

    def _be_told(self) -> None:
        # What cannot be had leaves a key that is known as good as it was.
        with suppress(OSError, ValueError, http.client.HTTPException):
            self._key = public_key(self._fetch())
        pause = _ASK_AGAIN_IN_VAIN if self._key is None else _ASK_AGAIN
        self._silent_until = self._clock() + pause

    def _may_ask(self) -> bool:
        return self._silent_until is None or self._clock() >= self._silent_until

    def _seconds_left(self) -> int:
        left = (self._silent_until or self._clock()) - self._clock()
        return max(1, math.ceil(left.total_seconds()))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The key comes from the server that was named, and from no other."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


class _ShortLived(http.client.HTTPConnection):
    """Ends in time also where each byte comes in time: a time-out is for one byte alone."""

    def connect(self) -> None:
        super().connect()
        _cut_in_time(self.sock, self.timeout)


class _ShortLivedSecure(http.client.HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _cut_in_time(self.sock, self.timeout)


def _cut_in_time(connection: socket.socket, seconds: float | None) -> None:
    def cut() -> None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds or _TIMEOUT_SECONDS, cut)
    timer.daemon = True
    timer.start()


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_ShortLived, req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_ShortLivedSecure, req)


def fetching(server: str, seconds: float = _TIMEOUT_SECONDS) -> Callable[[], str]:
    """A function that gets the key of the auth server at *server*, an HTTP URL, within *seconds*
    of having reached it.
    """
    opener = urllib.request.build_opener(_NoRedirects, _Http, _Https)

    def fetch() -> str:
        with opener.open(f"{server.rstrip('/')}{_PATH}", timeout=seconds) as answer:
            return str(answer.read(_MAX_KEY_BYTES), "ascii", "strict")

    return fetch
