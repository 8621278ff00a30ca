"""Passwords: hashed, and the wrong ones counted by the address that they come from."""

from datetime import datetime, timedelta

from filemanager.domain.errors import Malformed
from filemanager.domain.ports import Clock, Database
from filemanager.domain.requests.addresses import one_of
from filemanager.domain.requests.passwords import (
    MAX_PASSWORD_BYTES,
    PasswordHashes,
    TooManyWrongPasswords,
)

_MINUTE = timedelta(minutes=1)


def hashed_password(hashes: PasswordHashes, password: str | None) -> str | None:
    """Raises ``Malformed``; slow on purpose."""
    if password is None:
        return None
    if not 0 < len(password.encode("utf-8", "surrogatepass")) <= MAX_PASSWORD_BYTES:
        raise Malformed(f"A password has 1 to {MAX_PASSWORD_BYTES} bytes of UTF-8.")
    return hashes.hashed(password)


class WrongPasswords:
    """Counted so that all nodes agree: an address may be wrong *limit* times in a minute.

    All addresses that one computer may take are one.
    """

    def __init__(self, database: Database, clock: Clock, limit: int = 10) -> None:
        self._database = database
        self._clock = clock
        self._limit = limit

    def ensure_few(self, address: str) -> None:
        """To be asked before a password is looked at, where one is at a time. Raises
        ``TooManyWrongPasswords``.
        """
        until = self._until()
        with self._database.read() as tx:
            taken = tx.tallies.taken(_subject(address), until)
        if taken >= self._limit:
            raise TooManyWrongPasswords(self._limit, self._seconds_to(until))

    def count(self, address: str) -> None:
        """Before a password is looked at: then many at once are no more. Raises
        ``TooManyWrongPasswords``.
        """
        until = self._until()
        if not self._database.write(
            lambda tx: tx.tallies.take(_subject(address), 1, self._limit, until)
        ):
            raise TooManyWrongPasswords(self._limit, self._seconds_to(until))

    def forgive(self, address: str) -> None:
        """It was right: it counts for nothing."""
        until = self._until()
        self._database.write(lambda tx: tx.tallies.take(_subject(address), -1, self._limit, until))

    def _seconds_to(self, until: datetime) -> int:
        return max(1, round((until - self._clock()).total_seconds()))

    def _until(self) -> datetime:
        return self._clock().replace(second=0, microsecond=0) + _MINUTE


def _subject(address: str) -> str:
    return f"wrong_passwords:{one_of(address)}"
