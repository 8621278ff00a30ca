"""Checkpoints: one row each, whatever the size of the tree."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, delete, insert, select

from filemanager.db.engine.columns import AnyRow, milliseconds, moment
from filemanager.db.workspaces.tables import checkpoints
from filemanager.domain.ids import Checksum, Revision, TreeId
from filemanager.domain.trees.checksums import ChecksumForm
from filemanager.domain.trees.kinds import SourceFormat
from filemanager.domain.workspaces.checkpoint import Checkpoint

_OF_TREE = (
    select(checkpoints).where(checkpoints.c.tree_id == bindparam("tree")).order_by(checkpoints.c.id)
)


class SqlCheckpoints:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, checkpoint: Checkpoint) -> Checkpoint:
        values = {
            "tree_id": checkpoint.tree_id,
            "revision": checkpoint.revision,
            "name": checkpoint.name,
            "description": checkpoint.description,
            "checksum": checkpoint.checksum,
            "checksum_form": checkpoint.checksum_form,
            "content_bytes": checkpoint.content_bytes,
            "source_format": checkpoint.source_format.value,
            "created_by": checkpoint.created_by,
            "created_at": milliseconds(checkpoint.created_at),
        }
        statement = insert(checkpoints).returning(checkpoints.c.id)
        return replace(checkpoint, id=self._connection.execute(statement, values).scalar_one())

    def of(self, tree_id: TreeId) -> Sequence[Checkpoint]:
        return [_checkpoint(row) for row in self._connection.execute(_OF_TREE, {"tree": tree_id})]

    def delete(self, checkpoint: Checkpoint) -> None:
        self._connection.execute(delete(checkpoints).where(checkpoints.c.id == checkpoint.id))


def _checkpoint(row: AnyRow) -> Checkpoint:
    return Checkpoint(
        id=row.id,
        tree_id=TreeId(row.tree_id),
        revision=Revision(row.revision),
        name=row.name,
        description=row.description,
        checksum=Checksum(row.checksum),
        checksum_form=ChecksumForm(row.checksum_form),
        content_bytes=row.content_bytes,
        source_format=SourceFormat(row.source_format),
        created_by=row.created_by,
        created_at=moment(row.created_at),
    )
