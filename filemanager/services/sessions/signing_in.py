"""Sessions: begun for who showed who they are, found again by a secret, ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from filemanager.domain.caller import Caller
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.secrets import NewSecret, new_secret, secret_digest
from filemanager.domain.sessions.errors import HandoverGone, TooManySignIns
from filemanager.domain.sessions.session import (
    HANDED_OVER_FOR,
    IDLE,
    LASTS,
    SEEN_EVERY,
    Handover,
    WebSession,
    WebSessionId,
)
from filemanager.services.paging import until_nothing

MAX_SIGN_INS = 100
"""Sessions of an owner in an hour, and hand-overs."""

_LONGEST_SECRET = 200
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class NewSession:
    """``secret`` is what the browser keeps; nobody else knows it."""

    secret: NewSecret
    session: WebSession


class SessionService:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def begin(self, caller: Caller, ends_at: datetime | None, replaced: str | None) -> NewSession:
        """A session with a new secret; that of *replaced*, which the browser had, ends.

        *ends_at* is the end of the token that was shown; None: it has none. Raises
        ``TooManySignIns``.
        """
        return self._database.write(lambda tx: self._begin(tx, caller, ends_at, replaced))

    def find(self, secret: str) -> WebSession | None:
        """The session, noted as seen now; None where it has ended."""
        session = self._found(secret)
        at = self._clock()
        if session is not None and at - session.seen_at >= SEEN_EVERY:
            known = session.id
            self._database.write(lambda tx: tx.sessions.note_seen(known, at))
        return session

    def end(self, session: WebSession) -> None:
        """With its tokens."""
        self._database.write(lambda tx: tx.sessions.end(session.id))

    def hand_over(self, caller: Caller, ends_at: datetime | None) -> tuple[NewSecret, Handover]:
        """Leave to sign in as *caller*, for a minute and once. Raises ``TooManySignIns``."""
        at, secret = self._clock(), new_secret()
        handover = Handover(caller=caller, session_ends_at=ends_at, expires_at=at + HANDED_OVER_FOR)

        def work(tx: Transaction) -> None:
            count_sign_in(tx, "handed_over", caller, at)
            tx.sessions.handovers.add(handover, secret.digest)

        self._database.write(work)
        return secret, handover

    def offered(self, secret: str) -> Handover:
        """What a link offers; it stays as it is. Raises ``HandoverGone``."""
        with self._database.read() as tx:
            return self._good(tx.sessions.handovers.find(_digest(secret)))

    def accept(self, secret: str, replaced: str | None) -> NewSession:
        """``begin`` for whom the link is, once. Raises ``HandoverGone`` and ``TooManySignIns``."""

        def work(tx: Transaction) -> NewSession:
            taken = self._good(tx.sessions.handovers.take(_digest(secret)))
            return self._begin(tx, taken.caller, taken.session_ends_at, replaced)

        return self._database.write(work)

    def prune(self) -> int:
        """Forget what has ended; returns how many."""
        at = self._clock()
        return sum(
            until_nothing(self._database, work)
            for work in (
                lambda tx: tx.sessions.tokens.prune(at, _CHUNK),
                lambda tx: tx.sessions.handovers.prune(at, _CHUNK),
                lambda tx: tx.sessions.prune(at - IDLE, at, _CHUNK),
            )
        )

    def _begin(
        self, tx: Transaction, caller: Caller, ends_at: datetime | None, replaced: str | None
    ) -> NewSession:
        at, secret = self._clock(), new_secret()
        count_sign_in(tx, "signed_in", caller, at)
        before = tx.sessions.find(_digest(replaced)) if replaced else None
        if before is not None:
            tx.sessions.end(before.id)
        session = WebSession(
            id=WebSessionId(0),
            digest=secret.digest,
            caller=caller,
            created_at=at,
            seen_at=at,
            ends_at=min(at + LASTS, ends_at or at + LASTS),
        )
        return NewSession(secret, tx.sessions.add(session))

    def _found(self, secret: str) -> WebSession | None:
        with self._database.read() as tx:
            session = tx.sessions.find(_digest(secret))
        return session if session is not None and session.is_alive(self._clock()) else None

    def _good(self, handover: Handover | None) -> Handover:
        if handover is None or handover.expires_at <= self._clock():
            raise HandoverGone
        return handover


def count_sign_in(
    tx: Transaction, kind: str, caller: Caller, at: datetime, most: int = MAX_SIGN_INS
) -> None:
    """Raises ``TooManySignIns``."""
    until = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if not tx.tallies.take(f"{kind}:{caller.owner}", 1, most, until):
        raise TooManySignIns(most, max(1, round((until - at).total_seconds())))


def _digest(secret: str) -> Digest:
    return secret_digest(secret[:_LONGEST_SECRET])
