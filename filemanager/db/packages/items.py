"""The items of an edition: a page at a time, each a walk along one index."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, select

from filemanager.db.engine.columns import AnyRow
from filemanager.db.engine.statements import chunks
from filemanager.db.packages.rows import POINTER_COLUMNS, pointer_of
from filemanager.db.packages.tables import (
    package_directories,
    package_folders,
    package_items,
    pending_pointers,
    pointers,
)
from filemanager.domain.ids import Digest
from filemanager.domain.packages.data_package import (
    BlobBehind,
    Folder,
    Item,
    ItemNotFound,
    Level,
    PackageEdition,
)
from filemanager.domain.packages.pointer import Pointer, PointerState
from filemanager.domain.trees.tree import TreePath

ITEM_COLUMNS = (
    package_items.c.path,
    package_items.c.position,
    package_items.c.media_type,
    package_items.c.size_bytes,
    package_items.c.is_text,
    package_items.c.digest,
    package_items.c.pointer_id,
    package_items.c.md5,
)

_IN_FOLDERS, _IN_ITEMS = "0", "1"
"""What the mark of a level's page begins with: which of the two it ended in."""


def alive(table: Table, edition: PackageEdition) -> ColumnElement[bool]:
    """The sums keep planners from the indexes of lives: a page walks along that of the paths."""
    return and_(
        table.c.tree_id == edition.tree_id,
        table.c.since + 0 <= edition.revision,
        table.c.until + 0 > edition.revision,
    )


def below(directory: str) -> tuple[str, str]:
    """Between these two, in byte order, lies what is below a directory."""
    return f"{directory}/", f"{directory}0"


def page(
    connection: Connection, edition: PackageEdition, after: str | None, limit: int
) -> Sequence[Item]:
    statement = select(*ITEM_COLUMNS).where(alive(package_items, edition))
    if after is not None:
        statement = statement.where(package_items.c.path > after)
    rows = connection.execute(statement.order_by(package_items.c.path).limit(limit)).all()
    return items_of(connection, edition, rows)


def at_paths(
    connection: Connection, edition: PackageEdition, paths: Collection[str]
) -> Mapping[str, Item]:
    found: dict[str, Item] = {}
    for chunk in chunks(sorted({str(path) for path in paths})):
        statement = select(*ITEM_COLUMNS).where(
            alive(package_items, edition), package_items.c.path.in_(chunk)
        )
        rows = connection.execute(statement).all()
        found |= {str(item.path): item for item in items_of(connection, edition, rows)}
    return found


def undigested(
    connection: Connection,
    edition: PackageEdition,
    states: Collection[PointerState],
    limit: int,
) -> Sequence[str]:
    statement = (
        select(package_items.c.path)
        .join(pointers, pointers.c.id == package_items.c.pointer_id)
        .where(
            alive(package_items, edition),
            pointers.c.sha256.is_(None),
            pointers.c.state.in_([state.value for state in states]),
        )
        .limit(limit)
    )
    return connection.scalars(statement).all()


def level(
    connection: Connection, edition: PackageEdition, directory: str, after: str | None, limit: int
) -> Level:
    if directory:
        _ensure_there(connection, edition, directory)
    mark, last = (after or _IN_FOLDERS)[0], (after or _IN_FOLDERS)[1:]
    names: list[str] = []
    if mark == _IN_FOLDERS:
        names = _folder_names(connection, edition, directory, last, limit + 1)
        if len(names) > limit:
            folders = _folders(connection, edition, directory, names[:limit])
            return Level(folders=folders, next=f"{_IN_FOLDERS}{names[limit - 1]}")
        last = ""
    folders = _folders(connection, edition, directory, names)
    room = limit - len(names)
    items = _items_in(connection, edition, (directory, last), room + 1)
    if len(items) <= room:
        return Level(folders=folders, items=tuple(items))
    shown = tuple(items[:room])
    return Level(
        folders=folders, items=shown, next=f"{_IN_ITEMS}{shown[-1].path.name if shown else ''}"
    )


def items_of(
    connection: Connection, edition: PackageEdition, rows: Sequence[AnyRow]
) -> Sequence[Item]:
    """From the values of ``ITEM_COLUMNS``. Pointers are asked for apart: joined, MariaDB now and
    then sorts the whole tree for one page.
    """
    ids = {row.pointer_id for row in rows if row.pointer_id is not None}
    found = _pointers(connection, edition, ids)
    return [_item(row, found) for row in rows]


def _item(row: AnyRow, found: Mapping[int, Pointer]) -> Item:
    if row.pointer_id is not None:
        behind: BlobBehind | Pointer = found[row.pointer_id]
    else:
        behind = BlobBehind(
            digest=Digest(row.digest),
            size_bytes=row.size_bytes,
            md5=row.md5,
            is_text=row.is_text,
        )
    return Item(
        path=TreePath(row.path),
        behind=behind,
        media_type=row.media_type,
        position=row.position,
    )


def _pointers(
    connection: Connection, edition: PackageEdition, ids: Collection[int]
) -> Mapping[int, Pointer]:
    """What was pending when the edition was frozen is told without digests."""
    found: dict[int, Pointer] = {}
    for chunk in chunks(sorted(ids)):
        rows = connection.execute(select(*POINTER_COLUMNS).where(pointers.c.id.in_(chunk)))
        found |= {int(one.id): one for one in map(pointer_of, rows)}
        for pointer_id in _pending(connection, edition, chunk):
            found[pointer_id] = found[pointer_id].without_digests
    return found


def _pending(connection: Connection, edition: PackageEdition, ids: Sequence[int]) -> Iterable[int]:
    if not edition.pending:
        return ()
    return connection.scalars(
        select(pending_pointers.c.pointer_id).where(
            pending_pointers.c.version_id == edition.id, pending_pointers.c.pointer_id.in_(ids)
        )
    )


def _ensure_there(connection: Connection, edition: PackageEdition, directory: str) -> None:
    there = exists().where(alive(package_folders, edition), package_folders.c.path == directory)
    if not connection.scalar(select(there)):
        raise ItemNotFound(directory)


def _right_in(
    table: Table, edition: PackageEdition, directory: str, last: str
) -> ColumnElement[bool]:
    """What lies right in a directory behind the name *last*: a walk along one index."""
    first = f"{directory}/{last}" if directory else last
    within = [table.c.path < below(directory)[1]] if directory else []
    depth = directory.count("/") + 1 if directory else 0
    return and_(alive(table, edition), table.c.depth == depth, table.c.path > first, *within)


def _folder_names(
    connection: Connection, edition: PackageEdition, directory: str, last: str, limit: int
) -> list[str]:
    statement = (
        select(package_folders.c.path)
        .where(_right_in(package_folders, edition, directory, last))
        .order_by(package_folders.c.path)
        .limit(limit)
    )
    return [path.rpartition("/")[2] for path in connection.scalars(statement)]


def _folders(
    connection: Connection, edition: PackageEdition, directory: str, names: Sequence[str]
) -> tuple[Folder, ...]:
    if edition.id is None:
        return tuple(Folder(name=name) for name in names)
    paths = [f"{directory}/{name}" if directory else name for name in names]
    totals = {
        row.path: row
        for chunk in chunks(paths)
        for row in connection.execute(
            select(package_directories).where(
                package_directories.c.version_id == edition.id,
                package_directories.c.path.in_(chunk),
            )
        )
    }
    return tuple(
        Folder(name=name, items=totals[path].items, size_bytes=totals[path].size_bytes)
        for name, path in zip(names, paths, strict=True)
    )


def _items_in(
    connection: Connection, edition: PackageEdition, place: tuple[str, str], limit: int
) -> Sequence[Item]:
    statement = (
        select(*ITEM_COLUMNS)
        .where(_right_in(package_items, edition, *place))
        .order_by(package_items.c.path)
        .limit(limit)
    )
    return items_of(connection, edition, connection.execute(statement).all())
