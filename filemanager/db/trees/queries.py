"""What a tree held at a revision: entries, findings, alterations and differences."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    select,
    true,
    union_all,
)

from filemanager.db.engine.columns import UNTIL_FOREVER, AnyRow
from filemanager.db.quotas.charges import charged
from filemanager.db.trees.lives import begun_between, ended_between
from filemanager.db.trees.rows import (
    ENTRY_COLUMNS,
    FINDING_COLUMNS,
    area_of,
    entry_of,
    finding_of,
    kind_of,
)
from filemanager.db.trees.tables import alterations, entries, findings
from filemanager.domain.ids import Digest, Revision, TreeId
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.findings import LEFT_OUT, Finding, Severity
from filemanager.domain.trees.listing import Difference
from filemanager.domain.trees.tree import Alteration, Altered, Entry, Rewrites, locate

CONTENT_AREAS = (Area.SOURCE, Area.ANCILLARY)
"""What an archive of the content holds, in the order of listings."""

_CONTENT_VALUES = [area.value for area in CONTENT_AREAS]

_ALIVE = and_(
    entries.c.tree_id == bindparam("tree"),
    entries.c.since <= bindparam("revision"),
    entries.c.until > bindparam("revision"),
)
_ENTRIES = select(*ENTRY_COLUMNS).where(_ALIVE, entries.c.area.in_(_CONTENT_VALUES))
_NAMES = select(entries.c.area, entries.c.path, entries.c.digest).where(
    _ALIVE, entries.c.area.in_(_CONTENT_VALUES)
)
_FIND = select(*ENTRY_COLUMNS).where(
    entries.c.tree_id == bindparam("tree"),
    entries.c.area == bindparam("area"),
    entries.c.path == bindparam("path"),
)
_FIND_LIVING = _FIND.where(entries.c.until == UNTIL_FOREVER)
_FIND_AT = _FIND.where(
    entries.c.since <= bindparam("revision"), entries.c.until > bindparam("revision")
)

# The sums keep planners off the indexes of revisions: SQLite takes one of them for the join, and
# then reads every entry again for each finding.
_ENTRY_OF_FINDING = and_(
    entries.c.tree_id == bindparam("tree"),
    entries.c.area == findings.c.area,
    entries.c.path == findings.c.path,
    entries.c.since + 0 <= bindparam("revision"),
    entries.c.until + 0 > bindparam("revision"),
)
_FINDINGS = (
    select(entries.c.position, findings.c.ordinal, *FINDING_COLUMNS)
    .select_from(findings.outerjoin(entries, _ENTRY_OF_FINDING))
    .where(
        findings.c.tree_id == bindparam("tree"),
        findings.c.since <= bindparam("revision"),
        findings.c.until > bindparam("revision"),
    )
)
_PERSISTENT_FINDINGS = _FINDINGS.where(findings.c.persistent == true())

_REMOVED_IN = (
    select(entries.c.since)
    .where(
        entries.c.tree_id == bindparam("tree"),
        entries.c.until == UNTIL_FOREVER,
        entries.c.area == Area.REMOVED.value,
        entries.c.path == bindparam("removed"),
    )
    .scalar_subquery()
)
_SAID_BEFORE = (
    select(*FINDING_COLUMNS)
    .where(
        findings.c.tree_id == bindparam("tree"),
        findings.c.until == _REMOVED_IN,
        findings.c.area == bindparam("area"),
        findings.c.path == bindparam("path"),
        findings.c.persistent == true(),
    )
    .order_by(findings.c.ordinal)
)

_RANKS = {Area.SOURCE.value: 0, Area.ANCILLARY.value: 1, Area.REMOVED.value: 2, None: 3}


def _is_found(
    severity: Severity, area: Area | None, *besides: ColumnElement[bool]
) -> ColumnElement[bool]:
    of_area = findings.c.area.is_(None) if area is None else findings.c.area == area.value
    return exists().where(
        findings.c.tree_id == bindparam("tree"),
        findings.c.until == UNTIL_FOREVER,
        findings.c.persistent == true(),
        findings.c.severity == severity.value,
        of_area,
        *besides,
    )


# Seven probes of one index.
_SEVERITIES = union_all(
    *(
        select(literal(severity.value)).where(_is_found(severity, area))
        for severity in Severity
        for area in (Area.SOURCE, None)
    ),
    select(literal(Severity.WARN.value)).where(
        _is_found(Severity.WARN, Area.ANCILLARY, findings.c.code == LEFT_OUT)
    ),
)

_ALTERATIONS = (
    select(
        alterations.c.revision,
        alterations.c.ordinal,
        alterations.c.alteration,
        alterations.c.code,
        alterations.c.before_path,
        alterations.c.after_path,
        alterations.c.before_digest,
        alterations.c.after_digest,
        alterations.c.message,
        alterations.c.file,
        alterations.c.before_bytes,
        alterations.c.before_kind,
    )
    .where(alterations.c.tree_id == bindparam("tree"))
    .order_by(alterations.c.revision, alterations.c.ordinal)
)
_ALTERED = _ALTERATIONS.where(alterations.c.is_past == false())
_REWRITES = _ALTERATIONS.where(
    alterations.c.revision == bindparam("revision"), alterations.c.file == bindparam("file")
)


def entries_at(connection: Connection, tree_id: TreeId, revision: Revision) -> Sequence[Entry]:
    rows = connection.execute(_ENTRIES, {"tree": tree_id, "revision": revision})
    # Sorted here: no index has this order, and it spares the database a sort key for the areas.
    return sorted(map(entry_of, map(tuple, rows)), key=_listing_order)


def names_at(
    connection: Connection, tree_id: TreeId, revision: Revision
) -> Iterator[tuple[str, Digest]]:
    rows = connection.execute(_NAMES, {"tree": tree_id, "revision": revision})
    for area, path, digest in rows:
        yield public_path(Area(area), path), Digest(digest)


def _listing_order(entry: Entry) -> tuple[int, int]:
    return _RANKS[entry.area.value], entry.position or 0


def find(
    connection: Connection, tree_id: TreeId, area: Area, path: str, revision: Revision | None
) -> Entry | None:
    statement = _FIND_LIVING if revision is None else _FIND_AT
    values = {"tree": tree_id, "area": area.value, "path": str(path), "revision": revision}
    row = connection.execute(statement, values).one_or_none()
    return None if row is None else entry_of(tuple(row))


def findings_at(
    connection: Connection, tree_id: TreeId, revision: Revision, *, transient: bool
) -> Sequence[Finding]:
    statement = _FINDINGS if transient else _PERSISTENT_FINDINGS
    rows = connection.execute(statement, {"tree": tree_id, "revision": revision}).all()
    return [finding_of(tuple(row[2:])) for row in sorted(rows, key=_findings_order)]


def said_before_removal(connection: Connection, tree_id: TreeId, path: str) -> Sequence[Finding]:
    area, place = locate(path)
    values = {"tree": tree_id, "removed": path, "area": area.value, "path": str(place)}
    return [finding_of(tuple(row)) for row in connection.execute(_SAID_BEFORE, values)]


def _findings_order(row: AnyRow) -> tuple[int, bool, int, int]:
    """Directories, and paths without an entry, come behind the entries of their area."""
    position, ordinal, area, *_ = row
    return _RANKS[area], position is None, position or 0, ordinal


def severities(connection: Connection, tree_id: TreeId) -> frozenset[Severity]:
    found = connection.scalars(_SEVERITIES, {"tree": tree_id})
    return frozenset(Severity(value) for value in found)


def altered(connection: Connection, tree_id: TreeId) -> Sequence[Altered]:
    return [_altered(row) for row in connection.execute(_ALTERED, {"tree": tree_id})]


def rewrites_of(connection: Connection, tree_id: TreeId, rewrites: Rewrites) -> Sequence[Altered]:
    values = {"tree": tree_id, "revision": rewrites.revision, "file": rewrites.file}
    return [_altered(row) for row in connection.execute(_REWRITES, values)]


def _altered(row: AnyRow) -> Altered:
    return Altered(
        id=f"{row.revision}-{row.ordinal}",
        file=row.file,
        before_bytes=row.before_bytes,
        before_kind=None if row.before_kind is None else kind_of(row.before_kind),
        alteration=Alteration(row.alteration),
        code=row.code,
        before=row.before_path,
        after=row.after_path,
        before_digest=row.before_digest,
        after_digest=row.after_digest,
        message=row.message,
    )


def difference(
    connection: Connection, tree_id: TreeId, old: Revision, new: Revision
) -> Sequence[Difference]:
    """Two queries over the rows whose life has a border in between."""
    first, last = min(old, new), max(old, new)
    ended = _contents(connection, ended_between(entries, tree_id, first, last))
    begun = _contents(connection, begun_between(entries, tree_id, first, last))
    before, after = (ended, begun) if old <= new else (begun, ended)
    found = (_difference(path, before, after) for path in sorted(before.keys() | after.keys()))
    return [one for one in found if one.old_digest != one.new_digest]


_Contents = dict[str, tuple[Digest, int]]


def _contents(connection: Connection, where: Any) -> _Contents:
    statement = select(
        entries.c.area, entries.c.path, entries.c.digest, entries.c.size_bytes
    ).where(where, entries.c.area.in_(_CONTENT_VALUES))
    return {
        public_path(area_of(area), path): (digest, size)
        for area, path, digest, size in connection.execute(statement)
    }


def _difference(path: str, before: _Contents, after: _Contents) -> Difference:
    old_digest, old_bytes = before.get(path, (None, None))
    new_digest, new_bytes = after.get(path, (None, None))
    return Difference(
        path=path,
        old_digest=old_digest,
        new_digest=new_digest,
        old_bytes=old_bytes,
        new_bytes=new_bytes,
    )


def kept_bytes(connection: Connection, tree_id: TreeId) -> int:
    sizes = (charged(entries.c.size_bytes), alterations.c.before_bytes)
    tables = (entries, alterations)
    sums = (
        select(func.sum(size)).where(table.c.tree_id == tree_id)
        for size, table in zip(sizes, tables, strict=True)
    )
    return sum(int(connection.scalar(statement) or 0) for statement in sums)
