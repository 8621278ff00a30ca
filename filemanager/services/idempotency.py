"""Requests that may be sent again: run once for each key, their results kept for a day."""

import hashlib
import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from filemanager.domain.ids import random_id
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import end_of_day
from filemanager.domain.requests.idempotency import (
    Attempt,
    Held,
    IdempotencyKeyReused,
    KeyPlace,
    RequestStillRunning,
    TooManyIdempotencyKeys,
)
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

    def __init__(self, database: Database, clock: Clock, *, keys_per_day: int = 10_000) -> None:
        self._database = database
        self._clock = clock
        self._keys_per_day = keys_per_day

    def begin(self, place: KeyPlace, said: Iterable[bytes]) -> Attempt | str:
        """The attempt that is to be run and ended, or the kept result of an earlier one.

        *said* is all that makes a request another one. Raises ``IdempotencyKeyReused`` where that
        differs, ``RequestStillRunning`` and ``TooManyIdempotencyKeys``.
        """
        attempt = Attempt(place, _fingerprint(said), random_id())
        at = self._clock()
        held = self._database.write(lambda tx: self._claim(tx, attempt, at))
        if held.claim == attempt.claim:
            return attempt
        if held.fingerprint != attempt.fingerprint:
            raise IdempotencyKeyReused
        if held.result is None:
            raise RequestStillRunning
        return held.result

    def _claim(self, tx: Transaction, attempt: Attempt, at: datetime) -> Held:
        """Only who begins counts: what is asked again costs nothing more."""
        held = tx.idempotency_keys.claim(attempt, at, at + LEASE)
        until, subject = end_of_day(at), f"keys:{attempt.place.owner}"
        is_ours = held.claim == attempt.claim
        if is_ours and not tx.tallies.take(subject, 1, self._keys_per_day, until):
            seconds = math.ceil((until - at).total_seconds())
            raise TooManyIdempotencyKeys(self._keys_per_day, seconds)
        return held

    def settle(self, attempt: Attempt, result: str) -> None:
        """Keep the id that the result can be shown again by: never a secret."""
        until = self._clock() + KEEP
        self._database.write(lambda tx: tx.idempotency_keys.settle(attempt, result, until))

    def release(self, attempt: Attempt) -> None:
        """Free the key: nothing came of the request."""
        self._database.write(lambda tx: tx.idempotency_keys.release(attempt))

    def prune(self) -> int:
        """Delete what has expired, and counters of days that are over; returns how many keys."""
        at = self._clock()
        self._database.write(lambda tx: tx.tallies.forget(at))
        return until_nothing(self._database, lambda tx: tx.idempotency_keys.prune(at, _CHUNK))


def _fingerprint(said: Iterable[bytes]) -> str:
    """Each part is hashed by itself, so that parts cannot run into each other."""
    parts = b"".join(hashlib.sha256(part).digest() for part in said)
    return hashlib.sha256(parts).hexdigest()
