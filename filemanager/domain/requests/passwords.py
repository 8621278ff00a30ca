"""Passwords: how they are kept, and what is said of those that open nothing."""

from typing import Protocol

from filemanager.domain.errors import Throttled, Unauthenticated

MAX_PASSWORD_BYTES = 256
"""Of a password that is hashed slowly on purpose."""


class PasswordHashes(Protocol):
    """Slow on purpose, and so that time does not tell what was wrong."""

    def hashed(self, password: str) -> str: ...

    def fits(self, known: str | None, password: str) -> bool:
        """Whether *known* is a hash of it; None: no, after as much work."""


class WrongPassword(Unauthenticated):
    """One error for a name that nobody has, and for another's password."""

    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__("The name or the password is wrong.")


class TooManyWrongPasswords(Throttled):
    code = "too_many_wrong_passwords"

    def __init__(self, limit: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"{limit} wrong passwords came from this address in a minute."
            f" Wait {retry_after_seconds} seconds."
        )
        self.retry_after_seconds = retry_after_seconds
