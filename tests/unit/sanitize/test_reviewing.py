"""Looking again after a person's change."""

from dataclasses import replace

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import Entry, TreeChange, TreePath
from filemanager.sanitize.inspection import EMPTY_TREE
from filemanager.sanitize.registry import ARXIV
from filemanager.sanitize.reviewing import reviewed
from unit.sanitize.archives import TEX, a_tar
from unit.sanitize.fakes import Desk
from unit.sanitize.tree import FakeTree, an_entry

PS = b"%!PS-Adobe-3.0\nshow\n"
HTML = b"<html>\n"
PDF = b"%PDF-1.4\n"
PNG = b"\x89PNG\r\n\x1a\n"


def _edit(tree: FakeTree, change: TreeChange) -> FakeTree:
    tree.apply(reviewed(tree, change, ARXIV))
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
