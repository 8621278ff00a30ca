"""Turns at the memory that large decoders need: one upload of a process at a time."""

from contextlib import AbstractContextManager
from threading import Lock
from types import TracebackType
from typing import Self

from filemanager.domain.errors import DecodersBusy

WAIT_SECONDS = 10.0


class Turns:
    """The turns of one process."""

    def __init__(self, wait_seconds: float = WAIT_SECONDS) -> None:
        self._wait_seconds = wait_seconds
        self._lock = Lock()

    def of_upload(self) -> "Turn":
        return Turn(self._lock, self._wait_seconds)


class Turn(AbstractContextManager["Turn"]):
    """One upload's: entered for each round of checks, had once for all streams of a round.

    Only the first round may wait. Later ones may run under the lock of a tree, where nobody must
    wait for somebody who may himself wait for that lock.
    """

    def __init__(self, lock: Lock, wait_seconds: float) -> None:
        self._lock = lock
        self._wait_seconds = wait_seconds
        self._is_had = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._wait_seconds = 0.0
        if self._is_had:
            self._is_had = False
            self._lock.release()

    def take(self) -> None:
        """Call within ``with``. Raises ``DecodersBusy``."""
        if not self._is_had and not self._lock.acquire(timeout=self._wait_seconds):
            raise DecodersBusy
        self._is_had = True
