"""What begins with a revision: entries, findings and alterations; a tree that begins with them."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.statements import insert_rows
from filemanager.db.trees.bare import EMPTY, add_state
from filemanager.db.trees.lives import Place, Step
from filemanager.db.trees.rows import TreeState, entry_values, finding_values
from filemanager.db.trees.state import revised
from filemanager.db.trees.tables import alterations, entries, findings
from filemanager.db.trees.totals import Totals, Weight
from filemanager.domain.ids import Checksum, Revision
from filemanager.domain.quotas import charge
from filemanager.domain.trees.tree import Altered, Entry, Tree, TreeChange

FIRST = Revision(1)


@dataclass(frozen=True, slots=True)
class Begun:
    """The entries that begin, the last of several for one place, and their positions in the same
    order: there may be 20,000, and memory for each.
    """

    entries: Mapping[Place, Entry]
    positions: Sequence[int]

    @classmethod
    def of(
        cls, put: Mapping[Place, Entry], kept: Mapping[Place, int], next_position: int
    ) -> "Begun":
        """*kept* are positions that entries at these places take over."""
        positions = array("q")
        for place, entry in put.items():
            position = entry.position
            if position is None:
                position = kept.get(place, next_position)
            positions.append(position)
            next_position = max(next_position, position + 1)
        return cls(put, positions)

    def placed(self) -> Iterator[tuple[Entry, int]]:
        return zip(self.entries.values(), self.positions, strict=True)

    def position_of(self) -> Mapping[Place, int]:
        return dict(zip(self.entries, self.positions, strict=True))

    def add_to(self, totals: Totals, altered: Iterable[Altered]) -> None:
        for entry in self.entries.values():
            totals.add(weight_of(entry))
        totals.kept_bytes += sum(one.before_bytes for one in altered)

    def next_position(self, before: int) -> int:
        return max(before, max(self.positions, default=-1) + 1)


def put_by_place(change: TreeChange) -> Mapping[Place, Entry]:
    """The last of several entries for one place is the one that lives."""
    return {(entry.area, entry.path): entry for entry in change.put}


def weight_of(entry: Entry) -> Weight:
    size = entry.size_bytes
    return Weight(entry.area, entry.kind, size, entry.packed_bytes, charge(size))


def begin(step: Step, begun: Begun, change: TreeChange, next_ordinal: int) -> None:
    """Write what begins; what it takes the place of has ended."""
    life = step.life()
    insert_rows(
        step.connection,
        entries,
        (entry_values(entry, position, step.revision) | life for entry, position in begun.placed()),
    )
    of_revision = {"tree_id": step.tree_id, "revision": step.revision}
    insert_rows(
        step.connection,
        alterations,
        (
            _alteration_values(altered) | of_revision | {"ordinal": ordinal}
            for ordinal, altered in enumerate(change.altered)
        ),
    )
    insert_rows(
        step.connection,
        findings,
        (
            finding_values(finding, ordinal) | life
            for ordinal, finding in enumerate(change.findings, next_ordinal)
        ),
    )


def begin_tree(
    connection: Connection, change: TreeChange, at: datetime, checksum: Checksum
) -> tuple[Tree, Begun]:
    """Insert a tree with *change* as its first revision, of a content that is called *checksum*."""
    begun, totals = Begun.of(put_by_place(change), {}, 0), Totals()
    begun.add_to(totals, change.altered)
    first = replace(revised(EMPTY.tree, FIRST, totals), checksum=checksum)
    state = TreeState(first, begun.next_position(0), len(change.findings))
    tree = add_state(connection, state, None).tree
    begin(Step(connection, tree.id, FIRST, milliseconds(at)), begun, change, 0)
    return tree, begun


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
