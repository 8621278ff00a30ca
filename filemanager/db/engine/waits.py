"""How long a statement waits for the locks of others, where that is less than usual."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def waiting_less(connection: Connection, seconds: float) -> Iterator[None]:
    """In this transaction; SQLite's writers have waited for their turn already."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{max(1, int(seconds * 1000))}ms'")
    if dialect != "mysql":
        yield
        return
    usual = connection.exec_driver_sql("SELECT @@innodb_lock_wait_timeout").scalar_one()
    _wait_mariadb(connection, math.ceil(seconds))
    try:
        yield
    finally:
        _wait_mariadb(connection, usual)


def _wait_mariadb(connection: Connection, seconds: int) -> None:
    connection.exec_driver_sql(f"SET SESSION innodb_lock_wait_timeout = {max(1, seconds)}")
