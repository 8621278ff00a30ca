"""Errors of the drivers: which mean that nothing answers, which that a second try may do."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from filemanager.domain.errors import DatabaseUnavailable

# PostgreSQL: deadlock, serialization failure, lock timeout. MariaDB: lock timeout, deadlock, and
# the missing savepoint that hides a deadlock, since that ends the transaction with its savepoints.
_LOST_TO_ANOTHER = frozenset({"40P01", "40001", "55P03", 1205, 1213, 1305})

_TROUBLE = (OperationalError, InterfaceError, PoolTimeout)


@contextmanager
def translated() -> Iterator[None]:
    """Raise ``DatabaseUnavailable`` where the database does not answer, or not in time."""
    try:
        yield
    except _TROUBLE as error:
        raise DatabaseUnavailable from error


def is_lost_to_another(error: DBAPIError) -> bool:
    """Whether the transaction was given up for another's sake, so that it may succeed again."""
    cause = error.orig
    return bool(_LOST_TO_ANOTHER & {getattr(cause, "sqlstate", None), *_number(cause)})


def _number(cause: BaseException | None) -> tuple[object, ...]:
    """PyMySQL's errors carry MariaDB's number first; others a text, which is in no set."""
    return cause.args[:1] if cause is not None else ()
