"""How far long work has come, so that it goes on where it stopped."""

from sqlalchemy import Connection, bindparam, select, update

from filemanager.db.engine.statements import insert_missing
from filemanager.db.jobs.tables import progress

_FIND = select(progress.c.value).where(progress.c.name == bindparam("which"))
_SAVE = update(progress).where(progress.c.name == bindparam("which"))


def find(connection: Connection, name: str) -> str | None:
    return connection.scalar(_FIND, {"which": name})


def save(connection: Connection, name: str, value: str) -> None:
    insert_missing(connection, [progress.c.name], [{"name": name, "value": value}])
    connection.execute(_SAVE, {"which": name, "value": value})
