"""Narrow questions about the living entries of a tree."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, select, true

from filemanager.db.engine.columns import UNTIL_FOREVER
from filemanager.db.trees.lives import at_places
from filemanager.db.trees.queries import find
from filemanager.db.trees.rows import ENTRY_COLUMNS, FINDING_COLUMNS, entry_of, finding_of
from filemanager.db.trees.tables import entries, findings
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.trees.tree import Entry, Tree

_BEHIND_SLASH = chr(ord("/") + 1)
"""In byte order everything below ``dir/`` lies between ``dir/`` and ``dir0``."""

_LIVING = and_(
    entries.c.tree_id == bindparam("tree"),
    entries.c.until == UNTIL_FOREVER,
    entries.c.area == bindparam("area"),
)
_SOURCE_PATHS = select(entries.c.path).where(_LIVING).limit(1)
_BOUNDS = select(
    _SOURCE_PATHS.order_by(entries.c.path).scalar_subquery(),
    _SOURCE_PATHS.order_by(entries.c.path.desc()).scalar_subquery(),
)
_FINDINGS = (
    select(*FINDING_COLUMNS)
    .where(findings.c.tree_id == bindparam("tree"), findings.c.until == UNTIL_FOREVER)
    .order_by(findings.c.ordinal)
)


class SqlTreeView:
    """Of a tree as its row was read; asks again each time."""

    def __init__(self, connection: Connection, tree: Tree, source_format: SourceFormat) -> None:
        self._connection = connection
        self._tree = tree
        self.source_format = source_format

    @property
    def counts(self) -> Mapping[Area, Mapping[FileKind, int]]:
        return self._tree.counts

    def find(self, area: Area, path: str) -> Entry | None:
        return find(self._connection, self._tree.id, area, path, None)

    def holds_below(self, area: Area, directory: str) -> bool:
        statement = select(entries.c.id).where(_LIVING, _below(directory)).limit(1)
        return self._connection.execute(statement, self._of(area)).first() is not None

    def sole_source(self) -> Entry | None:
        if self._tree.count(Area.SOURCE) != 1:
            return None
        statement = select(*ENTRY_COLUMNS).where(_LIVING)
        return self._entries(statement, Area.SOURCE)[0]

    def source_bounds(self) -> tuple[str, str] | None:
        first, last = self._connection.execute(_BOUNDS, self._of(Area.SOURCE)).one()
        return None if first is None else (first, last)

    def below(self, area: Area, directory: str) -> Sequence[Entry]:
        statement = select(*ENTRY_COLUMNS).where(_LIVING, _below(directory))
        return self._entries(statement.order_by(entries.c.position), area)

    def findings_on(self, area: Area | None, path: str | None) -> Sequence[Finding]:
        statement = _FINDINGS.where(
            findings.c.area.is_(None) if area is None else findings.c.area == area.value,
            findings.c.path.is_(None) if path is None else findings.c.path == str(path),
        )
        rows = self._connection.execute(statement, {"tree": self._tree.id})
        return [finding_of(tuple(row)) for row in rows]

    def findings_at(self, places: Collection[tuple[Area, str]]) -> Sequence[Finding]:
        found: list[Finding] = []
        for condition in at_places(findings, places):
            rows = self._connection.execute(_FINDINGS.where(condition), {"tree": self._tree.id})
            found += [finding_of(tuple(row)) for row in rows]
        return found

    def findings_of(self, code: str) -> Sequence[Finding]:
        # The severities lead planners to the index of what readiness depends on.
        statement = _FINDINGS.where(
            findings.c.persistent == true(),
            findings.c.severity.in_([severity.value for severity in Severity]),
            findings.c.code == code,
        )
        rows = self._connection.execute(statement, {"tree": self._tree.id})
        return [finding_of(tuple(row)) for row in rows]

    def _entries(self, statement: Select[*tuple[object, ...]], area: Area) -> list[Entry]:
        rows = self._connection.execute(statement, self._of(area))
        return [entry_of(tuple(row)) for row in rows]

    def _of(self, area: Area) -> dict[str, object]:
        return {"tree": self._tree.id, "area": area.value}


def _below(directory: str) -> ColumnElement[bool]:
    if not directory:
        return true()
    path = entries.c.path
    return and_(path > f"{directory}/", path < f"{directory}{_BEHIND_SLASH}")
