"""Applying a change to a tree: as many statements as the change needs, whatever the tree's size."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, false, func, select, update

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.statements import insert_rows
from filemanager.db.trees.first import FirstRevisions
from filemanager.db.trees.lives import Place, Step, at_places, living
from filemanager.db.trees.rows import TreeState, area_of, entry_values, finding_values, kind_of
from filemanager.db.trees.state import read_state, write_state
from filemanager.db.trees.tables import alterations, entries, findings
from filemanager.db.trees.totals import Totals, Weight
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.quotas import charge
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.tree import Altered, Entry, Tree, TreeChange

_OLD_COLUMNS = (
    entries.c.id,
    entries.c.area,
    entries.c.path,
    entries.c.position,
    entries.c.kind,
    entries.c.size_bytes,
    entries.c.packed_bytes,
)

_OF_BEFORE = and_(alterations.c.tree_id == bindparam("tree"), alterations.c.is_past == false())
_FORGET_ALTERATIONS = delete(alterations).where(_OF_BEFORE, alterations.c.file.is_(None))
_KEEP_REWRITES = update(alterations).where(_OF_BEFORE).values(is_past=True)


@dataclass(frozen=True, slots=True)
class _Old:
    """A living entry that this revision ends."""

    id: int
    position: int
    weight: Weight


def apply(
    connection: Connection,
    tree_id: TreeId,
    change: TreeChange,
    at: datetime,
    first: FirstRevisions,
) -> Tree:
    """Make the next revision; the caller holds the tree's lock.

    What a new tree cannot have, findings and alterations of before, is not asked for.
    """
    blank = first.blank_state(tree_id)
    before = blank or read_state(connection, tree_id)
    step = Step(connection, tree_id, Revision(before.tree.revision + 1), milliseconds(at))
    totals = Totals.of(before.tree)
    # The last of several entries for one place is the one that lives.
    put = {(entry.area, str(entry.path)): entry for entry in change.put}
    _end_areas(step, change.end_areas, totals)
    ended = [(area, str(path)) for area, path in change.end]
    old = _living(step, _occupied([*ended, *put], totals))
    _end_old(step, old.values(), totals)
    after, positions = _begin_entries(step, before, _Begun(put, old, frozenset(ended)))
    if blank is None:
        first.moved(tree_id)
    else:
        placed = zip(put.values(), positions, strict=True)
        first.made(tree_id, dict(zip(put, placed, strict=True)), change.findings)
    for entry in put.values():
        totals.add(_weight(entry))
    if before.next_ordinal:
        _end_findings(step, change, list(old))
    if change.is_upload and before.tree.revision:
        step.connection.execute(_FORGET_ALTERATIONS, {"tree": tree_id})
        step.connection.execute(_KEEP_REWRITES, {"tree": tree_id})
    _record_alterations(step, change)
    totals.kept_bytes += sum(altered.before_bytes for altered in change.altered)
    after = _begin_findings(step, after, change.findings)
    return write_state(step, after, totals)


def _end_areas(step: Step, areas: Collection[Area], totals: Totals) -> None:
    if not areas:
        return
    within = entries.c.area.in_([area.value for area in areas])
    statement = (
        select(entries.c.area, func.sum(entries.c.packed_bytes))
        .where(living(entries, step.tree_id), within)
        .group_by(entries.c.area)
    )
    for area, packed_bytes in step.connection.execute(statement).all():
        totals.clear(area_of(area), int(packed_bytes))
    step.end(entries, within)


def _occupied(places: Collection[Place], totals: Totals) -> Collection[Place]:
    """Leave out what cannot be there: the first upload of a workspace looks nothing up."""
    areas = totals.living_counts()
    return dict.fromkeys(place for place in places if place[0] in areas)


def _living(step: Step, places: Collection[Place]) -> dict[Place, _Old]:
    found: dict[Place, _Old] = {}
    for condition in at_places(entries, places):
        statement = select(*_OLD_COLUMNS).where(living(entries, step.tree_id), condition)
        for key, area, path, position, kind, size, packed in step.connection.execute(statement):
            weight = Weight(area_of(area), kind_of(kind), size, packed, charge(size))
            found[weight.area, path] = _Old(key, position, weight)
    return found


def _end_old(step: Step, old: Collection[_Old], totals: Totals) -> None:
    for entry in old:
        totals.remove(entry.weight)
    step.end_by_id(entries, [entry.id for entry in old])


def _weight(entry: Entry) -> Weight:
    size = entry.size_bytes
    return Weight(entry.area, entry.kind, size, entry.packed_bytes, charge(size))


@dataclass(frozen=True, slots=True)
class _Begun:
    """The entries to begin, the living ones in their way, and the places ended by name."""

    put: Mapping[Place, Entry]
    old: Mapping[Place, _Old]
    ended: frozenset[Place]

    def position(self, place: Place) -> int | None:
        """What is overwritten keeps its position; what is ended takes it along."""
        given = self.put[place].position
        if given is not None or place in self.ended or place not in self.old:
            return given
        return self.old[place].position


def _begin_entries(step: Step, before: TreeState, begun: _Begun) -> tuple[TreeState, Sequence[int]]:
    """With the positions that the entries have got."""
    following = before.next_position
    positions = []
    for place in begun.put:
        position = begun.position(place)
        positions.append(following if position is None else position)
        following = max(following, positions[-1] + 1)
    rows = (
        entry_values(entry, position, step.revision) | step.life()
        for entry, position in zip(begun.put.values(), positions, strict=True)
    )
    insert_rows(step.connection, entries, rows)
    return replace(before, next_position=following), positions


def _end_findings(step: Step, change: TreeChange, ended: Sequence[Place]) -> None:
    places = dict.fromkeys([*ended, *((area, str(path)) for area, path in change.clear)])
    if change.end_areas:
        step.end(findings, findings.c.area.in_([area.value for area in change.end_areas]))
    for condition in at_places(findings, places):
        step.end(findings, condition)
    if change.clear_codes:
        step.end(findings, findings.c.area.is_(None), findings.c.code.in_(change.clear_codes))
    if change.is_upload:
        step.end(findings, findings.c.persistent == false())


def _begin_findings(step: Step, before: TreeState, begun: Sequence[Finding]) -> TreeState:
    rows = (
        finding_values(finding, ordinal) | step.life()
        for ordinal, finding in enumerate(begun, before.next_ordinal)
    )
    insert_rows(step.connection, findings, rows)
    return replace(before, next_ordinal=before.next_ordinal + len(begun))


def _record_alterations(step: Step, change: TreeChange) -> None:
    rows = (
        _alteration_values(altered)
        | {"tree_id": step.tree_id, "revision": step.revision, "ordinal": ordinal}
        for ordinal, altered in enumerate(change.altered)
    )
    insert_rows(step.connection, alterations, rows)


def _alteration_values(altered: Altered) -> dict[str, object]:
    return {
        "alteration": altered.alteration.value,
        "code": altered.code,
        "before_path": altered.before,
        "after_path": altered.after,
        "before_digest": altered.before_digest,
        "after_digest": altered.after_digest,
        "message": altered.message,
        "file": altered.file,
        "before_bytes": altered.before_bytes,
        "before_kind": altered.before_kind and altered.before_kind.value,
        "is_past": False,
    }
