"""The auth server's public key, asked for when it is first needed and when it seems to be new."""

import http.client
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from filemanager.api.rawstore.tokens import public_key
from filemanager.domain.ports import Clock
from filemanager.domain.rawstore.stored_file import KeyServerSilent

_PATH = "/auth/public-key"
_TIMEOUT_SECONDS = 5
_MAX_KEY_BYTES = 16 << 10
_ASK_AGAIN = timedelta(minutes=1)
_ASK_AGAIN_IN_VAIN = timedelta(seconds=5)


class FetchedKeys:
    """Asks at most once a minute while it has a key, and every five seconds while it has none."""

    def __init__(self, fetch: Callable[[], str], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._key: Any = None
        self._asked_at: datetime | None = None
        self._turn = threading.Lock()

    def current(self) -> Any:
        """Raises ``KeyServerSilent``."""
        if self._key is None:
            with self._turn:
                if self._key is None and self._may_ask(_ASK_AGAIN_IN_VAIN):
                    self._ask()
        if self._key is None:
            raise KeyServerSilent
        return self._key

    def newer(self) -> Any | None:
        with self._turn:
            if not self._may_ask(_ASK_AGAIN):
                return None
            try:
                self._ask()
            except KeyServerSilent:
                return None  # the key that is known stays good
            return self._key

    def _may_ask(self, pause: timedelta) -> bool:
        return self._asked_at is None or self._clock() - self._asked_at >= pause

    def _ask(self) -> None:
        self._asked_at = self._clock()
        try:
            self._key = public_key(self._fetch())
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise KeyServerSilent from error


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The key comes from the server that was named, and from no other."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def fetching(server: str) -> Callable[[], str]:
    """A function that gets the key of the auth server at *server*, an HTTP URL."""
    opener = urllib.request.build_opener(_NoRedirects)

    def fetch() -> str:
        with opener.open(f"{server.rstrip('/')}{_PATH}", timeout=_TIMEOUT_SECONDS) as answer:
            return str(answer.read(_MAX_KEY_BYTES), "ascii", "strict")

    return fetch
