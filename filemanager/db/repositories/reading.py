"""Rows of packages, each with its files."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from filemanager.db.engine.statements import chunks
from filemanager.db.repositories.rows import PACKAGE_COLUMNS, file_of, package_of
from filemanager.db.repositories.tables import files, packages
from filemanager.domain.ids import TreeId
from filemanager.domain.repositories.repository import NewPackage, Package, PackageFile, PackageId

OF_TREE = select(*PACKAGE_COLUMNS).where(packages.c.tree_id == bindparam("tree"))

_GIVEN = select(
    packages.c.id,
    packages.c.name,
    packages.c.version,
    packages.c.arch,
    packages.c.product,
    packages.c.record,
    packages.c.signed_by,
).where(packages.c.tree_id == bindparam("tree"))


def found(connection: Connection, statement: Select[Any], **values: object) -> Sequence[Package]:
    """What *statement* selects of ``PACKAGE_COLUMNS``."""
    rows = connection.execute(statement, values).all()
    of_package = _files(connection, [row[0] for row in rows])
    return [package_of(row, of_package[row[0]]) for row in rows]


def as_given(
    connection: Connection, tree_id: TreeId, ids: Collection[PackageId]
) -> Sequence[NewPackage]:
    given: list[NewPackage] = []
    for chunk in chunks(sorted(ids)):
        of_package = _files(connection, chunk)
        statement = _GIVEN.where(packages.c.id.in_(chunk)).order_by(packages.c.id)
        given += [
            _new(row, of_package[row.id])
            for row in connection.execute(statement, {"tree": tree_id})
        ]
    return given


def _new(row: Any, its_files: Sequence[PackageFile]) -> NewPackage:
    return NewPackage(
        name=row.name,
        version=row.version,
        arch=row.arch,
        record=row.record.encode(),
        product=row.product,
        files=tuple(its_files),
        signed_by=tuple(row.signed_by.split()),
    )


def _files(connection: Connection, ids: Sequence[int]) -> Mapping[int, Sequence[PackageFile]]:
    of_package: dict[int, list[PackageFile]] = defaultdict(list)
    for package_id, *file in _file_rows(connection, ids):
        of_package[package_id].append(file_of(*file))
    return of_package


def _file_rows(connection: Connection, ids: Sequence[int]) -> Iterator[Any]:
    for chunk in chunks(ids):
        statement = (
            select(files.c.package_id, files.c.path, files.c.digest, files.c.size_bytes)
            .where(files.c.package_id.in_(chunk))
            .order_by(files.c.id)
        )
        yield from connection.execute(statement)
