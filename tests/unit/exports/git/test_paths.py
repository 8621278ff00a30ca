"""Paths that git cannot hold."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.editions import a_listed_item, contents_of, hostile_paths
from builders.packs import git
from filemanager.exports.git.paths import PathGitRefuses, ensure_git_holds
from random_examples import examples

REFUSED = (
    ".git", ".git/config", "d/.GIT/x", "d/.git", ".gi\u200ct/x", ".git\ufeff", ".git.", ".git  ./x",
    "GIT~1/x", "git~1", ".git::$INDEX_ALLOCATION/x", "a\\.git\\x", ".git\\x", ".gitmodules",
    "d/.GitModules", "GITMOD~1", "gi7eba~1", ".gitmodules ", ".git:x",
)  # fmt: skip
HELD = (".gitignore", ".github/x", "git", "a.git", "x.git/y", ".git-x", "gitmodules", "~1", "git~")


@pytest.mark.parametrize("path", REFUSED)
def test_what_git_keeps_for_itself_is_refused_in_words(path: str) -> None:
    with pytest.raises(PathGitRefuses) as refused:
        ensure_git_holds([a_listed_item(path)], ())

    assert path in refused.value.message
    assert "lists or its ZIP" in refused.value.message


@pytest.mark.parametrize("path", HELD)
def test_what_only_looks_like_it_is_held(path: str) -> None:
    ensure_git_holds([a_listed_item(path)], ())


@pytest.mark.parametrize(
    "paths", [["a", "a/b"], ["a", "a b", "a.x", "a/b"], ["d/a", "d/a-", "d/a/b/c"]]
)
def test_no_path_is_a_file_and_a_directory(paths: list[str]) -> None:
    with pytest.raises(PathGitRefuses, match="is a file and a directory"):
        ensure_git_holds(contents_of(dict.fromkeys(paths, b""))(), ())


def test_names_beside_one_another_are_held() -> None:
    paths = ["a", "a b/c", "a.b", "a.b.c/d", "ab/c", "b/a", "b/a.x/y"]

    ensure_git_holds(contents_of(dict.fromkeys(paths, b""))(), ())


@pytest.mark.parametrize("path", [".LFSconfig", ".lfsconfig/x"])
def test_names_of_ours_are_refused_in_any_case(path: str) -> None:
    with pytest.raises(PathGitRefuses, match="a file of the repository itself"):
        ensure_git_holds([a_listed_item(path)], {".lfsconfig"})


def test_names_of_ours_are_free_below_the_top() -> None:
    ensure_git_holds([a_listed_item("d/.lfsconfig")], {".lfsconfig"})


@pytest.mark.judges
@examples(40)
@given(
    path=st.sampled_from([*REFUSED, *HELD])
    | hostile_paths
    | st.text(".giTt~1 /\\:\u200c", min_size=2, max_size=7)
    .map(lambda text: f".git{text}")
    .filter(lambda path: all(path.split("/")))
)
def test_git_writes_whatever_is_held(path: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    try:
        ensure_git_holds([a_listed_item(path)], ())
    except PathGitRefuses:
        return

    bare = tmp_path_factory.mktemp("bare")
    git(bare, "init", "--quiet", "--bare", ".")
    guards = ("-c", "core.protectHFS=true", "-c", "core.protectNTFS=true")
    blob = git(bare, "hash-object", "-w", "--stdin", sent=b"").strip()
    for mode in ("100644", "120000"):
        entry = f"{mode} {blob}\t{path}\0".encode()
        command = ["git", *guards, "update-index", "-z", "--add", "--index-info"]
        done = subprocess.run(command, cwd=bare, input=entry, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
