"""Pins: what keeps a revision, what cannot be kept any more, and how old the rest gets."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from builders.rows import LATER, NOW, Steps, a_finding, an_entry
from filemanager.db.database import SqlDatabase
from filemanager.db.schema import LIVES, metadata
from filemanager.domain.ids import Revision
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.errors import PinExists, RevisionPruned, RevisionUnknown
from filemanager.domain.trees.history import EndedBefore, Pin, Purpose
from filemanager.domain.trees.tree import Tree, TreeChange, TreePath

SLOW, QUICK = Purpose("slow"), Purpose("quick")


class Grove:
    """Trees without a workspace, each step a transaction."""

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database
        self.steps = Steps(database)
        self.steps.store("text")

    def tree(self, *changes: TreeChange, purpose: Purpose = SLOW) -> Tree:
        tree = self.database.write(lambda tx: tx.trees.add(purpose))
        for change in changes:
            tree = self.apply(tree, change)
        return tree

    def apply(self, tree: Tree, change: TreeChange) -> Tree:
        return self.database.write(lambda tx: tx.trees.apply(tx.trees.lock(tree.id), change, NOW))

    def pin(self, tree: Tree, revision: int, name: str | None = None) -> Pin:
        pin = a_pin(tree, revision, name)
        return self.database.write(lambda tx: tx.pins.add(pin))

    def unpin(self, pin: Pin) -> None:
        self.database.write(lambda tx: tx.pins.delete(pin))

    def prune(self, limit: int = 100) -> int:
        return self.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), limit))

    def pins(self, tree: Tree) -> list[Pin]:
        with self.database.read() as tx:
            return list(tx.pins.of(tree.id))

    def paths(self, tree: Tree, revision: int) -> list[str]:
        with self.database.read() as tx:
            entries = tx.trees.entries(tree.id, Revision(revision))
        return [entry.public_path for entry in entries]

    def ensure_kept(self, tree: Tree, revision: int) -> None:
        with self.database.read() as tx:
            tx.pins.ensure_kept(tree.id, Revision(revision))


@pytest.fixture
def grove(database: SqlDatabase) -> Grove:
    return Grove(database)


def a_pin(tree: Tree, revision: int, name: str | None = None) -> Pin:
    return Pin(
        tree_id=tree.id,
        revision=Revision(revision),
        name=name,
        created_by="issuer:zoë",
        created_at=NOW,
    )


def writing(*names: str) -> tuple[TreeChange, ...]:
    """A revision for each name, in which that file alone is there."""
    return tuple(TreeChange(end_areas=(Area.SOURCE,), put=(an_entry(name),)) for name in names)


def test_a_tree_of_its_own_begins_empty_and_is_changed(grove: Grove) -> None:
    empty = grove.tree()

    changed = grove.apply(empty, TreeChange(put=(an_entry("a"),)))

    assert (empty.revision, empty.is_empty) == (0, True)
    assert (changed.id, changed.revision) == (empty.id, 1)
    assert grove.database.write(lambda tx: tx.trees.lock(empty.id)) == changed
    assert grove.paths(changed, 1) == ["a"]


def test_who_holds_a_tree_loses_no_change_to_another(grove: Grove) -> None:
    tree = grove.tree()

    def add(number: int) -> None:
        grove.apply(tree, TreeChange(put=(an_entry(f"{number:02}"),)))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, range(12)))

    assert len(grove.paths(tree, 12)) == 12


def test_pins_are_listed_oldest_first_until_deleted(grove: Grove) -> None:
    tree = grove.tree(*writing("a", "b"))
    first, second = grove.pin(tree, 2, "zoë"), grove.pin(tree, 1)
    grove.pin(grove.tree(), 0)

    before = grove.pins(tree)
    grove.unpin(first)

    assert before == [first, second]
    assert replace(first, id=0) == a_pin(tree, 2, "zoë")
    assert grove.pins(tree) == [second]


def test_a_pin_is_found_by_its_name_in_its_tree(grove: Grove) -> None:
    tree, other = grove.tree(*writing("a")), grove.tree(*writing("a"))
    named = grove.pin(tree, 1, "stable")
    grove.pin(other, 1, "stable")

    with grove.database.read() as tx:
        found = [tx.pins.find(tree.id, name) for name in ("stable", "Stable", "stable ")]

    assert found == [named, None, None]


def test_a_name_is_one_pins_and_none_is_many(grove: Grove) -> None:
    tree = grove.tree(*writing("a", "b"))
    grove.pin(tree, 1, "stable")

    with pytest.raises(PinExists):
        grove.pin(tree, 2, "stable")
    for _ in range(2):
        grove.pin(tree, 2)

    assert [pin.name for pin in grove.pins(tree)] == ["stable", None, None]


def test_of_many_who_take_a_name_at_once_one_has_it(grove: Grove) -> None:
    tree = grove.tree(*writing("a"))

    def pin(_: int) -> None:
        with suppress(PinExists):
            grove.pin(tree, 1, "stable")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(pin, range(8)))

    assert len(grove.pins(tree)) == 1


def test_what_a_pin_of_an_older_revision_sees_is_kept(grove: Grove) -> None:
    tree = grove.tree(*writing("a", "b", "c"))
    grove.pin(tree, 2)

    assert grove.prune() == 1

    assert [grove.paths(tree, revision) for revision in (1, 2, 3)] == [[], ["b"], ["c"]]


def test_what_was_pinned_is_forgotten_with_its_pin(grove: Grove) -> None:
    tree = grove.tree(*writing("a", "b"))
    pin = grove.pin(tree, 1)
    kept = grove.prune()

    grove.unpin(pin)

    assert (kept, grove.prune()) == (0, 1)
    with pytest.raises(RevisionPruned):
        grove.pin(tree, 1)


def test_a_revision_that_was_pruned_is_not_pinned(grove: Grove) -> None:
    tree = grove.tree(*writing("a", "b", "c"))
    grove.prune()

    for revision in (1, 2):
        with pytest.raises(RevisionPruned):
            grove.pin(tree, revision)

    grove.pin(tree, 3)
    assert [pin.revision for pin in grove.pins(tree)] == [3]


def test_a_finding_that_was_pruned_counts_too(grove: Grove) -> None:
    tree = grove.tree(
        TreeChange(put=(an_entry("a"),), findings=(a_finding("x"),)), TreeChange(clear_codes=("x",))
    )
    grove.prune()

    with pytest.raises(RevisionPruned):
        grove.pin(tree, 1)


def test_pruning_a_tree_says_nothing_of_another(grove: Grove) -> None:
    tree = grove.tree(*writing("a", "b"))
    grove.prune()
    younger = grove.tree(*writing("a", "b"))

    grove.pin(younger, 1)

    with pytest.raises(RevisionPruned):
        grove.pin(tree, 1)


def test_what_a_pin_keeps_can_be_pinned_again(grove: Grove) -> None:
    tree = grove.tree(*writing("a", "b", "c", "d"))
    grove.pin(tree, 2)
    grove.prune()

    again = grove.pin(tree, 2, "again")

    assert again.revision == 2
    with pytest.raises(RevisionPruned):
        grove.pin(tree, 3)


def test_the_empty_revision_is_never_pruned(grove: Grove) -> None:
    tree = grove.tree(*writing("a", "b"))
    grove.prune()

    assert grove.pin(tree, 0).revision == 0


@pytest.mark.parametrize("revision", [-1, 2, 1 << 62])
def test_a_revision_that_never_was_is_unknown(grove: Grove, revision: int) -> None:
    tree = grove.tree(*writing("a"))

    with pytest.raises(RevisionUnknown):
        grove.pin(tree, revision)


def test_readers_are_told_what_is_not_kept(grove: Grove) -> None:
    tree = grove.tree(*writing("a", "b", "c"))
    grove.pin(tree, 1)
    grove.prune()

    grove.ensure_kept(tree, 1)
    grove.ensure_kept(tree, 3)

    with pytest.raises(RevisionPruned):
        grove.ensure_kept(tree, 2)


def test_a_checkpoint_keeps_a_revision_as_a_pin_does(grove: Grove) -> None:
    steps, workspace = grove.steps, grove.steps.add()
    for change in writing("a", "b"):
        workspace = steps.apply(workspace, change)
    steps.checkpoint(workspace)
    for change in writing("c", "d"):
        workspace = steps.apply(workspace, change)
    grove.prune()
    tree = workspace.tree

    grove.ensure_kept(tree, 2)
    with grove.database.read() as tx:
        assert tx.pins.kept(tree.id, [Revision(one) for one in (1, 2, 3, 4)]) == {2, 4}
    for revision in (1, 3):
        with pytest.raises(RevisionPruned):
            grove.pin(tree, revision)
    assert grove.pin(tree, 2).revision == 2
    assert grove.paths(tree, 2) == ["b"]


def test_pins_and_pruning_at_once_leave_whole_revisions(grove: Grove) -> None:
    trees = [grove.tree(*writing("a", "b")) for _ in range(20)]

    def pin_and_prune(number: int) -> None:
        if number % 4 == 0:
            grove.prune(limit=5)
        with suppress(RevisionPruned):
            grove.pin(trees[number], 1)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(pin_and_prune, range(20)))

    assert all(grove.paths(tree, 1) == ["a"] for tree in trees if grove.pins(tree))


def test_what_is_pruned_is_counted_once_by_those_who_prune_at_once(grove: Grove) -> None:
    trees = [grove.tree(*writing("a", "b")) for _ in range(8)]

    with ThreadPoolExecutor(4) as threads:
        pruned = sum(threads.map(lambda _: grove.prune(), range(4)))

    assert pruned == 8
    with grove.database.read() as tx:
        found = {tx.trees.kept_bytes(tree.id) for tree in trees}
    kept = {grove.database.write(_locking(tree)).kept_bytes for tree in trees}
    assert kept == found


def _locking(tree: Tree) -> Callable[[Transaction], Tree]:
    return lambda tx: tx.trees.lock(tree.id)


def test_history_is_as_old_as_its_purpose_says(grove: Grove) -> None:
    slow, quick = grove.tree(*writing("a", "b")), grove.tree(*writing("a", "b"), purpose=QUICK)
    workspace = grove.steps.put(grove.steps.add(), an_entry("a"))
    grove.steps.apply(workspace, TreeChange(end=((Area.SOURCE, TreePath("a")),)))
    millisecond = timedelta(milliseconds=1)

    def prune(at: EndedBefore) -> int:
        with grove.database.read() as tx:
            foreseen = tx.upkeep.forecast(NOW, at, 0.5).history_rows
        pruned = grove.database.write(lambda tx: tx.upkeep.prune(at, 100))
        assert pruned == foreseen
        return pruned

    assert prune(EndedBefore(NOW, {QUICK: NOW + millisecond})) == 1
    assert grove.paths(quick, 1) == []
    assert prune(EndedBefore(NOW + millisecond, {SLOW: NOW})) == 1
    assert grove.steps.paths(workspace, Revision(1)) == []
    assert grove.paths(slow, 1) == ["a"]
    assert prune(EndedBefore(NOW, {SLOW: LATER})) == 1


def test_all_that_lives_from_revision_to_revision_is_pruned() -> None:
    with_a_life = {
        table
        for table in metadata.sorted_tables
        if {"tree_id", "since", "until", "ended_at"} <= set(table.columns.keys())
    }

    assert with_a_life == set(LIVES)


def test_of_many_revisions_those_that_are_kept_are_told(grove: Grove) -> None:
    tree = grove.tree(*writing("a", "b", "c", "d"))
    grove.pin(tree, 2)
    grove.pin(tree, 2, "stable")
    grove.prune()

    with grove.database.read() as tx:
        kept = tx.pins.kept(tree.id, [Revision(number) for number in range(5)])

    assert set(kept) == {0, 2, 4}
