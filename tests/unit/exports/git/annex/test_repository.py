"""The branches of a package for git-annex."""

import json
import posixpath
import subprocess
from pathlib import Path

import pytest
from hypothesis import given

from builders.editions import (
    BASE,
    FROZEN_AT,
    a_listed_item,
    a_pending_item,
    a_text,
    an_edition,
    hostile_items,
    items_of,
)
from builders.packs import a_pack, files_of, git, put_into_git
from filemanager.exports.git.annex.keys import key_of, lower_directory_of
from filemanager.exports.git.annex.repository import annex_repository
from filemanager.exports.git.paths import PathGitRefuses
from filemanager.exports.git.repository import ANNEX, MAIN
from filemanager.exports.listing import ListedItem

AT = int(FROZEN_AT.timestamp())
WEB = "00000000-0000-0000-0000-000000000001"
TIF = a_listed_item("sub dir/b ü.tif", b"x")
PENDING = a_pending_item("pend.bin", content=b"xy")
ITEMS = items_of(a_text("notes/read.txt", b"tt"), TIF, PENDING)


def test_a_file_is_a_link_to_where_its_content_will_be() -> None:
    mode, target = files_of(annex_repository(an_edition(), ITEMS), MAIN)["sub dir/b ü.tif"]

    key = key_of(TIF, an_edition())
    assert mode == "120000"
    assert target.decode() == f"../.git/annex/objects/24/fp/{key}/{key}"


def test_a_text_is_a_file() -> None:
    files = files_of(annex_repository(an_edition(), ITEMS), MAIN)

    assert files["notes/read.txt"] == ("100644", b"tt")


def test_what_is_known_of_a_key_is_where_the_web_has_it() -> None:
    known = files_of(annex_repository(an_edition(), ITEMS), ANNEX)

    key = key_of(TIF, an_edition())
    place = f"{lower_directory_of(key)}/{key}.log"
    assert known[place][1].decode() == f"{AT}s 1 {WEB}\n"
    assert known[f"{place}.web"][1].decode() == f"{AT}s 1 {BASE}f/sub%20dir/b%20%C3%BC.tif\n"
    assert known["uuid.log"][1].decode().endswith(f" package origin timestamp={AT}s\n")
    assert len(known) == 5


def test_equal_contents_are_one_key_with_all_their_urls() -> None:
    items = items_of(a_listed_item("a.tif", b"x"), a_listed_item("b.tif", b"x"))

    known = files_of(annex_repository(an_edition(), items), ANNEX)

    (urls,) = (made for name, (_, made) in known.items() if name.endswith(".web"))
    assert urls.decode() == f"{AT}s 1 {BASE}f/a.tif\n{AT}s 1 {BASE}f/b.tif\n"


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ("x", "README.md"),
        ("readme.MD", "README.filemanager.md"),
        ("README.md/x", "README.filemanager.md"),
        ("d/README.md", "README.md"),
    ],
)
def test_how_it_is_used_is_told_beside_the_package_own_words(taken: str, name: str) -> None:
    files = files_of(annex_repository(an_edition(), items_of(a_text(taken, b"t"))), MAIN)

    assert files.keys() == {taken, name}
    assert b"annex.security.allowed-ip-addresses" in files[name][1]


def test_a_package_that_git_cannot_hold_is_refused_at_once() -> None:
    with pytest.raises(PathGitRefuses):
        annex_repository(an_edition(), items_of(a_listed_item(".git/config")))


@given(hostile_items)
def test_every_link_leads_below_the_annex(items: list[ListedItem]) -> None:
    try:
        repository = annex_repository(an_edition(), items_of(*items))
    except PathGitRefuses:
        return
    files = files_of(repository, MAIN)

    links = {path: made for path, (mode, made) in files.items() if mode == "120000"}
    assert links.keys() == {item.path for item in items if not item.is_text}
    for path, target in links.items():
        to = posixpath.normpath(posixpath.join(posixpath.dirname(path), target.decode()))
        assert to.startswith(".git/annex/objects/")
    assert a_pack(repository) == a_pack(annex_repository(an_edition(), items_of(*items)))


@pytest.mark.judges
def test_git_annex_knows_where_everything_is(tmp_path: Path) -> None:
    for name in ("bare", "clone"):
        (tmp_path / name).mkdir()
    bare = put_into_git(annex_repository(an_edition(), ITEMS), tmp_path / "bare")
    clone = tmp_path / "clone"
    git(clone, "clone", "--quiet", str(bare), ".")
    git(clone, "annex", "init", "--quiet")

    command = ["git", "annex", "whereis", "--json"]
    told = subprocess.run(command, cwd=clone, capture_output=True, check=True).stdout

    found = {one["file"]: one for one in map(json.loads, told.splitlines())}
    assert found.keys() == {"sub dir/b ü.tif", "pend.bin"}
    assert found["sub dir/b ü.tif"]["whereis"][0]["urls"] == [f"{BASE}f/sub%20dir/b%20%C3%BC.tif"]
    assert git(clone, "status", "--short") == ""
