"""The packages of repositories, each with its files."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from filemanager.db.engine.columns import UNTIL_FOREVER, milliseconds
from filemanager.db.engine.statements import chunks, insert_rows
from filemanager.db.repositories import history, purges, reading
from filemanager.db.repositories.reading import OF_TREE
from filemanager.db.repositories.rows import file_of
from filemanager.db.repositories.tables import files, packages
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, Revision, TreeId
from filemanager.domain.repositories.errors import PackageUnknown
from filemanager.domain.repositories.history import ChangeCount, PackageChangeQuery, Restoration
from filemanager.domain.repositories.repository import (
    NewPackage,
    Package,
    PackageFile,
    PackageId,
    PackageQuery,
    PackageRecord,
    Waiting,
)
from filemanager.domain.repositories.retention import PackageVersion

_LIVING = 0
_ADD = insert(packages).returning(packages.c.id, sort_by_parameter_order=True)
_IN_TREE = packages.c.tree_id == bindparam("tree")
_IS_LIVING = and_(_IN_TREE, packages.c.living == _LIVING)
_CAME = and_(packages.c.since == UNTIL_FOREVER, packages.c.removed_at.is_(None))
_WENT = and_(
    packages.c.until == UNTIL_FOREVER,
    packages.c.removed_at.is_not(None),
    packages.c.since != UNTIL_FOREVER,
)
_UNSEEN = and_(packages.c.since == UNTIL_FOREVER, packages.c.removed_at.is_not(None))
_VERSIONS = (
    select(packages.c.id, packages.c.name, packages.c.version, packages.c.arch)
    .where(_IS_LIVING)
    .order_by(packages.c.id)
)
_RECORDS = select(
    packages.c.name, packages.c.version, packages.c.arch, packages.c.digest, packages.c.record
).where(_IS_LIVING, packages.c.name >= bindparam("first"))


class SqlRepositoryPackages:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, tree_id: TreeId, given: Sequence[NewPackage], by: Owner, at: datetime
    ) -> Sequence[Package]:
        begun = {"tree_id": tree_id, "added_by": by, "added_at": milliseconds(at)}
        ids: list[int] = []
        for chunk in chunks(given):
            ids += self._connection.scalars(_ADD, [_values(one) | begun for one in chunk])
        rows = (
            {
                "package_id": package_id,
                "tree_id": tree_id,
                "path": file.path,
                "digest": file.digest,
                "size_bytes": file.size_bytes,
            }
            for package_id, package in zip(ids, given, strict=True)
            for file in package.files
        )
        insert_rows(self._connection, files, rows)
        return [
            _added(tree_id, package_id, package, by, at)
            for package_id, package in zip(ids, given, strict=True)
        ]

    def living(self, tree_id: TreeId, names: Collection[str]) -> Sequence[Package]:
        found: list[Package] = []
        for chunk in chunks(sorted(set(names))):
            named = OF_TREE.where(packages.c.living == _LIVING, packages.c.name.in_(chunk))
            found += self._found(named.order_by(packages.c.id), tree=tree_id)
        return found

    def at_paths(
        self, tree_id: TreeId, paths: Collection[str]
    ) -> Mapping[str, Sequence[tuple[PackageId, PackageFile]]]:
        found: dict[str, list[tuple[PackageId, PackageFile]]] = defaultdict(list)
        for chunk in chunks(sorted(set(paths))):
            statement = (
                select(files.c.package_id, files.c.path, files.c.digest, files.c.size_bytes)
                .join(packages, packages.c.id == files.c.package_id)
                .where(
                    files.c.tree_id == tree_id,
                    files.c.path.in_(chunk),
                    packages.c.living == _LIVING,
                )
                .order_by(files.c.id)
            )
            for package_id, *file in self._connection.execute(statement):
                found[file[0]].append((PackageId(package_id), file_of(*file)))
        return found

    def get(self, tree_id: TreeId, package_id: PackageId) -> Package:
        found = self._found(OF_TREE.where(packages.c.id == package_id), tree=tree_id)
        if not found:
            raise PackageUnknown
        return found[0]

    def find_all(self, tree_id: TreeId, ids: Collection[PackageId]) -> Sequence[Package]:
        found: list[Package] = []
        for chunk in chunks(sorted(set(ids))):
            named = OF_TREE.where(packages.c.id.in_(chunk)).order_by(packages.c.id)
            found += self._found(named, tree=tree_id)
        return found

    def alive_at(self, tree_id: TreeId, revision: Revision) -> Sequence[PackageId]:
        return history.alive_at(self._connection, tree_id, revision)

    def incarnations(self, tree_id: TreeId, digest: Digest) -> Sequence[Package]:
        return purges.incarnations(self._connection, tree_id, digest)

    def holders(
        self, tree_id: TreeId, given: Collection[PackageFile]
    ) -> Mapping[PackageFile, Collection[PackageId]]:
        return purges.holders(self._connection, tree_id, given)

    def purge(self, tree_id: TreeId, ids: Collection[PackageId], at: datetime) -> None:
        self.remove(tree_id, ids, at)
        purges.mark(self._connection, tree_id, ids, at)

    def remove(self, tree_id: TreeId, ids: Collection[PackageId], at: datetime) -> None:
        for chunk in chunks(sorted(ids)):
            ended = (
                update(packages)
                .where(
                    packages.c.tree_id == tree_id,
                    packages.c.id.in_(chunk),
                    packages.c.living == _LIVING,
                )
                .values(living=packages.c.id, removed_at=milliseconds(at))
            )
            self._connection.execute(ended)

    def page(self, tree_id: TreeId, query: PackageQuery) -> Sequence[Package]:
        statement = OF_TREE.order_by(packages.c.id).limit(query.limit)
        if query.is_living:
            statement = statement.where(packages.c.living == _LIVING)
        if query.name is not None:
            statement = statement.where(packages.c.name == query.name)
        if query.arch is not None:
            statement = statement.where(packages.c.arch == query.arch)
        if query.contains is not None:
            wanted = func.lower(packages.c.name).contains(query.contains.lower(), autoescape=True)
            statement = statement.where(wanted)
        if query.after is not None:
            statement = statement.where(packages.c.id > query.after)
        return self._found(statement, tree=tree_id)

    def waiting(self, tree_id: TreeId) -> Waiting:
        found = (
            self._found(OF_TREE.where(state).order_by(packages.c.id), tree=tree_id)
            for state in (_CAME, _WENT, _UNSEEN)
        )
        return Waiting(*map(tuple, found))

    def counts(self, tree_id: TreeId) -> Mapping[str, int]:
        statement = (
            select(packages.c.arch, func.count()).where(_IS_LIVING).group_by(packages.c.arch)
        )
        rows = self._connection.execute(statement, {"tree": tree_id})
        return {arch: int(count) for arch, count in rows}

    def records(
        self, tree_id: TreeId, arches: Collection[str], first: str, behind: str | None
    ) -> Sequence[PackageRecord]:
        statement = _RECORDS.where(packages.c.arch.in_(sorted(arches)))
        if behind is not None:
            statement = statement.where(packages.c.name < behind)
        rows = self._connection.execute(statement, {"tree": tree_id, "first": first})
        return [
            PackageRecord(name, version, arch, Digest(digest), record.encode())
            for name, version, arch, digest, record in rows
        ]

    def take_up(self, waiting: Waiting, revision: Revision, at: datetime) -> None:
        for taken, values in (
            (waiting.came, {"since": revision}),
            (waiting.went, {"until": revision, "ended_at": milliseconds(at)}),
        ):
            for chunk in chunks(sorted(one.id for one in taken)):
                seen = update(packages).where(packages.c.id.in_(chunk))
                self._connection.execute(seen.values(**values))
        for chunk in chunks(sorted(one.id for one in waiting.unseen)):
            self._connection.execute(delete(packages).where(packages.c.id.in_(chunk)))

    def as_given(self, tree_id: TreeId, ids: Collection[PackageId]) -> Sequence[NewPackage]:
        return reading.as_given(self._connection, tree_id, ids)

    def versions(self, tree_id: TreeId) -> Iterator[PackageVersion]:
        for key, *rest in self._connection.execute(_VERSIONS, {"tree": tree_id}):
            yield PackageVersion(PackageId(key), *rest)

    def changed_between(self, tree_id: TreeId, query: PackageChangeQuery) -> Sequence[Package]:
        return history.changed_between(self._connection, tree_id, query)

    def change_counts(
        self, tree_id: TreeId, revisions: Collection[Revision]
    ) -> Mapping[Revision, ChangeCount]:
        return history.change_counts(self._connection, tree_id, revisions)

    def restoration(self, tree_id: TreeId, revision: Revision) -> Restoration:
        return history.restoration(self._connection, tree_id, revision)

    def _found(self, statement: Select[Any], **values: object) -> Sequence[Package]:
        return reading.found(self._connection, statement, **values)


def _values(package: NewPackage) -> dict[str, object]:
    return {
        "living": _LIVING,
        "name": package.name,
        "version": package.version,
        "arch": package.arch,
        "digest": package.files[0].digest,
        "product": package.product,
        "record": package.record.decode(),
        "signed_by": " ".join(package.signed_by),
        "since": UNTIL_FOREVER,
        "until": UNTIL_FOREVER,
    }


def _added(
    tree_id: TreeId, package_id: int, package: NewPackage, by: Owner, at: datetime
) -> Package:
    return Package(
        id=PackageId(package_id),
        tree_id=tree_id,
        name=package.name,
        version=package.version,
        arch=package.arch,
        product=package.product,
        added_at=at,
        added_by=by,
        files=package.files,
        signed_by=package.signed_by,
    )
