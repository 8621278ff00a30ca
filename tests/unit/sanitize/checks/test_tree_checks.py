"""Checks of the whole tree: source type, references, top-level directory."""

import pytest

from builders.in_memory import Bytes
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreeChange, TreePath
from filemanager.sanitize.checks.top_level import plan
from filemanager.sanitize.inspection import Sent
from filemanager.sanitize.registry import ARXIV
from filemanager.sanitize.reviewing import reviewed
from unit.sanitize.archives import TEX, a_tar
from unit.sanitize.fakes import Desk, uploaded
from unit.sanitize.tree import FakeTree, an_entry

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


def _edit(tree: FakeTree, change: TreeChange) -> FakeTree:
    tree.apply(reviewed(tree, change, ARXIV))
    return tree
