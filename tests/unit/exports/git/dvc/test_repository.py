"""The branch of a package for DVC."""

import json
import re

import pytest
from hypothesis import given

from builders.editions import (
    BASE,
    a_listed_item,
    a_pending_item,
    an_edition,
    hostile_paths,
    items_of,
)
from builders.packs import files_of
from filemanager.exports.git.dvc.directory import directory_of
from filemanager.exports.git.dvc.repository import dvc_repository
from filemanager.exports.git.paths import PathGitRefuses
from filemanager.exports.git.repository import MAIN

ITEMS = items_of(
    a_listed_item("sub dir/b.tif", b"xy"),
    a_pending_item("d/p q.bin", content=b"xyz"),
    a_pending_item("no tag", etag=None),
)


def test_what_has_an_md5_is_one_directory_of_the_remote() -> None:
    files = files_of(dvc_repository(an_edition(), ITEMS), MAIN)

    assert files[".dvc/config"][1].decode() == (
        f"[core]\n    remote = package\n['remote \"package\"']\n    url = {BASE}dvc\n"
        "    verify = true\n"
    )
    assert files["data.dvc"][1].decode() == (
        f"outs:\n- md5: {directory_of(ITEMS).md5}.dir\n  size: 2\n  nfiles: 1\n  hash: md5\n"
        "  path: data\n"
    )


def test_what_has_none_is_an_import_that_its_etag_tells() -> None:
    files = files_of(dvc_repository(an_edition(), ITEMS), MAIN)

    assert files["pending/d/p q.bin.dvc"][1].decode() == (
        f'frozen: true\ndeps:\n- path: "{BASE}f/d/p%20q.bin"\n'
        '  checksum: "\\U000000220123-2\\U00000022"\n  size: 3\n  hash: md5\n'
        'outs:\n- path: "p q.bin"\n  hash: md5\n'
    )


def test_what_nothing_tells_is_no_part() -> None:
    files = files_of(dvc_repository(an_edition(), ITEMS), MAIN)

    own = {".dvc/.gitignore", ".dvc/config", ".gitignore", "README.md", "data.dvc"}
    assert files.keys() == own | {"pending/d/p q.bin.dvc"}


def test_imports_come_in_the_order_that_git_wants() -> None:
    items = items_of(*(a_pending_item(path) for path in ("a", "a b", "a.b", "z/a")))

    files = files_of(dvc_repository(an_edition(), items), MAIN)

    pending = [path for path in files if path.startswith("pending/")]
    assert pending == [f"pending/{path}.dvc" for path in ("a b", "a.b", "a", "z/a")]


@pytest.mark.parametrize("path", ["a.dvc", "a.DVC/x", "dvc.yaml", "d/.dvcignore", "a" * 252])
def test_no_import_takes_a_name_of_dvc(path: str) -> None:
    with pytest.raises(PathGitRefuses):
        dvc_repository(an_edition(), items_of(a_pending_item(path)))

    dvc_repository(an_edition(), items_of(a_listed_item(path)))


@given(hostile_paths)
def test_no_name_ends_its_quotes(path: str) -> None:
    try:
        repository = dvc_repository(an_edition(), items_of(a_pending_item(path)))
    except PathGitRefuses:
        return
    made = files_of(repository, MAIN)[f"pending/{path}.dvc"][1].decode("ascii")

    quoted = re.findall(r'path: (".*")\n', made)[1]
    name = re.sub(r"\\U([0-9a-f]{8})", lambda found: chr(int(found[1], 16)), quoted[1:-1])
    assert name == path.rpartition("/")[2]
    assert json.loads(re.sub(r"\\U[0-9a-f]{8}", "", quoted)).isprintable()
    assert made.count("\n") == 9
