"""Requests that may be sent again: run once for each key, their results kept for a day."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from filemanager.domain.idempotency import (
    Attempt,
    IdempotencyKeyReused,
    KeyPlace,
    RequestStillRunning,
)
from filemanager.domain.ids import random_id
from filemanager.domain.ports import Clock, Database
from filemanager.services.paging import until_nothing

KEEP = timedelta(hours=24)
"""How long a result is kept."""

LEASE = timedelta(minutes=2)
"""After how long a run that was never ended is taken for dead, and its key free again."""

_CHUNK = 1000


class IdempotencyService:
    """A run and its key are ended in two transactions.

    A process that dies between them has done the work, and does it again for a request that comes
    after the lease.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def begin(self, place: KeyPlace, said: Iterable[bytes]) -> Attempt | str:
        """The attempt that is to be run and ended, or the kept result of an earlier one.

        *said* is all that makes a request another one. Raises ``IdempotencyKeyReused`` where that
        differs, and ``RequestStillRunning``.
        """
        attempt = Attempt(place, _fingerprint(said), random_id())
        at = self._clock()
        held = self._database.write(lambda tx: tx.idempotency_keys.claim(attempt, at, at + LEASE))
        if held.claim == attempt.claim:
            return attempt
        if held.fingerprint != attempt.fingerprint:
            raise IdempotencyKeyReused
        if held.result is None:
            raise RequestStillRunning
        return held.result

    def settle(self, attempt: Attempt, result: str) -> None:
        """Keep the id that the result can be shown again by: never a secret."""
        until = self._clock() + KEEP
        self._database.write(lambda tx: tx.idempotency_keys.settle(attempt, result, until))

    def release(self, attempt: Attempt) -> None:
        """Free the key: nothing came of the request."""
        self._database.write(lambda tx: tx.idempotency_keys.release(attempt))

    def prune(self) -> int:
        """Delete what has expired; returns how many."""
        at = self._clock()
        return until_nothing(self._database, lambda tx: tx.idempotency_keys.prune(at, _CHUNK))


def _fingerprint(said: Iterable[bytes]) -> str:
    """Each part is hashed by itself, so that parts cannot run into each other."""
    parts = b"".join(hashlib.sha256(part).digest() for part in said)
    return hashlib.sha256(parts).hexdigest()
