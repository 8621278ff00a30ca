"""Which items of a package lie where, and have which digests."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, select

from filemanager.db.engine.statements import chunks
from filemanager.db.packages.tables import package_items, pointers
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.sources.source import SourceId

_ALIVE = (
    package_items.c.tree_id == bindparam("tree"),
    package_items.c.since <= bindparam("revision"),
    package_items.c.until > bindparam("revision"),
)
_POINTED = pointers.join(package_items, package_items.c.pointer_id == pointers.c.id)
_SOURCES = (
    select(pointers.c.source_id)
    .select_from(_POINTED)
    .where(*_ALIVE, pointers.c.source_id.is_not(None))
    .distinct()
)


def source_ids(connection: Connection, tree_id: TreeId, revision: Revision) -> Collection[SourceId]:
    asked = {"tree": tree_id, "revision": revision}
    return [SourceId(found) for found in connection.scalars(_SOURCES, asked)]


def paths_with(
    connection: Connection,
    place: tuple[TreeId, Revision],
    own: Column[Any],
    pointed: Column[Any],
    digests: Iterable[str],
) -> Collection[str]:
    """Paths of items whose digest is one of these, in the column of their own or of pointers."""
    tree_id, revision = place
    found: set[str] = set()
    for chunk in chunks(sorted(set(digests))):
        for statement in _by_digest(own, pointed, chunk):
            asked = {"tree": tree_id, "revision": revision}
            found.update(connection.scalars(statement, asked))
    return found


def _by_digest(
    own: Column[Any], pointed: Column[Any], digests: Collection[str]
) -> tuple[Select[Any], Select[Any]]:
    path = select(package_items.c.path).where(*_ALIVE)
    return (
        path.where(own.in_(digests)),
        path.select_from(_POINTED).where(pointed.in_(digests)),
    )
