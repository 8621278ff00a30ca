"""Repositories, each with the row of its tree, and what was published of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from filemanager.db.engine.columns import milliseconds, moment, optional_milliseconds
from filemanager.db.engine.statements import chunks, insert_missing
from filemanager.db.repositories.changes import changes
from filemanager.db.repositories.directories import directory_rows
from filemanager.db.repositories.indexes import SqlPublishedIndexes
from filemanager.db.repositories.mirror import SqlKnownObjects, SqlLeftovers, unmirrored
from filemanager.db.repositories.packages import SqlRepositoryPackages
from filemanager.db.repositories.purges import SqlPurges
from filemanager.db.repositories.rows import REPOSITORY_COLUMNS, repository_of
from filemanager.db.repositories.tables import files, publications, repositories
from filemanager.db.trees.bare import add_tree, delete_tree
from filemanager.db.trees.rows import ENTRY_COLUMNS, entry_of
from filemanager.db.trees.tables import entries, trees
from filemanager.domain.ids import Digest, Revision, TreeId
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.errors import RepositoryUnknown
from filemanager.domain.repositories.mirror import Changes
from filemanager.domain.repositories.repository import (
    PURPOSE,
    Publication,
    Repository,
    Visibility,
    visibility_of,
)
from filemanager.domain.trees.tree import Entry

_WITH_TREE = select(*REPOSITORY_COLUMNS).join(trees, trees.c.id == repositories.c.tree_id)
_FIND = _WITH_TREE.where(repositories.c.path == bindparam("path"))
# PostgreSQL: the keys do not change, so that rows which refer to them are not held up.
_LOCK = _FIND.with_for_update(key_share=True)
_SAVE = update(repositories).where(repositories.c.id == bindparam("repository"))
_PUBLICATIONS = select(
    publications.c.revision, publications.c.published_at, publications.c.published_through
).where(publications.c.tree_id == bindparam("tree"))
_ENDED_FILE = (
    select(*ENTRY_COLUMNS)
    .where(
        entries.c.tree_id == bindparam("tree"),
        entries.c.path == bindparam("path"),
        entries.c.ended_at > bindparam("ended_after"),
    )
    .order_by(entries.c.since.desc())
    .limit(1)
)


class SqlRepositories:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def packages(self) -> SqlRepositoryPackages:
        return SqlRepositoryPackages(self._connection)

    @cached_property
    def purges(self) -> SqlPurges:
        return SqlPurges(self._connection)

    @cached_property
    def indexes(self) -> SqlPublishedIndexes:
        return SqlPublishedIndexes(self._connection)

    @cached_property
    def known_objects(self) -> SqlKnownObjects:
        return SqlKnownObjects(self._connection)

    @cached_property
    def leftovers(self) -> SqlLeftovers:
        return SqlLeftovers(self._connection)

    def find(self, path: str) -> Repository | None:
        return self._one(_FIND, path)

    def lock(self, path: str) -> Repository:
        found = self._one(_LOCK, path)
        if found is None:
            raise RepositoryUnknown
        return found

    def hold(self, address: Address) -> Repository:
        path = address.path
        found = self._one(_LOCK, path)
        if found is not None:
            return found
        tree = add_tree(self._connection, PURPOSE)
        row = {
            "path": path,
            "base": address.base.value,
            "tree_id": tree.id,
            "visibility": visibility_of(address).value,
            "pushes": 0,
            "published_through": 0,
        }
        insert_missing(self._connection, (repositories.c.path,), [row])
        held = self.lock(path)
        if held.tree.id != tree.id:
            delete_tree(self._connection, tree.id)
        return held

    def save(self, repository: Repository) -> None:
        values = {
            "visibility": repository.visibility.value,
            "pushes": repository.pushes,
            "published_through": repository.published_through,
            "published_at": optional_milliseconds(repository.published_at),
            "dated_at": optional_milliseconds(repository.dated_at),
            "rpm_keys": " ".join(repository.rpm_keys),
            "keep_latest": repository.keep_latest,
            "mirrored": repository.mirrored,
            "mirror_begun": repository.mirror_begun,
            "mirrored_at": optional_milliseconds(repository.mirrored_at),
            "synced_through": repository.synced_through,
        }
        self._connection.execute(_SAVE, {"repository": repository.id} | values)

    def find_all(self, paths: Collection[str]) -> Mapping[str, Repository]:
        found: dict[str, Repository] = {}
        for chunk in chunks(sorted(set(paths))):
            named = _WITH_TREE.where(repositories.c.path.in_(chunk))
            found |= {one.path: one for one in map(repository_of, self._connection.execute(named))}
        return found

    def page(self, after: str, limit: int) -> Sequence[Repository]:
        behind = _WITH_TREE.where(repositories.c.path > after)
        rows = self._connection.execute(behind.order_by(repositories.c.path).limit(limit))
        return [repository_of(row) for row in rows]

    def private(self) -> Sequence[Repository]:
        hidden = _WITH_TREE.where(repositories.c.visibility == Visibility.PRIVATE.value)
        return [repository_of(row) for row in self._connection.execute(hidden)]

    def unmirrored(self, at: datetime) -> Sequence[str]:
        return unmirrored(self._connection, at)

    def add_publication(self, tree_id: TreeId, publication: Publication) -> None:
        row = {
            "tree_id": tree_id,
            "revision": publication.revision,
            "published_at": milliseconds(publication.published_at),
            "published_through": publication.published_through,
        }
        self._connection.execute(insert(publications), row)

    def publication(self, tree_id: TreeId, revision: Revision) -> Publication | None:
        statement = _PUBLICATIONS.where(publications.c.revision == revision)
        row = self._connection.execute(statement, {"tree": tree_id}).one_or_none()
        return None if row is None else _publication(*row)

    def publications(
        self, tree_id: TreeId, before: Revision | None, limit: int
    ) -> Sequence[Publication]:
        statement = _PUBLICATIONS.order_by(publications.c.revision.desc()).limit(limit)
        if before is not None:
            statement = statement.where(publications.c.revision < before)
        rows = self._connection.execute(statement, {"tree": tree_id})
        return [_publication(*row) for row in rows]

    def changes(self, tree_id: TreeId, old: Revision, new: Revision) -> Changes:
        return changes(self._connection, tree_id, old, new)

    def ended_file(self, tree_id: TreeId, path: str, ended_after: datetime) -> Entry | None:
        values = {"tree": tree_id, "path": path, "ended_after": milliseconds(ended_after)}
        row = self._connection.execute(_ENDED_FILE, values).one_or_none()
        return None if row is None else entry_of(tuple(row))

    def digests(self, after: Digest | None, limit: int) -> Sequence[Digest]:
        behind = select(files.c.digest).distinct().where(files.c.digest > (after or ""))
        found = self._connection.scalars(behind.order_by(files.c.digest).limit(limit))
        return [Digest(digest) for digest in found]

    def file_paths(
        self, tree_id: TreeId, revision: Revision, directory: str
    ) -> Iterable[tuple[str, int | None, datetime]]:
        return directory_rows(self._connection, tree_id, revision, directory)

    def _one(self, statement: Any, path: str) -> Repository | None:
        row = self._connection.execute(statement, {"path": path}).one_or_none()
        return None if row is None else repository_of(row)


def _publication(revision: int, published_at: int, published_through: int) -> Publication:
    return Publication(
        revision=Revision(revision),
        published_at=moment(published_at),
        published_through=published_through,
    )
