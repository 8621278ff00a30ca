"""The repository for Git LFS."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.editions import (
    BASE,
    a_listed_item,
    a_pending_item,
    a_text,
    an_edition,
    hostile_paths,
    items_of,
)
from builders.packs import files_of, git, put_into_git
from filemanager.domain.ids import digest_of
from filemanager.domain.packages.pointer import pointer_file
from filemanager.exports.git.lfs import lfs_repository
from filemanager.exports.git.paths import PathGitRefuses
from filemanager.exports.git.repository import MAIN
from random_examples import examples

ITEMS = items_of(
    a_text("notes/read.txt", b"tt"),
    a_listed_item("a b.tif", b"x"),
    a_listed_item("empty", b""),
    a_pending_item("pend.bin"),
)


def test_what_is_fetched_is_a_pointer() -> None:
    files = files_of(lfs_repository(an_edition(), ITEMS), MAIN)

    assert files["a b.tif"] == ("100644", pointer_file(digest_of(b"x"), 1))
    assert files["notes/read.txt"] == ("100644", b"tt")


def test_an_empty_file_is_its_own_pointer() -> None:
    assert files_of(lfs_repository(an_edition(), ITEMS), MAIN)["empty"] == ("100644", b"")


def test_what_is_pending_is_told_and_not_there() -> None:
    files = files_of(lfs_repository(an_edition(), ITEMS), MAIN)

    assert "pend.bin" not in files
    assert b"\n    pend.bin\n" in files["README.md"][1]


def test_the_repository_says_where_its_objects_are() -> None:
    files = files_of(lfs_repository(an_edition(), ITEMS), MAIN)

    assert files[".lfsconfig"][1].decode() == f'[lfs]\n\turl = "{BASE}lfs.git/info/lfs"\n'


@pytest.mark.parametrize("name", [".gitattributes", ".LFSCONFIG"])
def test_no_item_takes_the_place_of_what_git_lfs_reads(name: str) -> None:
    with pytest.raises(PathGitRefuses):
        lfs_repository(an_edition(), items_of(a_text(name)))


def test_a_text_that_no_line_of_attributes_holds_is_fetched() -> None:
    path = "/".join(["[" * 200] * 4)

    files = files_of(lfs_repository(an_edition(), items_of(a_text(path, b"t" * 9))), MAIN)

    assert files[path][1] == pointer_file(digest_of(b"t" * 9), 9)


@pytest.mark.judges
@examples(10)
@given(paths=st.lists(hostile_paths, min_size=2, max_size=4, unique=True))
def test_git_tells_texts_from_what_is_fetched(
    paths: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    texts, pointers = paths[1:], paths[:1]
    items = items_of(
        *(a_text(path, b"t") for path in texts), *(a_listed_item(path) for path in pointers)
    )
    try:
        repository = lfs_repository(an_edition(), items)
    except PathGitRefuses:
        return
    bare: Path = put_into_git(repository, tmp_path_factory.mktemp("lfs"))
    git(bare, "read-tree", "main")

    told = git(
        bare, "check-attr", "--cached", "-z", "--stdin", "filter",
        sent="".join(f"{path}\0" for path in paths).encode(),
    )  # fmt: skip

    filters = dict(zip(told.split("\0")[::3], told.split("\0")[2::3], strict=False))
    assert filters == dict.fromkeys(texts, "unspecified") | dict.fromkeys(pointers, "lfs")
