"""What lies in a directory of a tree, without reading what lies deeper file by file."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, literal, select

from filemanager.db.engine.columns import moment
from filemanager.db.trees.tables import entries
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.trees.areas import Area

_ALIVE = (
    entries.c.tree_id == bindparam("tree"),
    entries.c.area == Area.SOURCE.value,
    entries.c.since <= bindparam("revision"),
    entries.c.until > bindparam("revision"),
)


def directory_rows(
    connection: Connection, tree_id: TreeId, revision: Revision, directory: str
) -> Iterator[tuple[str, int | None, datetime]]:
    """By name: name, bytes (None: a directory), the newest time; grouped by the database."""
    below = f"{directory}/" if directory else ""
    rest = func.substr(entries.c.path, len(below) + 1)
    slash = _position_of_slash(connection, rest)
    name = case((slash == 0, rest), else_=func.substr(rest, 1, slash - 1))
    statement = (
        select(
            name.label("name"),
            func.max(case((slash == 0, entries.c.size_bytes), else_=literal(-1))),
            func.max(entries.c.modified_at),
        )
        .where(*_ALIVE, entries.c.path >= below, entries.c.path < _behind(below))
        .group_by("name")
        .order_by("name")
    )
    values = {"tree": tree_id, "revision": revision}
    for found, size_bytes, modified_at in connection.execute(statement, values):
        yield found, None if size_bytes < 0 else size_bytes, moment(modified_at)


def _behind(below: str) -> str:
    """The first text behind all that begin with *below* in byte order."""
    return f"{below[:-1]}0" if below else "\U0010ffff"


def _position_of_slash(connection: Connection, text: ColumnElement[str]) -> ColumnElement[int]:
    """Counted from 1; 0 where there is none."""
    if connection.dialect.name == "postgresql":
        return func.strpos(text, "/")
    return func.instr(text, "/")
