"""Passwords of shares: tried a few times, remembered when they were right."""

import hashlib
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.addresses import one_of
from filemanager.domain.requests.passwords import MAX_PASSWORD_BYTES, PasswordHashes
from filemanager.domain.shares.errors import TooManyWrongSharePasswords, WrongSharePassword
from filemanager.domain.shares.share import Share
from filemanager.domain.shares.visit import KNOWN_FOR, Visitor, visitor_at

A_MINUTE = 5
"""Wrong ones of an address."""
AN_HOUR = 100
"""Wrong ones of all addresses that were not right lately."""

_MEMORY = timedelta(minutes=5)
_REMEMBERED = 4096
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


class SharePasswords:
    """A hash is slow on purpose, and a client sends its password with each request: one that was
    right is remembered by its digest for a while, and one at a time is looked at.
    """

    def __init__(self, database: Database, hashes: PasswordHashes, clock: Clock) -> None:
        self._database = database
        self._hashes = hashes
        self._clock = clock
        self._known: dict[bytes, datetime] = {}
        self._turn = threading.Lock()

    def ensure_right(self, share: Share | None, password: str, address: str) -> None:
        """None: there is no such share, which takes as long and sounds the same as a wrong one.

        Raises ``WrongSharePassword`` and ``TooManyWrongSharePasswords``.
        """
        name = _name(share, password, address)
        if self._is_remembered(name):
            return
        with self._turn:
            # Who waited may have waited for the same password.
            if not self._is_remembered(name):
                self._verify(share, password, address)
                self._remember(name)

    def _verify(self, share: Share | None, password: str, address: str) -> None:
        """An attempt is counted before it is looked at, so that many at once are no more."""
        at = self._clock()
        attempt = _Attempt(share, address, at)
        self._database.write(attempt.count)
        known = None if share is None else share.password
        is_short = len(password.encode()) <= MAX_PASSWORD_BYTES
        if not self._hashes.fits(known, password if is_short else "") or not is_short:
            raise WrongSharePassword
        self._database.write(attempt.forgive)

    def _is_remembered(self, name: bytes) -> bool:
        at = self._clock()
        return at < self._known.get(name, at)

    def _remember(self, name: bytes) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[name] = self._clock() + _MEMORY


@dataclass(frozen=True, slots=True)
class _Limit:
    """``subject`` is counted until then."""

    subject: str
    most: int
    period: str
    until: datetime

    def take(self, tx: Transaction, at: datetime) -> None:
        if not tx.tallies.take(self.subject, 1, self.most, self.until):
            seconds = (self.until - at).total_seconds()
            raise TooManyWrongSharePasswords(self.most, self.period, max(1, round(seconds)))

    def give_back(self, tx: Transaction) -> None:
        tx.tallies.take(self.subject, -1, self.most, self.until)


class _Attempt:
    """One password that an address tries on a share."""

    def __init__(self, share: Share | None, address: str, at: datetime) -> None:
        self._share = share
        self._at = at
        number = 0 if share is None else share.id
        self._visitor = Visitor(one_of(address)) if share is None else visitor_at(share, address)
        minute, hour = at.replace(second=0), at.replace(minute=0, second=0)
        self._of_address = _Limit(
            f"wrong_share:{number}:{self._visitor}", A_MINUTE, "a minute", _end(minute, _MINUTE)
        )
        self._of_all = _Limit(f"wrong_share:{number}", AN_HOUR, "an hour", _end(hour, _HOUR))

    def count(self, tx: Transaction) -> None:
        self._of_address.take(tx, self._at)
        if self._counts_for_all(tx):
            self._of_all.take(tx, self._at)

    def forgive(self, tx: Transaction) -> None:
        """It was right: it counts for nothing, and the address is known from now on."""
        self._of_address.give_back(tx)
        if self._counts_for_all(tx):
            self._of_all.give_back(tx)
        if self._share is not None:
            tx.shares.visits.note_right(self._share.id, self._visitor, self._at)

    def _counts_for_all(self, tx: Transaction) -> bool:
        """Nobody is kept from a share by what others try on it, who was let in lately."""
        if self._share is None:
            return False
        since = self._at - KNOWN_FOR
        return not tx.shares.visits.was_right(self._share.id, self._visitor, since)


def _end(begun: datetime, lasting: timedelta) -> datetime:
    return begun.replace(microsecond=0) + lasting


def _name(share: Share | None, password: str, address: str) -> bytes:
    """What it is remembered by; another hash, as after a change, is another."""
    said = (share.password or "" if share else "", address, password)
    return hashlib.sha256("\0".join(said).encode("utf-8", "surrogateescape")).digest()
