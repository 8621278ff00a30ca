"""Checks of the whole tree: source type, references, top-level directory; and looking again."""

from dataclasses import replace

import pytest

from filemanager.domain.areas import Area
from filemanager.domain.kinds import FileKind
from filemanager.domain.tree import Entry, TreeChange, TreePath
from filemanager.sanitize.inspection import EMPTY_TREE, Sent, review
from filemanager.sanitize.top_level import plan
from unit.sanitize.sanitize_fakes import TEX, Bytes, Desk, FakeTree, a_tar, an_entry, uploaded

PS = b"%!PS-Adobe-3.0\nshow\n"
HTML = b"<html>\n"
PDF = b"%PDF-1.4\n"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("files", "source_format", "messages"),
    [
        ({"a.tex": TEX}, "tex", set()),
        ({"a.ps": PS}, "ps", set()),
        ({"a.pdf": PDF}, "pdf", set()),
        ({"a.html": HTML}, "html", set()),
        ({"a.txt": b"x\n"}, "invalid", {"Could not determine file type."}),
        ({"a.png": PNG}, "invalid", {"Unsupported submission type"}),
        ({"a.pdf": PDF, "b.pdf": PDF}, "tex", set()),
        ({"a.html": HTML, "b.png": PNG, "c.pdf": PDF}, "html", set()),
        ({"a.html": HTML, "b.txt": b"x\n"}, "tex", set()),
        ({"a.ps": PS, "b.png": PNG}, "ps", set()),
        ({"a.ps": PS, "core": b"x"}, "ps", set()),
        ({"anc/d": b"x\n"}, "invalid", {"Found single ancillary file. Invalid submission."}),
        ({"a.tex": TEX, "anc/d": b"x\n"}, "tex", set()),
        ({"core": b"x"}, "invalid", {"Unsupported submission type"}),
    ],
)
def test_the_source_type(files: dict[str, bytes], source_format: str, messages: set[str]) -> None:
    tree = uploaded("x.tar", a_tar(files))

    assert tree.source_format == source_format
    assert {one[2] for one in tree.said() if one[1] is None} == messages


def test_a_lone_removed_file_leaves_an_empty_source_without_a_word() -> None:
    tree = uploaded("core", b"x\n")

    assert tree.source_format == "invalid"
    assert tree.readiness == "READY"


def test_files_that_are_all_to_be_ignored_are_told_of_once() -> None:
    desk = Desk()
    desk.upload("head.tmp", b"x\n")

    tree = desk.upload("body.tmp", b"x\n")
    [(severity, path, text)] = tree.said()

    assert (severity, path, tree.source_format) == ("warn", None, "invalid")
    assert text.startswith("All files are auto-ignore.")


def test_what_is_said_of_a_lone_file_goes_when_another_comes() -> None:
    desk = Desk()
    alone = desk.upload("a.bbl", b"x\n").readiness

    tree = desk.upload("a.tex", TEX)

    assert alone == "ERRORS"
    assert tree.readiness == "READY"
    assert tree.findings == []


def test_a_judgement_that_stays_is_not_written_again() -> None:
    desk = Desk()
    desk.upload("a.txt", b"x\n")

    desk.upload("a.txt", b"y\n")

    assert desk.last is not None
    assert desk.last.change.clear_codes == ()
    assert desk.last.change.findings == ()
    assert desk.tree.codes(None) == ["invalid_source_type"]


def test_a_database_without_references_is_fatal_until_they_come() -> None:
    desk = Desk()
    before = desk.upload("x.tar", a_tar({"a.tex": TEX, "d/b.bib": b"x\n"})).readiness

    tree = desk.upload("d/b.bbl", b"x\n")

    assert before == "ERRORS"
    assert tree.readiness == "READY"
    assert tree.paths(Area.REMOVED) == ["d/b.bib"]
    assert tree.codes("d/b.bib") == ["bib_no_bbl", "bbl_missing", "bib_with_bbl"]


def test_references_in_an_inner_archive_are_waited_for() -> None:
    inner = a_tar({"a.bbl": b"x\n"})

    tree = uploaded("x.tar", a_tar({"a.tex": TEX, "a.bib": b"x\n", "b.tar": inner}))

    assert tree.paths() == ["a.bbl", "a.tex"]
    assert tree.codes("a.bib") == ["bib_with_bbl"]


def test_a_database_that_its_owner_brought_back_stays() -> None:
    desk = Desk()
    desk.tree.entries[Area.SOURCE, "a.bib"] = an_entry("a.bib", kept_by_owner=True)

    tree = desk.upload("a.bbl", b"x\n")

    assert tree.paths() == ["a.bbl", "a.bib"]


def test_a_file_that_its_owner_brought_back_is_not_swept_off_again() -> None:
    desk = Desk()

    tree = desk.send(Sent(Area.SOURCE, TreePath("core"), Bytes(b"x\n"), kept_by_owner=True))

    assert tree.paths() == ["core"]
    assert tree.entries[Area.SOURCE, "core"].kept_by_owner


def test_a_directory_that_holds_everything_is_dissolved() -> None:
    desk = Desk()

    tree = desk.upload("x.tar", a_tar({"top/a.tex": TEX, "top/fig/b.tex": TEX, "top/fig/": b""}))

    assert tree.paths() == ["a.tex", "fig/b.tex"]
    assert ("warn", "top/", "Removed top level directory") in tree.said()
    assert tree.readiness == "READY"
    assert tree.source_format == "tex"


def test_directories_are_dissolved_down_to_the_first_that_is_not_alone() -> None:
    tree = uploaded(
        "x.tar", a_tar({"a/b/anc/d.txt": b"x\n", "a/b/c/m.tex": TEX, "a/b/c/anc/e": b"y\n"})
    )

    assert tree.paths() == ["m.tex"]
    assert tree.paths(Area.ANCILLARY) == ["d.txt", "e"]
    assert {path for _, path, _ in tree.said()} == {"a/", "b/", "c/"}


def test_a_file_may_have_the_name_of_the_directory_that_went() -> None:
    tree = uploaded("x.tar", a_tar({"top/top": b"x\n", "top/m.tex": TEX}))

    assert tree.paths() == ["m.tex", "top"]


def test_names_that_meet_on_the_way_up_are_both_kept() -> None:
    desk = Desk()
    desk.upload("d.txt", b"old\n", ancillary=True)

    tree = desk.upload("x.tar", a_tar({"top/anc/d.txt": b"x\n", "top/m.tex": TEX}))

    assert tree.paths(Area.ANCILLARY) == ["d.txt", "d_1.txt"]
    assert "name_collision" in tree.codes("anc/d_1.txt")


def test_what_is_said_of_directories_goes_up_with_them() -> None:
    tree = uploaded(
        "x.tar",
        a_tar({"t/.svn/x": b"x\n", "t/processed/a.tex": TEX, "t/m.tex": TEX, "t/anc/": b""}),
    )

    assert tree.paths() == ["m.tex", "processed/a.tex"]
    assert tree.codes("processed/") == ["processed_directory"]
    assert tree.codes(".svn/") == ["hidden_files_dot"]


def test_an_empty_directory_beside_keeps_a_directory_from_being_dissolved() -> None:
    tree = uploaded("x.tar", a_tar({"top/a.tex": TEX, "empty/": b""}))

    assert tree.paths() == ["top/a.tex"]


def test_a_directory_of_the_tree_itself_is_dissolved_with_what_is_said_of_it() -> None:
    desk = Desk()
    desk.upload("x.tar", a_tar({"t/processed/a.tex": TEX[:-1], "t/b.tex": TEX, "m.tex": TEX}))
    _edit(desk.tree, TreeChange(end=((Area.SOURCE, TreePath("m.tex")),)))

    tree = desk.upload("n.txt", b"x\n", ancillary=True)

    assert tree.paths() == ["b.tex", "processed/a.tex"]
    assert tree.codes("processed/") == ["processed_directory"]
    assert tree.codes("processed/a.tex") == ["truncated"]
    assert tree.codes("t/processed/") == []


def test_a_hostile_depth_is_planned_in_one_go() -> None:
    deep = ["a/" * level + "anc/x" for level in range(1, 300)]

    lift = plan([*deep, "a/" * 300 + "m.tex"])

    assert len(lift.directories) == 300
    assert len(lift.ancillary) == 299


# Looking again after a person's change.


def _edit(tree: FakeTree, change: TreeChange) -> FakeTree:
    tree.apply(review(tree, change))
    return tree


def _deleted(tree: FakeTree, path: str, area: Area = Area.SOURCE) -> TreeChange:
    entry = tree.entries[area, path]
    gone = replace(entry, area=Area.REMOVED, path=TreePath(entry.public_path), code="deleted")
    return TreeChange(end=((area, entry.path),), put=(gone,))


def test_a_delete_is_followed_by_the_right_source_type() -> None:
    desk = Desk()
    desk.upload("x.tar", a_tar({"m.tex": TEX, "n.tex": TEX, "x.pdf": PDF}))

    change = TreeChange(end=((Area.SOURCE, TreePath("m.tex")), (Area.SOURCE, TreePath("n.tex"))))
    tree = _edit(desk.tree, change)

    assert tree.source_format == "pdf"


def test_a_faulty_file_takes_its_findings_along() -> None:
    desk = Desk()
    desk.upload("x.tar", a_tar({"m.tex": TEX, "n.tex": TEX, "w.doc": b"x\n"}))

    tree = _edit(desk.tree, _deleted(desk.tree, "w.doc"))

    assert tree.readiness == "READY"
    assert tree.findings == []


def test_references_that_a_person_deletes_are_missed() -> None:
    desk = Desk()
    desk.upload("x.tar", a_tar({"m.tex": TEX, "a.bbl": b"x\n"}))
    desk.tree.entries[Area.SOURCE, "a.bib"] = an_entry("a.bib")

    tree = _edit(desk.tree, _deleted(desk.tree, "a.bbl"))

    assert tree.codes("a.bib") == ["bib_no_bbl", "bbl_missing"]


def test_references_that_a_person_brings_back_are_no_longer_missed() -> None:
    desk = Desk()
    desk.upload("x.tar", a_tar({"m.tex": TEX, "a.bib": b"x\n"}))

    tree = _edit(desk.tree, TreeChange(put=(an_entry("a.bbl", FileKind.TEXAUX),)))

    assert "a.bib" in tree.paths()
    assert tree.codes("a.bib") == ["bib_with_bbl"]


def test_a_move_takes_its_findings_and_only_what_holds_there() -> None:
    desk = Desk()
    desk.upload("x.tar", a_tar({"m.tex": TEX, "a.bib": b"x\n", "b.bbl": b"x\n"}))
    entry = desk.tree.entries[Area.SOURCE, "a.bib"]
    moved = replace(entry, path=TreePath("b.bib"))
    said = desk.tree.findings_on(Area.SOURCE, "a.bib")

    tree = _edit(
        desk.tree,
        TreeChange(
            end=((Area.SOURCE, entry.path),),
            put=(moved,),
            findings=tuple(replace(one, path="b.bib") for one in said),
        ),
    )

    assert tree.codes("a.bib") == []
    assert tree.codes("b.bib") == ["bib_with_bbl"]


def test_deleting_everything_leaves_nothing_to_say() -> None:
    desk = Desk()
    desk.upload("a.txt", b"x\n")

    tree = _edit(desk.tree, TreeChange(end_areas=(Area.SOURCE, Area.ANCILLARY)))

    assert tree.entries == {}
    assert tree.findings == []
    assert tree.source_format == "invalid"


def test_a_directory_is_spoken_of_as_long_as_something_is_in_it() -> None:
    desk = Desk()
    desk.upload("x.tar", a_tar({"m.tex": TEX, "processed/a": b"x\n", "processed/b": b"y\n"}))
    after_one = list(_edit(desk.tree, _deleted(desk.tree, "processed/a")).codes("processed/"))

    tree = _edit(desk.tree, _deleted(desk.tree, "processed/b"))

    assert after_one == ["processed_directory"]
    assert tree.codes("processed/") == []


def test_a_file_put_over_another_takes_its_place() -> None:
    desk = Desk()
    desk.upload("x.tar", a_tar({"d/m.tex": TEX[:-1], "a.tex": TEX}))
    again: Entry = replace(desk.tree.entries[Area.SOURCE, "a.tex"], path=TreePath("d/m.tex"))

    tree = _edit(desk.tree, TreeChange(put=(again,)))

    assert tree.codes("d/m.tex") == []


def test_the_empty_tree_holds_nothing() -> None:
    assert EMPTY_TREE.source_format == "invalid"
    assert EMPTY_TREE.find(Area.SOURCE, "a") is None
    assert not EMPTY_TREE.holds_below(Area.SOURCE, "a")
    assert EMPTY_TREE.sole_source() is None
    assert EMPTY_TREE.source_bounds() is None
    assert list(EMPTY_TREE.below(Area.SOURCE, "")) == []
