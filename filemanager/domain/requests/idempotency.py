"""Keys of requests that may be sent again: who runs under one, and what came of it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from filemanager.domain.caller import Owner
from filemanager.domain.errors import Conflict, Malformed, Rejected, Throttled

MAX_RESULT_CHARACTERS = 100

_BARE = re.compile(r"[!#-~][!-~]{0,254}")
_QUOTED = re.compile(r'"(?P<inside>(?:[!#-\[\]-~]|\\["\\])+)"')
_MAX_CHARACTERS = 255


class IdempotencyKeyMalformed(Rejected):
    """The ``Idempotency-Key`` is not 1 to 255 visible ASCII characters, quoted or bare."""

    code = "idempotency_key_malformed"

    def __init__(self) -> None:
        super().__init__(
            "The Idempotency-Key must be 1 to 255 visible ASCII characters, quoted or bare."
        )


class IdempotencyKeyReused(Malformed):
    """The ``Idempotency-Key`` came with another request before; take a new one."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            "The Idempotency-Key was sent with another request before. Take a new key for this one."
        )


class RequestStillRunning(Conflict):
    """A request with the same ``Idempotency-Key`` is not over yet."""

    code = "request_still_running"
    retry_after_seconds = 2

    def __init__(self) -> None:
        super().__init__(
            "A request with this Idempotency-Key is still running. Send it again in a moment."
        )


class TooManyIdempotencyKeys(Throttled):
    code = "too_many_idempotency_keys"

    def __init__(self, limit: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"You sent {limit} requests with an Idempotency-Key today, which is as many as one"
            " owner may (FILEMANAGER_IDEMPOTENCY_KEYS_PER_DAY). Go on tomorrow (UTC), or without."
        )
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """A key means something to one owner on one route only."""

    owner: Owner
    route: str
    key: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request under a key: ``fingerprint`` is a SHA-256 in hex of all that makes it another
    request, ``claim`` 32 random hex digits of this attempt alone.
    """

    place: KeyPlace
    fingerprint: str
    claim: str


@dataclass(frozen=True, slots=True)
class Held:
    """What lies under a key: ``result`` None means that the attempt of ``claim`` runs."""

    fingerprint: str
    claim: str
    result: str | None


class IdempotencyKeys(Protocol):
    def claim(self, attempt: Attempt, at: datetime, until: datetime) -> Held:
        """Take a place that is free or has expired, until then, and return what lies there now.

        Exactly one of many attempts finds its own claim.
        """

    def settle(self, attempt: Attempt, result: str, until: datetime) -> None:
        """Keep *result* until then; nothing changes where another attempt has the place by now."""

    def release(self, attempt: Attempt) -> None:
        """Free the place, unless another attempt has it by now."""

    def prune(self, at: datetime, limit: int) -> int:
        """Delete what has expired; returns how many."""


def key_from(header: str) -> str:
    """Read the header's value: a string of RFC 8941, or the bare key.

    Raises ``IdempotencyKeyMalformed``.
    """
    text = header.strip(" \t")
    if found := _QUOTED.fullmatch(text):
        text = re.sub(r"\\(.)", r"\1", found["inside"])
        if len(text) <= _MAX_CHARACTERS:
            return text
    elif _BARE.fullmatch(text):
        return text
    raise IdempotencyKeyMalformed
