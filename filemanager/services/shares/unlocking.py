"""Unlocking: a password, or a token, for an address that opens the share for a day."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from filemanager.domain.caller import Caller
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.secrets import new_secret
from filemanager.domain.shares.capability import (
    MAX_UNLOCKS,
    UNLOCKED_FOR,
    CapabilityId,
    ShareCapability,
)
from filemanager.domain.shares.errors import (
    NotOfAudience,
    SharePasswordNeeded,
    ShareTokenNeeded,
    TooManyUnlocks,
)
from filemanager.domain.shares.share import Share
from filemanager.services.shares.opening import Guest, ShareOpening
from filemanager.services.shares.passwords import SharePasswords


@dataclass(frozen=True, slots=True)
class Unlocked:
    """``place`` is a path with a slash at both ends. ``expires_at`` None: it opens what anybody
    sees.
    """

    place: str = field(repr=False)
    expires_at: datetime | None


class UnlockService:
    def __init__(
        self, database: Database, opening: ShareOpening, passwords: SharePasswords, clock: Clock
    ) -> None:
        self._database = database
        self._opening = opening
        self._passwords = passwords
        self._clock = clock

    def unlock(
        self, slug: str, password: str | None, caller: Caller | None, guest: Guest
    ) -> Unlocked:
        """Raises what ``ShareOpening.by_name`` does, ``NotOfAudience`` and ``TooManyUnlocks``."""
        share, _ = self._opening.alive(slug, password, guest)
        if not share.is_protected:
            return Unlocked(f"/s/{slug}/", share.expires_at)
        _ensure_of_audience(share, caller)
        if share.password is not None:
            if password is None:
                raise SharePasswordNeeded
            self._passwords.ensure_right(share, password, guest.address)
        return self._given(share)

    def _given(self, share: Share) -> Unlocked:
        at, secret = self._clock(), new_secret()
        ends = [at + UNLOCKED_FOR, share.expires_at]
        capability = ShareCapability(
            id=CapabilityId(0),
            share_id=share.id,
            name=None,
            created_at=at,
            expires_at=min(end for end in ends if end is not None),
        )

        def work(tx: Transaction) -> None:
            _count(tx, share, at)
            tx.shares.capabilities.add(capability, secret.digest)

        self._database.write(work)
        return Unlocked(f"/k/{secret.text}/", capability.expires_at)


def _ensure_of_audience(share: Share, caller: Caller | None) -> None:
    if not share.audience:
        return
    if caller is None:
        raise ShareTokenNeeded
    if caller.owner not in share.audience:
        raise NotOfAudience


def _count(tx: Transaction, share: Share, at: datetime) -> None:
    until = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if not tx.tallies.take(f"unlocked_share:{share.id}", 1, MAX_UNLOCKS, until):
        seconds = (until - at).total_seconds()
        raise TooManyUnlocks(MAX_UNLOCKS, max(1, round(seconds)))
