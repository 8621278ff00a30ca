"""Passwords hashed by Argon2id (RFC 9106)."""

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_PASSES = 2
_MEMORY_KIB = 19 * 1024
"""A request is to stay small, and many may come at once."""


class Argon2Passwords:
    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)

    def hashed(self, password: str) -> str:
        return self._hasher.hash(password)

    def fits(self, known: str | None, password: str) -> bool:
        try:
            is_right = self._hasher.verify(known or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return is_right and known is not None

    @cached_property
    def _nobodys(self) -> str:
        return self.hashed("")
