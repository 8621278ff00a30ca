"""Changing the items of a package: as many statements as the change needs, whatever its size."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, select, update

from filemanager.db.engine.columns import AnyRow, milliseconds
from filemanager.db.engine.statements import chunks, insert_rows
from filemanager.db.packages.items import below
from filemanager.db.packages.tables import data_packages, package_folders, package_items
from filemanager.db.trees.lives import Step, living
from filemanager.db.trees.tables import trees
from filemanager.domain.ids import MAX_ID, Revision
from filemanager.domain.packages.changes import ItemChange, NewItem, PointedTo
from filemanager.domain.packages.data_package import BlobBehind, DataPackage, ItemNotFound
from filemanager.domain.packages.errors import PackageFull
from filemanager.domain.trees.errors import PathInTheWay
from filemanager.domain.trees.tree import TreePath

_NEXT_POSITION = select(trees.c.next_position).where(trees.c.id == bindparam("tree"))
_WRITE_TREE = (
    update(trees)
    .where(trees.c.id == bindparam("tree"))
    .values(
        revision=bindparam("now"),
        kept_bytes=trees.c.kept_bytes + bindparam("more"),
        next_position=trees.c.next_position + bindparam("taken"),
    )
)
_WRITE_PACKAGE = update(data_packages).where(data_packages.c.number == bindparam("package"))
_OLD_COLUMNS = (
    package_items.c.id,
    package_items.c.path,
    package_items.c.position,
    package_items.c.size_bytes,
    package_items.c.is_text,
)


@dataclass(slots=True)
class _Totals:
    """What a change makes of a package's totals, and what it keeps more."""

    items: int
    folders: int
    size_bytes: int
    text_bytes: int
    more_bytes: int = 0

    def end(self, row: AnyRow) -> None:
        self.items -= 1
        self.size_bytes -= row.size_bytes
        self.text_bytes -= row.size_bytes if row.is_text else 0

    def begin(self, item: NewItem) -> None:
        self.items += 1
        self.size_bytes += item.size_bytes
        self.text_bytes += item.text_bytes
        self.more_bytes += item.charged_bytes


def apply(
    connection: Connection, package: DataPackage, change: ItemChange, at: datetime
) -> DataPackage:
    """The caller holds the package's tree."""
    step = Step(connection, package.tree_id, Revision(package.revision + 1), milliseconds(at))
    put = {str(item.path): item for item in change.put}
    totals = _Totals(package.items, package.folders, package.size_bytes, package.text_bytes)
    old = _ended(step, change, put)
    for row in old.values():
        totals.end(row)
    step.end_by_id(package_items, [row.id for row in old.values()])
    _begin(step, put, old)
    for item in put.values():
        totals.begin(item)
    if totals.size_bytes > MAX_ID:
        raise PackageFull(f"{MAX_ID} bytes")
    totals.folders += _keep_folders(step, put.keys(), old.keys() - put.keys())
    _ensure_apart(step, put.keys())
    return _written(step, package, totals, len(put.keys() - old.keys()))


def describe(
    connection: Connection, package: DataPackage, described: str, at: datetime
) -> Revision:
    """The next revision, which has other words and the same items."""
    step = Step(connection, package.tree_id, Revision(package.revision + 1), milliseconds(at))
    _write_tree(step, 0, 0)
    values = {"described": described, "changed_at": step.ended_at}
    connection.execute(_WRITE_PACKAGE.values(**values), {"package": package.number})
    return step.revision


def _ended(step: Step, change: ItemChange, put: Mapping[str, NewItem]) -> Mapping[str, AnyRow]:
    """The living rows that end: by name, below a directory, or since others take their places."""
    named = {str(path) for path in change.end}
    found: dict[str, AnyRow] = {}
    for chunk in chunks(sorted(named | put.keys())):
        found |= _living(step, package_items.c.path.in_(chunk))
    if missing := sorted(named - found.keys()):
        raise ItemNotFound(missing[0])
    for directory in change.end_below:
        within = _living(step, _is_below(directory))
        if not within:
            raise ItemNotFound(directory)
        found |= within
    return found


def _living(step: Step, condition: ColumnElement[bool]) -> dict[str, AnyRow]:
    statement = select(*_OLD_COLUMNS).where(living(package_items, step.tree_id), condition)
    return {row.path: row for row in step.connection.execute(statement)}


def _is_below(directory: str) -> ColumnElement[bool]:
    first, behind = below(directory)
    return and_(package_items.c.path >= first, package_items.c.path < behind)


def _begin(step: Step, put: Mapping[str, NewItem], old: Mapping[str, AnyRow]) -> None:
    """Insert the new rows; what takes another's place has its position."""
    following = step.connection.scalar(_NEXT_POSITION, {"tree": step.tree_id}) or 0
    positions = []
    for path in put:
        positions.append(old[path].position if path in old else following)
        following += path not in old
    rows = (
        _item_values(item) | step.life() | {"position": position}
        for item, position in zip(put.values(), positions, strict=True)
    )
    insert_rows(step.connection, package_items, rows)


def _item_values(item: NewItem) -> dict[str, object]:
    return {
        "path": str(item.path),
        "depth": item.path.count("/"),
        "media_type": item.media_type,
        "size_bytes": item.size_bytes,
        **_behind_values(item.behind),
    }


def _behind_values(behind: BlobBehind | PointedTo) -> dict[str, object]:
    if isinstance(behind, PointedTo):
        pointed = {"pointer_id": behind.pointer_id, "is_text": False}
        return {**pointed, "digest": None, "md5": None}
    blob = {"digest": behind.digest, "md5": behind.md5, "is_text": behind.is_text}
    return {**blob, "pointer_id": None}


def _keep_folders(step: Step, put: Collection[str], ended: Collection[str]) -> int:
    """Begin those that are needed first now, end those in which nothing is left; how many more
    there are then.
    """
    needed = _directories(put)
    there = _folders_among(step, needed)
    new = sorted(needed - there)
    rows = ({"path": path, "depth": path.count("/")} | step.life() for path in new)
    insert_rows(step.connection, package_folders, rows)
    gone = 0
    for chunk in chunks(sorted(_directories(ended) - needed)):
        empty = (
            update(package_folders)
            .where(
                living(package_folders, step.tree_id),
                package_folders.c.path.in_(chunk),
                _is_empty(step),
            )
            .values(until=step.revision, ended_at=step.ended_at)
        )
        gone += step.connection.execute(empty).rowcount
    return len(new) - gone


def _is_empty(step: Step) -> ColumnElement[bool]:
    inside = package_items.alias()
    return ~exists().where(
        inside.c.tree_id == step.tree_id,
        inside.c.until == step.life()["until"],
        inside.c.path >= package_folders.c.path + "/",
        inside.c.path < package_folders.c.path + "0",
    )


def _folders_among(step: Step, paths: Collection[str]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(sorted(paths)):
        statement = select(package_folders.c.path).where(
            living(package_folders, step.tree_id), package_folders.c.path.in_(chunk)
        )
        found.update(step.connection.scalars(statement))
    return found


def _directories(paths: Collection[str]) -> set[str]:
    return {directory for path in paths for directory in TreePath(path).directories()}


def _ensure_apart(step: Step, put: Collection[str]) -> None:
    """Raise ``PathInTheWay`` where an item and a directory bear one name."""
    for path in sorted(_folders_among(step, put)):
        raise PathInTheWay(path, f"{path}/…")
    for chunk in chunks(sorted(_directories(put))):
        statement = select(package_items.c.path).where(
            living(package_items, step.tree_id), package_items.c.path.in_(chunk)
        )
        for path in step.connection.scalars(statement.limit(1)):
            raise PathInTheWay(f"{path}/…", path)


def _written(step: Step, package: DataPackage, totals: _Totals, taken: int) -> DataPackage:
    _write_tree(step, totals.more_bytes, taken)
    values = {
        "items": totals.items,
        "folders": totals.folders,
        "size_bytes": totals.size_bytes,
        "text_bytes": totals.text_bytes,
        "changed_at": step.ended_at,
    }
    step.connection.execute(_WRITE_PACKAGE.values(**values), {"package": package.number})
    return replace(
        package,
        revision=step.revision,
        items=totals.items,
        folders=totals.folders,
        size_bytes=totals.size_bytes,
        text_bytes=totals.text_bytes,
    )


def _write_tree(step: Step, more_bytes: int, taken: int) -> None:
    """*taken* positions are gone."""
    values = {"tree": step.tree_id, "now": step.revision, "more": more_bytes, "taken": taken}
    step.connection.execute(_WRITE_TREE, values)
