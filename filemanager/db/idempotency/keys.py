"""Keys of requests that may be sent again."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, select, tuple_, update

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.statements import insert_missing
from filemanager.db.idempotency.tables import idempotency_keys as keys
from filemanager.domain.requests.idempotency import Attempt, Held

_PLACE = (keys.c.owner, keys.c.route, keys.c.key)
_AT_PLACE = and_(
    keys.c.owner == bindparam("of_owner"),
    keys.c.route == bindparam("of_route"),
    keys.c.key == bindparam("of_key"),
)
_MINE = and_(_AT_PLACE, keys.c.claim == bindparam("mine"), keys.c.result.is_(None))
_TAKE_OVER = (
    update(keys)
    .where(_AT_PLACE, keys.c.expires_at < bindparam("at"))
    .values(
        fingerprint=bindparam("print"),
        claim=bindparam("mine"),
        result=None,
        expires_at=bindparam("until"),
    )
)
_SETTLE = update(keys).where(_MINE).values(result=bindparam("came"), expires_at=bindparam("until"))
_RELEASE = delete(keys).where(_MINE)
_HELD = select(keys.c.fingerprint, keys.c.claim, keys.c.result).where(_AT_PLACE)


class SqlIdempotencyKeys:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, attempt: Attempt, at: datetime, until: datetime) -> Held:
        place = attempt.place
        row = {
            "owner": place.owner,
            "route": place.route,
            "key": place.key,
            "fingerprint": attempt.fingerprint,
            "claim": attempt.claim,
            "result": None,
            "expires_at": milliseconds(until),
        }
        insert_missing(self._connection, _PLACE, [row])
        asked = {**_asked(attempt), "print": attempt.fingerprint, "mine": attempt.claim}
        times = {"at": milliseconds(at), "until": milliseconds(until)}
        self._connection.execute(_TAKE_OVER, {**asked, **times})
        found = self._connection.execute(_HELD, _asked(attempt)).one()
        return Held(found.fingerprint, found.claim, found.result)

    def settle(self, attempt: Attempt, result: str, until: datetime) -> None:
        told = {"mine": attempt.claim, "came": result, "until": milliseconds(until)}
        self._connection.execute(_SETTLE, {**_asked(attempt), **told})

    def release(self, attempt: Attempt) -> None:
        self._connection.execute(_RELEASE, {**_asked(attempt), "mine": attempt.claim})

    def prune(self, at: datetime, limit: int) -> int:
        # Read first: MariaDB deletes from no table that a limited subquery reads.
        over = keys.c.expires_at < milliseconds(at)
        found = self._connection.execute(
            select(*_PLACE).where(over).order_by(keys.c.expires_at).limit(limit)
        ).all()
        if not found:
            return 0
        # Asked again: the row may have been taken over meanwhile.
        gone = delete(keys).where(tuple_(*_PLACE).in_([tuple(row) for row in found]), over)
        return self._connection.execute(gone).rowcount


def _asked(attempt: Attempt) -> dict[str, object]:
    place = attempt.place
    return {"of_owner": place.owner, "of_route": place.route, "of_key": place.key}
