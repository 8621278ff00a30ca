"""Pins: one row each, whatever the size of the tree."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    Table,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
)

from filemanager.db.engine.columns import AnyRow, milliseconds, moment
from filemanager.db.engine.statements import chunks
from filemanager.db.trees.state import lock
from filemanager.db.trees.tables import pins, trees
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.trees.errors import PinExists, RevisionPruned, RevisionUnknown
from filemanager.domain.trees.history import Pin

_ADD = insert(pins).returning(pins.c.id)
_OF_TREE = select(pins).where(pins.c.tree_id == bindparam("tree")).order_by(pins.c.id)
_FIND = _OF_TREE.where(pins.c.name == bindparam("called"))
_PRUNED_THROUGH = select(trees.c.pruned_through).where(trees.c.id == bindparam("tree"))


class SqlPins:
    """*pinning* are the tables whose rows keep a revision: that of pins, and others like it."""

    def __init__(self, connection: Connection, pinning: tuple[Table, ...]) -> None:
        self._connection = connection
        self._pinning = pinning

    def add(self, pin: Pin) -> Pin:
        lock(self._connection, pin.tree_id)
        self.ensure_kept(pin.tree_id, pin.revision)
        if pin.name is not None and self.find(pin.tree_id, pin.name) is not None:
            raise PinExists(pin.name)
        values = {
            "tree_id": pin.tree_id,
            "revision": pin.revision,
            "name": pin.name,
            "created_by": pin.created_by,
            "created_at": milliseconds(pin.created_at),
        }
        return replace(pin, id=self._connection.execute(_ADD, values).scalar_one())

    def ensure_kept(self, tree_id: TreeId, revision: Revision) -> None:
        found = self._connection.execute(
            _state(self._pinning), {"tree": tree_id, "at": revision}
        ).one()
        if not 0 <= revision <= found.revision:
            raise RevisionUnknown
        if 0 < revision <= found.pruned_through and not found.is_pinned:
            raise RevisionPruned

    def kept(self, tree_id: TreeId, revisions: Collection[Revision]) -> Collection[Revision]:
        through = self._connection.execute(_PRUNED_THROUGH, {"tree": tree_id}).scalar_one()
        older = {one for one in revisions if 0 < one <= through}
        kept = set(revisions) - older
        for chunk in chunks(sorted(older)):
            for table in self._pinning:
                pinned = select(table.c.revision).where(
                    table.c.tree_id == tree_id, table.c.revision.in_(chunk)
                )
                kept.update(map(Revision, self._connection.scalars(pinned)))
        return kept

    def of(self, tree_id: TreeId) -> Sequence[Pin]:
        return [_pin(row) for row in self._connection.execute(_OF_TREE, {"tree": tree_id})]

    def find(self, tree_id: TreeId, name: str) -> Pin | None:
        found = self._connection.execute(_FIND, {"tree": tree_id, "called": name}).one_or_none()
        return None if found is None else _pin(found)

    def delete(self, pin: Pin) -> None:
        self._connection.execute(delete(pins).where(pins.c.id == pin.id))


@cache
def _state(pinning: tuple[Table, ...]) -> Select[Any]:
    kept = [
        exists().where(table.c.tree_id == trees.c.id, table.c.revision == bindparam("at"))
        for table in pinning
    ]
    return select(trees.c.revision, trees.c.pruned_through, or_(*kept).label("is_pinned")).where(
        trees.c.id == bindparam("tree")
    )


def _pin(row: AnyRow) -> Pin:
    return Pin(
        id=row.id,
        tree_id=TreeId(row.tree_id),
        revision=Revision(row.revision),
        name=row.name,
        created_by=row.created_by,
        created_at=moment(row.created_at),
    )
