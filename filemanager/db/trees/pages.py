"""Entries of a revision a page at a time, each page a walk along one index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, bindparam, collate, select

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

# The sums keep planners from the indexes of lives: a page walks along that of the paths, area by
# area, since comparing pairs would not use it. Made once: to make one takes longer than its answer.
_BEHIND = and_(
    entries.c.tree_id == bindparam("tree"),
    entries.c.since + 0 <= bindparam("revision"),
    entries.c.until + 0 > bindparam("revision"),
    entries.c.area == bindparam("area"),
    entries.c.path > bindparam("after"),
)
_LIMIT = bindparam("limit", type_=Integer)
_PAGE = select(*ENTRY_COLUMNS).where(_BEHIND).order_by(entries.c.path).limit(_LIMIT)
_PACKED = (
    select(entries.c.area, entries.c.path, entries.c.digest)
    .where(_BEHIND)
    .order_by(entries.c.path)
    .limit(_LIMIT)
)


def page(connection: Connection, tree_id: TreeId, query: EntryQuery) -> EntryPage:
    statement = _PAGE.where(*_filters(connection, query))
    areas = CONTENT_AREAS if query.area is None else (query.area,)
    walk = _Walk(connection, tree_id, query.revision, query.limit + 1)
    rows = walk.rows(statement, _from(areas, query.after))
    found = tuple(entry_of(tuple(row)) for row in rows[: query.limit])
    if len(rows) <= query.limit:
        return EntryPage(found, None)
    return EntryPage(found, (found[-1].area, found[-1].path))


def packed(
    connection: Connection, tree_id: TreeId, revision: Revision, after: Place | None, limit: int
) -> Sequence[PackedEntry]:
    walk = _Walk(connection, tree_id, revision, limit)
    rows = walk.rows(_PACKED, _from(CONTENT_AREAS, after))
    # Asked for apart: joined, MariaDB now and then sorts the whole tree for one page.
    found = SqlBlobs(connection).find({digest for _, _, digest in rows})
    return [
        PackedEntry(area_of(area), TreePath(path), found[digest]) for area, path, digest in rows
    ]


def _filters(connection: Connection, query: EntryQuery) -> Iterator[ColumnElement[bool]]:
    if query.kind is not None:
        yield entries.c.kind == query.kind.value
    if query.contains:
        path: ColumnElement[str] = entries.c.path
        if connection.dialect.name == "postgresql":
            # In the "C" order of the column only ASCII has letters.
            path = collate(path, "default")
        yield path.icontains(storable(query.contains), autoescape=True)


def _from(areas: Sequence[Area], after: Place | None) -> Iterator[Place]:
    """Where to begin in each area; no path is empty."""
    for area in sorted(areas):
        if after is None or area > after[0]:
            yield area, ""
        elif area == after[0]:
            yield after


@dataclass(frozen=True, slots=True)
class _Walk:
    connection: Connection
    tree_id: TreeId
    revision: Revision
    limit: int

    def rows(self, statement: Select[Any], places: Iterator[Place]) -> Sequence[AnyRow]:
        rows: list[AnyRow] = []
        for area, after in places:
            values: dict[str, object] = {"tree": self.tree_id, "revision": self.revision}
            values |= {"area": area.value, "after": str(after), "limit": self.limit - len(rows)}
            if len(rows) < self.limit:
                rows += self.connection.execute(statement, values).all()
        return rows
