"""How fast a body comes or an answer goes, and whether it may go on so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from werkzeug.exceptions import RequestTimeout

from filemanager.api.http.context import OWNER
from filemanager.domain.errors import TooSlow
from filemanager.serving.crowd import Crowd
from filemanager.serving.patience import SLOW_SECONDS, WINDOW_SECONDS, Patience

_STALLED = "The connection stood still for too long, or moved too little. Send the request again."


class Pausing(Protocol):
    """Told when a thread waits for its client, and when no longer."""

    def pause(self) -> None: ...
    def resume(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Clients:
    """What all requests of a process share."""

    patience: Patience
    crowd: Crowd
    turns: Pausing
    clock: Callable[[], float]


class Pace:
    """Only waiting counts: a client is not slow because the service is."""

    def __init__(self, clients: Clients) -> None:
        self._patience = clients.patience
        self._crowd = clients.crowd
        self._moved_bytes = 0
        self._waited_seconds = 0.0
        self._still_seconds = 0.0
        self._window_seconds = 0.0
        self._window_bytes = 0
        self._is_slow = False
        self.is_unwanted = False
        self.environ: dict[str, Any] = {}

    @property
    def asker(self) -> str:
        return str(self.environ.get(OWNER) or self.environ.get("REMOTE_ADDR"))

    @property
    def rate(self) -> float:
        return self._moved_bytes / max(self._waited_seconds, 0.001)

    def wait(self, seconds: float, moved_bytes: int) -> None:
        """Count that it was waited for so long, *moved_bytes* having moved since the beginning.

        Raises ``TooSlow`` or ``RequestTimeout`` where it may not go on.
        """
        more_bytes = moved_bytes - self._moved_bytes
        self._moved_bytes = moved_bytes
        self._still_seconds = 0.0 if more_bytes else self._still_seconds + seconds
        self._waited_seconds += seconds
        self._window_seconds += seconds
        self._window_bytes += more_bytes
        if self._waited_seconds >= SLOW_SECONDS and not self._is_slow:
            self._is_slow = True
            self._crowd.join(self)
        self._ensure_may_go_on()

    def end(self) -> None:
        """Count among the slow no more."""
        if self._is_slow:
            self._crowd.leave(self)

    def _ensure_may_go_on(self) -> None:
        if self.is_unwanted:
            raise TooSlow
        if self._still_seconds >= self._patience.stall_seconds:
            raise RequestTimeout(_STALLED)
        if self._window_seconds >= WINDOW_SECONDS:
            if self._window_bytes < self._patience.min_rate_bytes * WINDOW_SECONDS:
                raise RequestTimeout(_STALLED)
            self._window_seconds, self._window_bytes = 0.0, 0
