"""Narrow questions about the living entries of a tree."""

from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    false,
    literal,
    null,
    select,
    true,
    union_all,
)

from filemanager.db.engine.columns import UNTIL_FOREVER
from filemanager.db.engine.driver import rows_of
from filemanager.db.trees.held import HeldTree, LivingEntry, LivingFinding, Seen
from filemanager.db.trees.lives import at_places
from filemanager.db.trees.rows import ENTRY_COLUMNS, FINDING_COLUMNS, entry_of, finding_of
from filemanager.db.trees.tables import alterations, entries, findings
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.trees.tree import Entry, Tree

_LITTLE = 64
"""Findings that are read at once: most trees have no more."""

_BEHIND_SLASH = chr(ord("/") + 1)
"""In byte order everything below ``dir/`` lies between ``dir/`` and ``dir0``."""

_LIVING = and_(
    entries.c.tree_id == bindparam("tree"),
    entries.c.until == UNTIL_FOREVER,
    entries.c.area == bindparam("area"),
)
_WHOLE = select(*ENTRY_COLUMNS).where(_LIVING)
_FIND = select(entries.c.id, *ENTRY_COLUMNS).where(_LIVING, entries.c.path == bindparam("path"))
_LISTED = _WHOLE.order_by(entries.c.position)
_BELOW = and_(entries.c.path > bindparam("first"), entries.c.path < bindparam("last"))
_LISTED_BELOW = _LISTED.where(_BELOW)

_AT, _IN, _FIRST, _LAST, _ALTERED = range(5)


def _one(tag: int, *conditions: ColumnElement[bool], order: Any = None) -> Select[Any]:
    """One row with what it answers in front; MariaDB and SQLite want the limit further in."""
    found = select(entries.c.id, *ENTRY_COLUMNS).where(
        entries.c.tree_id == bindparam("tree"), entries.c.until == UNTIL_FOREVER, *conditions
    )
    if order is not None:
        found = found.order_by(order)
    within = found.limit(1).subquery()
    return select(literal(tag), *within.c)


_IS_SOURCE = entries.c.area == Area.SOURCE.value
_IS_IN_AREA = entries.c.area == bindparam("area")
_LAST_UPLOADS = and_(alterations.c.tree_id == bindparam("tree"), alterations.c.is_past == false())
_AROUND: CompoundSelect[Any] = union_all(
    _one(_AT, _IS_IN_AREA, entries.c.path == bindparam("path")),
    _one(_IN, _IS_IN_AREA, _BELOW),
    _one(_FIRST, _IS_SOURCE, order=entries.c.path),
    _one(_LAST, _IS_SOURCE, order=entries.c.path.desc()),
    select(literal(_ALTERED), null(), *(null() for _ in ENTRY_COLUMNS)).where(
        exists().where(_LAST_UPLOADS)
    ),
)
"""A place, what is below it, the bounds of the source, and whether the last upload altered
something: what most uploads of one file ask, and what they end.
"""

_SAID = (findings.c.id, findings.c.ordinal, *FINDING_COLUMNS)
_LITTLE_SAID = (
    select(*_SAID)
    .where(findings.c.tree_id == bindparam("tree"), findings.c.until == UNTIL_FOREVER)
    # Without an order, which would read all of it.
    .limit(_LITTLE + 1)
)
_FINDINGS = (
    select(*FINDING_COLUMNS)
    .where(findings.c.tree_id == bindparam("tree"), findings.c.until == UNTIL_FOREVER)
    .order_by(findings.c.ordinal)
)


class SqlTreeView:
    """Of a tree as its row was read. What was asked of a *held* one is not asked again."""

    def __init__(
        self,
        connection: Connection,
        tree: Tree,
        source_format: SourceFormat,
        held: HeldTree | None,
    ) -> None:
        self._connection = connection
        self._tree = tree
        self._seen = Seen() if held is None else held.seen
        self._is_nothing_said = held is not None and not held.state.next_ordinal
        self.source_format = source_format

    @property
    def counts(self) -> Mapping[Area, Mapping[FileKind, int]]:
        return self._tree.counts

    def find(self, area: Area, path: str) -> Entry | None:
        place, known = (area, str(path)), self._seen.entries
        if place not in known:
            found = rows_of(self._connection, _FIND, self._of(area) | {"path": place[1]})
            known[place] = _living(found[0]) if found else None
        living = known[place]
        return None if living is None else living.entry

    def holds_below(self, area: Area, directory: str) -> bool:
        if not directory:
            return self._tree.count(area) > 0
        place, known = (area, str(directory)), self._seen.inhabited
        if place not in known:
            self._look_around(place)
        return known[place]

    def sole_source(self) -> Entry | None:
        if self._tree.count(Area.SOURCE) != 1:
            return None
        if self._seen.bounds is not None:
            return self._seen.bounds[0]
        return self._entries(_WHOLE, self._of(Area.SOURCE))[0]

    def source_bounds(self) -> tuple[str, str] | None:
        if not self._seen.are_bounds_known:
            self._look_around((Area.SOURCE, ""))
        bounds = self._seen.bounds
        return None if bounds is None else (bounds[0].path, bounds[1].path)

    def below(self, area: Area, directory: str) -> Sequence[Entry]:
        if not directory:
            return self._entries(_LISTED, self._of(area))
        return self._entries(_LISTED_BELOW, self._of(area) | _range(directory))

    def findings_on(self, area: Area | None, path: str | None) -> Sequence[Finding]:
        if (known := self._all_said()) is not None:
            return [one for one in known if (one.area, one.path) == (area, path)]
        statement = _FINDINGS.where(
            findings.c.area.is_(None) if area is None else findings.c.area == area.value,
            findings.c.path.is_(None) if path is None else findings.c.path == str(path),
        )
        return self._findings(statement)

    def findings_at(self, places: Collection[tuple[Area, str]]) -> Sequence[Finding]:
        if (known := self._all_said()) is not None:
            wanted = {(area, str(path)) for area, path in places}
            return [one for one in known if (one.area, one.path) in wanted]
        conditions = at_places(findings, places)
        return [one for where in conditions for one in self._findings(_FINDINGS.where(where))]

    def findings_of(self, code: str) -> Sequence[Finding]:
        if (known := self._all_said()) is not None:
            return [one for one in known if one.persistent and one.code == code]
        # The severities lead planners to the index of what readiness depends on.
        statement = _FINDINGS.where(
            findings.c.persistent == true(),
            findings.c.severity.in_([severity.value for severity in Severity]),
            findings.c.code == code,
        )
        return self._findings(statement)

    def _look_around(self, place: tuple[Area, str]) -> None:
        """Whatever the question was: what is found besides is asked for next."""
        area, path = place
        values = self._of(area) | {"path": path} | _range(path)
        found = {tag: row for tag, *row in rows_of(self._connection, _AROUND, values)}
        seen = self._seen
        seen.entries[place] = _living(found[_AT]) if _AT in found else None
        seen.inhabited[place] = _IN in found
        seen.are_bounds_known, seen.is_altered = True, _ALTERED in found
        if _FIRST in found:
            seen.bounds = (_living(found[_FIRST]).entry, _living(found[_LAST]).entry)

    def _all_said(self) -> Sequence[Finding] | None:
        """By their ordinals; None: it is more than a little."""
        seen = self._seen
        if seen.said is None and not seen.is_much_said:
            seen.said = self._read_said()
            seen.is_much_said = seen.said is None
        return None if seen.said is None else [one.finding for one in seen.said]

    def _read_said(self) -> Sequence[LivingFinding] | None:
        if self._is_nothing_said:
            return ()
        rows = rows_of(self._connection, _LITTLE_SAID, {"tree": self._tree.id})
        if len(rows) > _LITTLE:
            return None
        said = (LivingFinding(key, ordinal, finding_of(tuple(row))) for key, ordinal, *row in rows)
        return sorted(said, key=attrgetter("ordinal"))

    def _findings(self, statement: Select[Any]) -> list[Finding]:
        rows = self._connection.execute(statement, {"tree": self._tree.id})
        return [finding_of(tuple(row)) for row in rows]

    def _entries(self, statement: Select[Any], values: Mapping[str, object]) -> list[Entry]:
        return [entry_of(row) for row in rows_of(self._connection, statement, values)]

    def _of(self, area: Area) -> dict[str, object]:
        return {"tree": self._tree.id, "area": area.value}


def _living(row: Sequence[Any]) -> LivingEntry:
    return LivingEntry(row[0], entry_of(tuple(row[1:])))


def _range(directory: str) -> dict[str, object]:
    return {"first": f"{directory}/", "last": f"{directory}{_BEHIND_SLASH}"}
