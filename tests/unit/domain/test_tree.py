"""Paths: what a tree can hold."""

import pytest

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import TreePath, locate


@pytest.mark.parametrize(
    "path",
    ["a", "a/b.tex", ".hidden", "a b", "a\\b", "é.tex", "a" * 255, "/".join(["a" * 99] * 7)],
)
def test_a_usable_path_is_kept(path: str) -> None:
    assert TreePath.parse(path) == path


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "segment"),
        ("/a", "segment"),
        ("a//b", "segment"),
        ("a/", "segment"),
        (".", "segment"),
        ("a/../b", "segment"),
        ("a\0b", "control"),
        ("a\nb", "control"),
        ("a\x85b", "control"),
        ("a\ud800b", "control"),
        ("a" * 256, "255 bytes"),
        ("é" * 128, "255 bytes"),
        ("/".join(["a" * 100] * 7) + "/a", "700 characters"),
        ("/".join(["\U00020000" * 63] * 11), "2600 bytes"),
    ],
)
def test_a_path_that_no_tree_holds_says_why(path: str, why: str) -> None:
    with pytest.raises(PathRefused, match=why):
        TreePath.parse(path)


def test_names_are_composed() -> None:
    assert TreePath.parse("e\u0301.tex") == "\u00e9.tex"


def test_a_path_knows_its_parts() -> None:
    path = TreePath.parse("a/b/c.tex")

    assert (path.name, path.parent, path.directories()) == ("c.tex", "a/b", ["a", "a/b"])
    assert path.with_name("d.tex") == "a/b/d.tex"


@pytest.mark.parametrize(
    ("public", "place"),
    [
        ("main.tex", (Area.SOURCE, "main.tex")),
        ("anc/d.txt", (Area.ANCILLARY, "d.txt")),
        ("ancestor.tex", (Area.SOURCE, "ancestor.tex")),
        ("fig/anc/a", (Area.SOURCE, "fig/anc/a")),
    ],
)
def test_the_first_segment_tells_the_area(public: str, place: tuple[Area, str]) -> None:
    assert locate(public) == place


def test_the_ancillary_directory_is_no_file() -> None:
    with pytest.raises(PathRefused, match="ancillary"):
        locate("anc")
