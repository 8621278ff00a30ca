"""Applying a change to a tree: as many statements as the change needs, whatever the tree's size."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, false, func, select, update

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.driver import change_later
from filemanager.db.trees.begun import Begun, begin, put_by_place, weight_of
from filemanager.db.trees.held import HeldTree, LivingEntry, Seen
from filemanager.db.trees.lives import Place, Step, at_places, living
from filemanager.db.trees.rows import TreeState, area_of, kind_of
from filemanager.db.trees.state import revised, write_state
from filemanager.db.trees.tables import alterations, entries, findings
from filemanager.db.trees.told import entry_told
from filemanager.db.trees.totals import Totals, Weight
from filemanager.domain.ids import Revision
from filemanager.domain.quotas import charge
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.tree import TreeChange

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

_FEW = 64
"""Entries that are remembered when they have begun, since one of them may be asked for."""


@dataclass(frozen=True, slots=True)
class _Old:
    """A living entry that this revision ends."""

    id: int
    position: int
    weight: Weight


def apply(connection: Connection, held: HeldTree, change: TreeChange, at: datetime) -> HeldTree:
    """Make the next revision of a locked tree, of which what is known is not asked again."""
    before = held.state
    revision = Revision(before.tree.revision + 1)
    step = Step(connection, before.tree.id, revision, milliseconds(at))
    totals, put = Totals.of(before.tree), put_by_place(change)
    _end_areas(step, change.end_areas, totals)
    ended = dict.fromkeys((area, str(path)) for area, path in change.end)
    old = _living(step, _occupied([*ended, *put], totals), held.seen)
    for entry in old.values():
        totals.remove(entry.weight)
    step.end_by_id(entries, [entry.id for entry in old.values()])
    left = _end_findings(step, change, list(old), held)
    _end_alterations(step, change, held)
    # What is overwritten keeps its position; what is ended takes it along.
    kept = {place: entry.position for place, entry in old.items() if place not in ended}
    begun = Begun.of(put, kept, before.next_position)
    begun.add_to(totals, change.altered)
    begin(step, begun, change, before.next_ordinal)
    after = TreeState(
        revised(before.tree, revision, totals),
        begun.next_position(before.next_position),
        before.next_ordinal + len(change.findings),
    )
    write_state(connection, after)
    said = None if left is None else [*left, *change.findings]
    return HeldTree(after, Seen(entries=_told(begun, revision)), said)


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


def _living(step: Step, places: Collection[Place], seen: Seen) -> dict[Place, _Old]:
    found: dict[Place, _Old] = {}
    unknown: list[Place] = []
    for place in places:
        known = seen.entries.get(place)
        if known is not None and known.id is not None:
            found[place] = _Old(known.id, known.entry.position or 0, weight_of(known.entry))
        elif known is not None or place not in seen.entries:
            unknown.append(place)
    for condition in at_places(entries, unknown):
        statement = select(*_OLD_COLUMNS).where(living(entries, step.tree_id), condition)
        for key, area, path, position, kind, size, packed in step.connection.execute(statement):
            weight = Weight(area_of(area), kind_of(kind), size, packed, charge(size))
            found[weight.area, path] = _Old(key, position, weight)
    return found


def _end_findings(
    step: Step, change: TreeChange, ended: Sequence[Place], held: HeldTree
) -> Sequence[Finding] | None:
    """What is said still; None: that is not known, and ended by conditions."""
    places = {*ended, *((area, str(path)) for area, path in change.clear)}
    if not held.state.next_ordinal:
        return ()
    if (said := held.seen.said) is None:
        _end_unknown_findings(step, change, places)
        return None
    over = {one.id for one in said if _is_over(one.finding, change, places)}
    step.end_by_id(findings, sorted(over))
    return [one.finding for one in said if one.id not in over]


def _is_over(finding: Finding, change: TreeChange, places: Collection[Place]) -> bool:
    if change.is_upload and not finding.persistent:
        return True
    if finding.area is None:
        return finding.code in change.clear_codes
    return finding.area in change.end_areas or (finding.area, finding.path) in places


def _end_unknown_findings(step: Step, change: TreeChange, places: Collection[Place]) -> None:
    if change.end_areas:
        step.end(findings, findings.c.area.in_([area.value for area in change.end_areas]))
    for condition in at_places(findings, places):
        step.end(findings, condition)
    if change.clear_codes:
        step.end(findings, findings.c.area.is_(None), findings.c.code.in_(change.clear_codes))
    if change.is_upload:
        step.end(findings, findings.c.persistent == false())


def _end_alterations(step: Step, change: TreeChange, held: HeldTree) -> None:
    """Those of the upload before."""
    if change.is_upload and held.state.tree.revision and held.seen.is_altered is not False:
        change_later(step.connection, _FORGET_ALTERATIONS, [{"tree": step.tree_id}])
        change_later(step.connection, _KEEP_REWRITES, [{"tree": step.tree_id}])


def _told(begun: Begun, revision: Revision) -> dict[Place, LivingEntry | None]:
    if len(begun.entries) > _FEW:
        return {}
    return {
        place: LivingEntry(None, entry_told(entry, position, revision))
        for place, (entry, position) in zip(begun.entries, begun.placed(), strict=True)
    }
