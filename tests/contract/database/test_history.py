"""History: checkpoints, restoring, differences, and what is forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from builders.rows import LATER, NOW, Steps, a_checkpoint, a_finding, an_entry, counted, many
from filemanager.db.database import SqlDatabase
from filemanager.db.trees.tables import entries
from filemanager.db.workspaces.tables import checkpoints
from filemanager.domain.ids import Revision, digest_of
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.history import EndedBefore
from filemanager.domain.trees.listing import Difference
from filemanager.domain.trees.tree import TreeChange, TreePath
from filemanager.domain.workspaces.workspace import Workspace


def _rows(database: SqlDatabase) -> int:
    with database._engines.reading.connect() as connection:
        return connection.scalar(select(func.count()).select_from(entries)) or 0


def _difference(steps: Steps, old: Workspace, new: Workspace) -> list[Difference]:
    with steps.database.read() as tx:
        return list(tx.trees.difference(old.tree.id, old.revision, new.revision))


def test_checkpoints_are_listed_oldest_first_until_deleted(steps: Steps) -> None:
    workspace = steps.put(steps.add(), an_entry("a"))
    first = steps.checkpoint(workspace)
    second = steps.checkpoint(workspace)
    steps.checkpoint(steps.add())

    with steps.database.read() as tx:
        listed = tx.checkpoints.of(workspace.tree.id)
    steps.database.write(lambda tx: tx.checkpoints.delete(first))

    assert listed == [first, second]
    with steps.database.read() as tx:
        assert tx.checkpoints.of(workspace.tree.id) == [second]


@pytest.mark.parametrize("size", [3, 2000])
def test_a_checkpoint_is_one_row_and_one_statement(steps: Steps, size: int) -> None:
    workspace = steps.apply(steps.add(), TreeChange(put=tuple(many(size))))
    writing = steps.database._engines.writing

    with counted(writing) as statements:
        steps.database.write(lambda tx: tx.checkpoints.add(a_checkpoint(workspace.tree)))

    with writing.begin() as connection:
        rows = connection.scalar(select(func.count()).select_from(checkpoints))
    assert rows == 1
    assert len([sent for sent in statements if not sent.startswith("BEGIN")]) == 1


def test_restoring_brings_entries_positions_and_totals_back(steps: Steps) -> None:
    steps.store("text", "new")
    first = steps.put(steps.add(), an_entry("b"), an_entry("a"), an_entry("x", area=Area.ANCILLARY))
    changed = steps.apply(
        first,
        TreeChange(end=((Area.SOURCE, TreePath("b")),), put=(an_entry("a", "new"), an_entry("c"))),
    )

    restored = steps.restore(changed, first.revision)

    assert steps.paths(restored) == ["b", "a", "anc/x"]
    assert restored.revision == changed.revision + 1
    assert restored.tree.counts == first.tree.counts
    assert restored.tree.source_bytes == first.tree.source_bytes
    assert restored.tree.content_bytes == first.tree.content_bytes
    assert steps.get(restored).tree == restored.tree
    assert _difference(steps, first, restored) == []


def test_restoring_writes_only_what_differs(steps: Steps, database: SqlDatabase) -> None:
    steps.store("text", "new")
    first = steps.put(steps.add(), *many(50))
    changed = steps.put(first, an_entry(many(1)[0].path, "new"))

    once = steps.restore(changed, first.revision)
    rows = _rows(database)
    twice = steps.restore(once, first.revision)

    assert rows == 52
    assert _rows(database) == 52
    assert steps.paths(twice) == steps.paths(first)


def test_restoring_the_empty_tree_empties_it(steps: Steps) -> None:
    empty = steps.add()
    full = steps.put(empty, an_entry("a"), an_entry("b"))

    restored = steps.restore(full, empty.revision)

    assert steps.paths(restored) == []
    assert restored.tree.is_empty
    assert restored.tree.content_bytes == 0


def test_a_difference_names_added_removed_and_changed_paths(steps: Steps) -> None:
    steps.store("text", "longer")
    old = steps.put(
        steps.add(), an_entry("gone"), an_entry("same"), an_entry("x", area=Area.ANCILLARY)
    )
    new = steps.apply(
        old,
        TreeChange(
            end=((Area.SOURCE, TreePath("gone")),),
            put=(
                an_entry("new"),
                an_entry("same"),
                an_entry("x", "longer", area=Area.ANCILLARY),
                an_entry("gone", area=Area.REMOVED),
            ),
        ),
    )
    text, longer = digest_of(b"text"), digest_of(b"longer")

    assert _difference(steps, old, new) == [
        Difference(path="anc/x", old_digest=text, new_digest=longer, old_bytes=4, new_bytes=6),
        Difference(path="gone", old_digest=text, new_digest=None, old_bytes=4, new_bytes=None),
        Difference(path="new", old_digest=None, new_digest=text, old_bytes=None, new_bytes=4),
    ]
    assert [one.new_digest for one in _difference(steps, new, old)] == [text, text, None]


def test_a_file_that_came_and_went_is_no_difference(steps: Steps) -> None:
    first = steps.put(steps.add(), an_entry("a"))
    between = steps.put(first, an_entry("b"))

    last = steps.apply(between, TreeChange(end=((Area.SOURCE, TreePath("b")),)))

    assert _difference(steps, first, last) == []


def test_history_that_a_checkpoint_sees_is_kept(steps: Steps, database: SqlDatabase) -> None:
    seen = steps.put(steps.add(), an_entry("a"))
    steps.checkpoint(seen)
    unseen = steps.put(seen, an_entry("b"))
    steps.apply(unseen, TreeChange(end_areas=(Area.SOURCE,)), at=NOW)

    early = database.write(lambda tx: tx.upkeep.prune(EndedBefore(NOW), 100))
    late = database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), 100))

    assert (early, late) == (0, 1)
    assert steps.paths(seen) == ["a"]
    assert steps.paths(unseen, unseen.revision) == ["a"]


def test_pruning_stops_at_its_limit_and_takes_findings_too(steps: Steps) -> None:
    workspace = steps.apply(
        steps.add(),
        TreeChange(put=(an_entry("a"), an_entry("b")), findings=(a_finding("x", "a"),)),
    )
    emptied = steps.apply(workspace, TreeChange(end_areas=(Area.SOURCE,)))

    pruned = [
        steps.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), 2)) for _ in range(3)
    ]

    assert pruned == [2, 1, 0]
    assert steps.paths(emptied) == []
    assert steps.findings(workspace, Revision(1)) == []


def test_rows_that_end_later_are_kept(steps: Steps, database: SqlDatabase) -> None:
    workspace = steps.put(steps.add(), an_entry("a"))
    steps.apply(workspace, TreeChange(end_areas=(Area.SOURCE,)), at=LATER)

    database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER - timedelta(milliseconds=1)), 100))

    assert steps.paths(workspace, workspace.revision) == ["a"]


def test_what_was_said_of_a_removed_file_is_kept_as_long_as_it_lies_there(steps: Steps) -> None:
    said = a_finding("dvi_not_allowed", "a")
    workspace = steps.apply(steps.add(), TreeChange(put=(an_entry("a"),), findings=(said,)))
    workspace = steps.apply(
        workspace,
        TreeChange(
            end=((Area.SOURCE, TreePath("a")),),
            clear=((Area.SOURCE, "a"),),
            put=(an_entry("a", area=Area.REMOVED),),
        ),
    )
    tree_id = workspace.tree.id

    steps.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER + timedelta(days=1)), 100))

    with steps.database.read() as tx:
        assert tx.trees.said_before_removal(tree_id, "a") == [said]
        assert tx.trees.said_before_removal(tree_id, "b") == []
