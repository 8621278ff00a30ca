"""Entries of a revision a page at a time, each page a walk along one index."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, collate, select

from filemanager.db.blobs.blobs import SqlBlobs
from filemanager.db.engine.columns import AnyRow, storable
from filemanager.db.trees.lives import Place
from filemanager.db.trees.queries import CONTENT_AREAS
from filemanager.db.trees.rows import ENTRY_COLUMNS, area_of, entry_of
from filemanager.db.trees.tables import entries
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.listing import EntryPage, EntryQuery, PackedEntry
from filemanager.domain.trees.tree import TreePath


def page(connection: Connection, tree_id: TreeId, query: EntryQuery) -> EntryPage:
    statement = select(*ENTRY_COLUMNS).where(
        _alive_at(tree_id, query.revision), *_filters(connection, query)
    )
    areas = CONTENT_AREAS if query.area is None else (query.area,)
    rows = _walk(connection, _from(statement, areas, query.after), query.limit + 1)
    found = tuple(entry_of(tuple(row)) for row in rows[: query.limit])
    if len(rows) <= query.limit:
        return EntryPage(found, None)
    return EntryPage(found, (found[-1].area, found[-1].path))


def packed(
    connection: Connection, tree_id: TreeId, revision: Revision, after: Place | None, limit: int
) -> Sequence[PackedEntry]:
    statement = select(entries.c.area, entries.c.path, entries.c.digest).where(
        _alive_at(tree_id, revision)
    )
    rows = _walk(connection, _from(statement, CONTENT_AREAS, after), limit)
    # Asked for apart: joined, MariaDB now and then sorts the whole tree for one page.
    found = SqlBlobs(connection).find({digest for _, _, digest in rows})
    return [
        PackedEntry(area_of(area), TreePath(path), found[digest]) for area, path, digest in rows
    ]


def _alive_at(tree_id: TreeId, revision: Revision) -> ColumnElement[bool]:
    """The sums keep planners from the indexes of lives: a page walks along that of the paths."""
    return and_(
        entries.c.tree_id == tree_id,
        entries.c.since + 0 <= revision,
        entries.c.until + 0 > revision,
    )


def _filters(connection: Connection, query: EntryQuery) -> Iterator[ColumnElement[bool]]:
    if query.kind is not None:
        yield entries.c.kind == query.kind.value
    if query.contains:
        path: ColumnElement[str] = entries.c.path
        if connection.dialect.name == "postgresql":
            # In the "C" order of the column only ASCII has letters.
            path = collate(path, "default")
        yield path.icontains(storable(query.contains), autoescape=True)


def _from(
    statement: Select[Any], areas: Sequence[Area], after: Place | None
) -> Iterator[Select[Any]]:
    """One statement for each area from *after* on: comparing pairs would not use the index."""
    for area in sorted(areas):
        if after is not None and area < after[0]:
            continue
        within = statement.where(entries.c.area == area.value).order_by(entries.c.path)
        if after is not None and area == after[0]:
            within = within.where(entries.c.path > str(after[1]))
        yield within


def _walk(
    connection: Connection, statements: Iterator[Select[Any]], limit: int
) -> Sequence[AnyRow]:
    rows: list[AnyRow] = []
    for statement in statements:
        if len(rows) < limit:
            rows += connection.execute(statement.limit(limit - len(rows))).all()
    return rows
