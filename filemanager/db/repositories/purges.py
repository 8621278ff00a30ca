"""Packages that nobody is to see again."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, select, update

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.statements import chunks, insert_rows
from filemanager.db.repositories.reading import OF_TREE, found
from filemanager.db.repositories.rows import file_of
from filemanager.db.repositories.tables import files, packages, purges
from filemanager.db.trees.tables import entries
from filemanager.domain.ids import Digest, TreeId
from filemanager.domain.repositories.repository import Package, PackageFile, PackageId, Purge

_LIVING = 0
_INCARNATIONS = OF_TREE.where(packages.c.digest == bindparam("digest")).order_by(packages.c.id)
_AT_PATH = (
    select(purges.c.digest)
    .distinct()
    .where(purges.c.tree_id == bindparam("tree"), purges.c.path == bindparam("path"))
)
_HOLDS = (
    select(purges.c.id)
    .where(purges.c.tree_id == bindparam("tree"), purges.c.package_id == bindparam("package"))
    .limit(1)
)

IS_PURGED_ENTRY = exists().where(
    purges.c.tree_id == entries.c.tree_id,
    purges.c.path == entries.c.path,
    purges.c.digest == entries.c.digest,
)
IS_PURGED_PACKAGE = packages.c.purged_at.is_not(None)


class SqlPurges:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, purge: Purge) -> None:
        rows = (
            {
                "tree_id": purge.tree_id,
                "package_id": package_id,
                "path": file.path,
                "digest": file.digest,
                "purged_by": purge.purged_by,
                "purged_at": milliseconds(purge.purged_at),
            }
            for package_id in purge.packages
            for file in purge.files
        )
        insert_rows(self._connection, purges, rows)

    def digests(self, tree_id: TreeId, path: str) -> Collection[Digest]:
        found = self._connection.scalars(_AT_PATH, {"tree": tree_id, "path": path})
        return {Digest(digest) for digest in found}

    def among(self, tree_id: TreeId, given: Collection[PackageFile]) -> Collection[PackageFile]:
        purged: set[tuple[str, str]] = set()
        for chunk in chunks(sorted({file.path for file in given})):
            statement = select(purges.c.path, purges.c.digest).where(
                purges.c.tree_id == tree_id, purges.c.path.in_(chunk)
            )
            purged.update(map(tuple, self._connection.execute(statement)))
        return [file for file in given if (file.path, file.digest) in purged]

    def holds(self, tree_id: TreeId, package_id: PackageId) -> bool:
        values = {"tree": tree_id, "package": package_id}
        return self._connection.scalar(_HOLDS, values) is not None


def incarnations(connection: Connection, tree_id: TreeId, digest: Digest) -> Sequence[Package]:
    return found(connection, _INCARNATIONS, tree=tree_id, digest=digest)


def holders(
    connection: Connection, tree_id: TreeId, given: Collection[PackageFile]
) -> Mapping[PackageFile, Collection[PackageId]]:
    of_file: dict[PackageFile, set[PackageId]] = defaultdict(set)
    for package_id, file in _held(connection, tree_id, {file.path for file in given}):
        if file in given:
            of_file[file].add(package_id)
    return of_file


def mark(connection: Connection, tree_id: TreeId, ids: Collection[PackageId], at: datetime) -> None:
    for chunk in chunks(sorted(ids)):
        of_them = and_(packages.c.tree_id == tree_id, packages.c.id.in_(chunk))
        connection.execute(update(packages).where(of_them).values(purged_at=milliseconds(at)))


def _held(
    connection: Connection, tree_id: TreeId, paths: Collection[str]
) -> Iterator[tuple[PackageId, PackageFile]]:
    for chunk in chunks(sorted(paths)):
        statement = (
            select(files.c.package_id, files.c.path, files.c.digest, files.c.size_bytes)
            .join(packages, packages.c.id == files.c.package_id)
            .where(
                files.c.tree_id == tree_id,
                files.c.path.in_(chunk),
                packages.c.purged_at.is_(None),
            )
        )
        for package_id, *file in connection.execute(statement):
            yield PackageId(package_id), file_of(*file)
