"""Trees: what a change does to the entries and the totals."""

from dataclasses import replace

import pytest

from builders.rows import CHECKSUM, LATER, NOW, Steps, a_finding, an_entry, counted, many
from filemanager.db.database import SqlDatabase
from filemanager.domain.ids import Revision, digest_of
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.checksums import ChecksumForm
from filemanager.domain.trees.errors import FileNotFound
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import Alteration, Altered, Entry, Tree, TreeChange, TreePath

FORM = ChecksumForm.BUCKETS
A = (Area.SOURCE, TreePath("a"))


def test_an_entry_is_read_back_as_it_was_put(steps: Steps) -> None:
    entry = replace(
        an_entry("d/é.tex"),
        area=Area.REMOVED,
        packed_bytes=0,
        kind=FileKind.TEX,
        modified_at=LATER,
        position=7,
        name_as_sent="é?" * 1000,
        reason="Why.",
        code="deleted",
        kept_by_owner=True,
    )

    workspace = steps.put(steps.add(), entry)

    with steps.database.read() as tx:
        assert tx.trees.find(workspace.tree.id, Area.REMOVED, "d/é.tex") == entry


def test_entries_are_listed_by_area_then_position(steps: Steps) -> None:
    workspace = steps.put(
        steps.add(),
        an_entry("x", area=Area.ANCILLARY),
        an_entry("b"),
        an_entry("junk", area=Area.REMOVED),
        an_entry("a"),
    )

    assert steps.paths(workspace) == ["b", "a", "anc/x"]


def test_an_overwritten_entry_keeps_its_position_and_a_renamed_one_takes_the_next(
    steps: Steps,
) -> None:
    workspace = steps.put(steps.add(), an_entry("a"), an_entry("b"), an_entry("c"))
    steps.store("new")

    workspace = steps.apply(
        workspace, TreeChange(end=((Area.SOURCE, TreePath("b")),), put=(an_entry("z"),))
    )
    workspace = steps.put(workspace, an_entry("a", "new"))

    assert steps.paths(workspace) == ["a", "c", "z"]


def test_totals_follow_every_kind_of_change(steps: Steps) -> None:
    steps.store("text", "longer")
    workspace = steps.put(
        steps.add(), an_entry("a"), an_entry("b"), an_entry("x", area=Area.ANCILLARY)
    )
    change = TreeChange(
        end=((Area.SOURCE, TreePath("b")),),
        put=(
            replace(an_entry("a", "longer"), kind=FileKind.TEX),
            an_entry("b", area=Area.REMOVED),
        ),
    )

    tree = steps.apply(workspace, change).tree

    assert (tree.source_bytes, tree.ancillary_bytes) == (6, 4)
    assert tree.content_bytes == 16 + 14
    assert tree.counts == {
        Area.SOURCE: {FileKind.TEX: 1},
        Area.ANCILLARY: {FileKind.LATEX2E: 1},
        Area.REMOVED: {FileKind.LATEX2E: 1},
    }
    assert steps.get(workspace).tree == tree


def test_ending_areas_leaves_an_empty_tree(steps: Steps) -> None:
    workspace = steps.put(
        steps.add(),
        an_entry("a"),
        an_entry("x", area=Area.ANCILLARY),
        an_entry("junk", area=Area.REMOVED),
    )

    workspace = steps.apply(workspace, TreeChange(end_areas=(Area.SOURCE, Area.ANCILLARY)))

    assert steps.paths(workspace) == []
    assert workspace.tree.is_empty
    assert workspace.tree.content_bytes == 0
    assert workspace.tree.count(Area.REMOVED) == 1
    assert steps.get(workspace) == workspace


def test_entries_put_while_their_area_ends_are_there(steps: Steps) -> None:
    workspace = steps.put(steps.add(), an_entry("a"), an_entry("b"))

    workspace = steps.apply(
        workspace, TreeChange(end_areas=(Area.SOURCE,), put=(an_entry("b"), an_entry("c")))
    )

    assert steps.paths(workspace) == ["b", "c"]
    assert workspace.tree.source_bytes == 8


def test_files_can_change_places(steps: Steps) -> None:
    steps.store("one", "two")
    workspace = steps.put(steps.add(), an_entry("x/x/f", "one"), an_entry("x/f", "two"))
    change = TreeChange(
        end=((Area.SOURCE, TreePath("x/x/f")), (Area.SOURCE, TreePath("x/f"))),
        put=(an_entry("x/f", "one"), an_entry("f", "two")),
    )

    workspace = steps.apply(workspace, change)

    with steps.database.read() as tx:
        found = tx.trees.find(workspace.tree.id, Area.SOURCE, "x/f")
    assert steps.paths(workspace) == ["x/f", "f"]
    assert found.digest == digest_of(b"one")


def test_of_two_entries_for_one_path_the_last_is_written(steps: Steps) -> None:
    steps.store("text", "later")

    workspace = steps.put(steps.add(), an_entry("a"), an_entry("a", "later"))

    assert steps.paths(workspace) == ["a"]
    assert workspace.tree.source_bytes == len("later")


def test_ending_what_is_not_there_changes_nothing_but_the_revision(steps: Steps) -> None:
    workspace = steps.put(steps.add(), an_entry("b"))

    after = steps.apply(workspace, TreeChange(end=(A,)))

    assert after.tree == replace(workspace.tree, revision=Revision(2))


def test_an_old_revision_stays_readable(steps: Steps) -> None:
    first = steps.put(steps.add(), an_entry("a"))
    second = steps.apply(first, TreeChange(end=(A,), put=(an_entry("b"),)))

    with steps.database.read() as tx:
        found = tx.trees.find(first.tree.id, *A, revision=first.revision)
        with pytest.raises(FileNotFound):
            tx.trees.find(first.tree.id, *A, revision=second.revision)
        with pytest.raises(FileNotFound):
            tx.trees.find(first.tree.id, *A)

    assert found.path == "a"
    assert steps.paths(second, first.revision) == ["a"]
    assert steps.paths(second) == ["b"]


def test_a_checksum_is_kept_until_the_next_change(steps: Steps) -> None:
    workspace = steps.put(steps.add(), an_entry("a"))
    steps.database.write(lambda tx: tx.trees.save_checksum(workspace.tree, CHECKSUM, FORM))

    kept = steps.get(workspace).tree.checksum
    changed = steps.put(workspace, an_entry("b"))
    steps.database.write(lambda tx: tx.trees.save_checksum(workspace.tree, CHECKSUM, FORM))

    assert kept == CHECKSUM
    assert changed.tree.checksum is None
    assert steps.get(workspace).tree.checksum is None


def test_alterations_are_those_of_the_last_upload(steps: Steps) -> None:
    steps.store("text")
    renamed = Altered(
        alteration=Alteration.RENAMED,
        code="name",
        before="a b",
        after="a_b",
        before_digest=digest_of(b"text"),
        after_digest=digest_of(b"text"),
        message="é",
    )
    removed = Altered(alteration=Alteration.REMOVED, code="junk", before="x", message="")

    workspace = steps.apply(steps.add(), TreeChange(altered=(removed,), is_upload=True))
    steps.apply(workspace, TreeChange(altered=(renamed, removed), is_upload=True))
    steps.apply(workspace, TreeChange())

    with steps.database.read() as tx:
        found = tx.trees.altered(workspace.tree.id)
    assert found == [replace(renamed, id="2-0"), replace(removed, id="2-1")]


def test_names_as_sent_may_hold_what_no_database_stores(steps: Steps) -> None:
    entry = replace(an_entry("a"), name_as_sent="a\0b\udcff\U0001f600")

    workspace = steps.put(steps.add(), entry)

    with steps.database.read() as tx:
        found = tx.trees.find(workspace.tree.id, *A)
    assert found.name_as_sent == "a\ufffdb?\U0001f600"


def test_the_longest_paths_are_taken(steps: Steps) -> None:
    random_looking = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(650))
    path = TreePath.parse("/".join(random_looking[i : i + 80] for i in range(0, 650, 80)))

    workspace = steps.put(steps.add(), an_entry(path), an_entry("e" * 255))

    assert steps.paths(workspace) == [path, "e" * 255]


def test_ten_thousand_entries_are_applied_at_once(steps: Steps) -> None:
    workspace = steps.apply(
        steps.add(),
        TreeChange(put=tuple(many(10_000)), findings=(a_finding("many", "d00/"),)),
    )
    emptied = steps.apply(
        workspace, TreeChange(end=tuple((e.area, e.path) for e in many(10_000)[1:]))
    )

    assert workspace.tree.count(Area.SOURCE) == 10_000
    assert len(steps.paths(workspace)) == 10_000
    assert steps.paths(emptied) == ["d00/file00000.tex"]
    assert emptied.tree.source_bytes == len("text")


def test_one_file_costs_as_many_statements_at_any_size(steps: Steps, database: SqlDatabase) -> None:
    counts = []
    for size in (10, 10_000):
        workspace = steps.apply(steps.add(), TreeChange(put=tuple(many(size))))
        with counted(database._engines.writing) as statements:
            steps.apply(workspace, _upload_of(an_entry("new.tex")))
        counts.append(len(statements))

    assert counts[0] == counts[1]


def _upload_of(entry: Entry) -> TreeChange:
    return TreeChange(put=(entry,), findings=(a_finding("new", "new.tex"),), is_upload=True)


def test_a_new_tree_value_needs_no_other_read(steps: Steps) -> None:
    workspace = steps.put(steps.add(), an_entry("a"))
    stale = Tree(id=workspace.tree.id, revision=Revision(0))

    tree = steps.database.write(
        lambda tx: tx.trees.apply(stale, TreeChange(put=(an_entry("b"),)), NOW)
    )

    assert tree.revision == 2
    assert tree.source_bytes == 8


def test_a_first_upload_asks_nothing_of_a_history_that_is_not_there(
    steps: Steps, database: SqlDatabase
) -> None:
    steps.store("text")
    workspace = steps.add()
    change = TreeChange(put=(an_entry("a"),), findings=(a_finding("odd", "a"),), is_upload=True)

    with counted(database._engines.writing) as statements:
        steps.apply(workspace, change)

    changed = [one.split()[0] for one in statements if "findings" in one or "alterations" in one]
    assert changed == ["INSERT"]
