"""The buckets of checksums: right after every change, and at a cost that does not grow."""

import pytest
from sqlalchemy import select, update

from builders.rows import LATER, NOW, Steps, an_entry, counted, many
from filemanager.db.trees.tables import NO_BUCKET, entries, tree_buckets
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.checksums import Buckets, ChecksumForm, bucket_of, checksum_of
from filemanager.domain.trees.history import EndedBefore
from filemanager.domain.trees.tree import TreeChange, TreePath
from filemanager.domain.workspaces.workspace import Workspace

LARGE = 300


def listed(steps: Steps, workspace: Workspace) -> Buckets:
    tree = workspace.tree
    with steps.database.read() as tx:
        found = tx.trees.entries(tree.id, tree.revision)
    return Buckets.of((entry.public_path, entry.digest) for entry in found)


def read(steps: Steps, workspace: Workspace) -> Buckets:
    with steps.database.read() as tx:
        return tx.trees.buckets(workspace.tree)


def keep(steps: Steps, workspace: Workspace) -> Buckets:
    found = read(steps, workspace)
    steps.database.write(lambda tx: tx.trees.save_buckets(workspace.tree, found))
    return found


def kept(steps: Steps) -> list[tuple[int, int]]:
    with steps.database._engines.reading.connect() as connection:
        rows = connection.execute(select(tree_buckets.c.tree_id, tree_buckets.c.revision))
        return [(row.tree_id, row.revision) for row in rows]


def forget_numbers(steps: Steps) -> None:
    """As the rows of a version are that knew no buckets."""
    with steps.database._engines.writing.begin() as connection:
        connection.execute(update(entries).values(bucket=NO_BUCKET))


def numbers(steps: Steps) -> set[int]:
    with steps.database._engines.reading.connect() as connection:
        return set(connection.scalars(select(entries.c.bucket)))


def test_a_small_tree_is_listed_and_keeps_no_buckets(steps: Steps) -> None:
    workspace = steps.put(steps.add(), an_entry("a"), an_entry("x", area=Area.ANCILLARY))

    assert keep(steps, workspace) == listed(steps, workspace)
    assert kept(steps) == []
    assert steps.get(workspace).tree.checksum == listed(steps, workspace).checksum


def test_buckets_are_right_after_every_kind_of_change(steps: Steps) -> None:
    steps.store("new")
    first = steps.put(steps.add(), *many(LARGE))
    keep(steps, first)
    changes = [
        TreeChange(put=(an_entry("added"), an_entry("x", area=Area.ANCILLARY))),
        TreeChange(put=(an_entry("added", "new"), an_entry("d00/file00000.tex", "new"))),
        TreeChange(end=((Area.SOURCE, TreePath("added")),), put=(an_entry("moved", "new"),)),
        TreeChange(put=(an_entry("junk", area=Area.REMOVED),)),
    ]

    workspace = first
    for change in changes:
        workspace = steps.apply(workspace, change)
        assert read(steps, workspace) == listed(steps, workspace)
    workspace = steps.restore(workspace, first.revision)

    assert read(steps, workspace) == listed(steps, first)


def test_buckets_are_kept_of_one_revision(steps: Steps) -> None:
    first = steps.put(steps.add(), *many(LARGE))
    keep(steps, first)
    second = steps.put(first, an_entry("added"))
    keep(steps, second)

    assert kept(steps) == [(second.tree.id, second.revision)]
    # Who still has the tree as it was is told right.
    assert read(steps, first) == listed(steps, first)


def test_a_tree_that_became_small_is_listed(steps: Steps) -> None:
    keep(steps, steps.put(steps.add(), *many(LARGE)))
    workspace = steps.apply(
        steps.put(steps.add(), *many(LARGE)), TreeChange(end_areas=(Area.SOURCE,))
    )

    assert read(steps, workspace) == Buckets.of([])


def test_entries_without_a_number_count_and_get_one(steps: Steps) -> None:
    first = steps.put(steps.add(), *many(LARGE))
    keep(steps, first)
    forget_numbers(steps)
    workspace = steps.put(first, an_entry("added"))

    assert read(steps, workspace) == listed(steps, workspace)
    keep(steps, workspace)

    assert NO_BUCKET not in numbers(steps)
    assert bucket_of("added") in numbers(steps)
    assert read(steps, steps.put(workspace, an_entry("b"))) != read(steps, workspace)


def test_what_history_was_pruned_of_is_no_start(steps: Steps) -> None:
    first = steps.put(steps.add(), *many(LARGE))
    keep(steps, first)
    second = steps.apply(
        first, TreeChange(end=((Area.SOURCE, TreePath("d00/file00000.tex")),)), at=NOW
    )
    steps.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), 1000))

    assert read(steps, second) == listed(steps, second)


def test_a_checksum_of_the_form_before_says_so(steps: Steps) -> None:
    workspace = steps.put(steps.add(), an_entry("a"))
    form = ChecksumForm.LINES
    old = checksum_of([("a", an_entry("a").digest)], form)
    steps.database.write(lambda tx: tx.trees.save_checksum(workspace.tree, old, form))

    told = steps.get(workspace).tree
    changed = steps.put(workspace, an_entry("b")).tree

    assert (told.checksum, told.checksum_form) == (old, ChecksumForm.LINES)
    assert (changed.checksum, changed.checksum_form) == (None, ChecksumForm.BUCKETS)


@pytest.mark.parametrize("count", [500, 1000, 2000])
def test_asking_after_a_change_costs_statements_that_do_not_grow(steps: Steps, count: int) -> None:
    first = steps.put(steps.add(), *many(count))
    keep(steps, first)
    workspace = steps.put(first, an_entry("added"))

    with counted(steps.database._engines.reading) as asked:
        found = read(steps, workspace)
    with counted(steps.database._engines.writing) as written:
        steps.database.write(lambda tx: tx.trees.save_buckets(workspace.tree, found))

    assert [statement.split()[0] for statement in asked] == ["SELECT"] * 3
    assert [statement.split()[0] for statement in written] == ["UPDATE", "UPDATE", "SELECT"]
