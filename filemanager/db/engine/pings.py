"""Whether a connection to PostgreSQL still lives, asked where that is in doubt."""

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

_FRESH_SECONDS = 1.0
_USED_AT = "filemanager_used_at"


def ping_where_in_doubt(engine: Engine) -> None:
    """Ask before a connection is used again that was in no use for a second, or has been spoken to.

    After an outage every process holds dead connections, and nobody's request is to find out. But a
    question costs a round trip, as much as most reads do. Between two uses the server has nothing
    to say but farewell, and that the system knows.
    """
    dialect = engine.dialect

    def on_checkin(_connection: Any, record: Any) -> None:
        record.info[_USED_AT] = time.monotonic()

    def on_checkout(connection: Any, record: Any, _proxy: object) -> None:
        used_at = record.info.get(_USED_AT)
        if used_at is None or (_is_fresh(used_at) and not _has_been_spoken_to(connection)):
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            # New ones are made of all that are as old.
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", on_checkin)
    event.listen(engine, "checkout", on_checkout)


def _is_fresh(used_at: float) -> bool:
    return time.monotonic() - used_at < _FRESH_SECONDS


def _has_been_spoken_to(connection: Any) -> bool:
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    return bool(waiting.poll(0))
