"""Packs: what is put in comes out, here and by git."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.editions import FROZEN_AT, a_text, hostile_paths
from builders.packs import a_pack, files_in, git, objects_in, put_into_git
from filemanager.exports.git.heads import HEAD_BYTES, NotOurPack, references_of
from filemanager.exports.git.objects import GitMode
from filemanager.exports.git.repository import ANNEX, MAIN, GitFile, GitRepository

FILES = {
    "a": b"x",
    "a b": b"x",
    "a.b/c": b"1" * 100_000,
    "a0": b"",
    "d/e.x": b"e",
    "d/e/f/g": b"g",
    "d/e0": b"e",
    "sub dir/b ü.tif": b"y",
}


def a_repository(
    files: Mapping[str, bytes], known: Mapping[str, bytes] | None = None, message: str = "m"
) -> GitRepository:
    def branch(content: Mapping[str, bytes]) -> list[GitFile]:
        ordered = sorted(content.items(), key=lambda one: one[0].encode())
        return [GitFile(path, made) for path, made in ordered]

    branches = {MAIN: lambda: branch(files)}
    if known is not None:
        branches[ANNEX] = lambda: branch(known)
    return GitRepository(branches=branches, message=message, committed_at=FROZEN_AT)


def _is_tree(paths: list[str]) -> bool:
    directories = {path[:at] for path in paths for at, c in enumerate(path) if c == "/"}
    return not directories & set(paths)


@given(
    st.dictionaries(
        hostile_paths | st.text("ab./0", min_size=1, max_size=6).map(lambda s: f"x{s}".strip("/")),
        st.binary(max_size=20),
    ).filter(lambda files: _is_tree(list(files)) and not any("//" in path for path in files))
)
def test_every_file_comes_out_again(files: dict[str, bytes]) -> None:
    references, pack = a_pack(a_repository(files))

    found = files_in(pack, references[MAIN])

    assert found == {path: ("100644", content) for path, content in files.items()}


def test_equal_objects_are_packed_once() -> None:
    _, pack = a_pack(a_repository({"a": b"x", "b": b"x", "d/a": b"", "e/a": b""}))

    kinds = sorted(kind for kind, _ in objects_in(pack).values())
    assert kinds == ["blob", "blob", "commit", "tree", "tree"]


def test_equal_branches_are_one_commit() -> None:
    references, pack = a_pack(a_repository({"a": b"x"}, {"a": b"x"}))

    assert references[MAIN] == references[ANNEX]
    assert len(objects_in(pack)) == 3


def test_a_text_is_read_from_where_it_is() -> None:
    text = GitFile("t", a_text("t", size_bytes=70_000))
    repository = GitRepository(branches={MAIN: lambda: [text]}, message="m", committed_at=FROZEN_AT)

    references, pack = a_pack(repository)

    assert files_in(pack, references[MAIN]) == {"t": ("100644", b"t" * 70_000)}


def test_the_commit_is_a_root_of_the_freezing() -> None:
    references, pack = a_pack(a_repository(FILES, message="Iris, version 2"))

    _, commit = objects_in(pack)[references[MAIN]]
    assert commit.decode().splitlines()[1:] == [
        "author filemanager <filemanager@localhost> 1772600767 +0000",
        "committer filemanager <filemanager@localhost> 1772600767 +0000",
        "",
        "Iris, version 2",
    ]


def test_ids_are_known_and_the_same_for_good() -> None:
    """Clones outlive what made them: another id would be another history."""
    references, _ = a_pack(a_repository(FILES))

    assert references == {MAIN: "2d13bf325cb5f8d013fc9a14481232c6d7d4c750"}


@pytest.mark.parametrize("known", [None, {"uuid.log": b"x"}])
def test_a_pack_begins_with_its_references(known: dict[str, bytes] | None) -> None:
    references, pack = a_pack(a_repository(FILES, known, message="ü" * 200))

    assert references_of(pack[:HEAD_BYTES], list(references)) == references


@pytest.mark.parametrize("head", [b"", b"PACK", b"PACK\0\0\0\2\0\0\0\1\x91", b"x" * HEAD_BYTES])
def test_what_is_no_pack_of_ours_tells_nothing(head: bytes) -> None:
    with pytest.raises(NotOurPack):
        references_of(head, [MAIN])


@given(st.data())
def test_a_broken_pack_is_told_by_one_error(data: st.DataObject) -> None:
    _, pack = a_pack(a_repository({"a": b"x"}))
    place = data.draw(st.integers(12, 60))
    broken = pack[:place] + data.draw(st.binary(max_size=40)) + pack[place + 1 :]

    try:
        found = references_of(broken, [MAIN])
    except NotOurPack:
        return

    assert list(found) == [MAIN]


def test_little_is_held_of_many_files() -> None:
    """One file is made after another: the pack is not begun before the last was counted."""
    living: list[int] = []

    def files() -> Iterator[GitFile]:
        for number in range(1000):
            living.append(number)
            yield GitFile(f"{number:04}", b"%d" % number, GitMode.FILE)

    repository = GitRepository(branches={MAIN: files}, message="m", committed_at=FROZEN_AT)
    _, pack = a_pack(repository)

    assert len(living) == 2000
    assert len(objects_in(pack)) == 1002


@pytest.mark.judges
def test_git_takes_the_pack(tmp_path: Path) -> None:
    bare = put_into_git(a_repository(FILES, {"uuid.log": b"x"}), tmp_path)

    listed = git(bare, "ls-tree", "-r", "-z", "--name-only", "main").split("\0")[:-1]

    assert listed == sorted(FILES, key=str.encode)
    assert git(bare, "show", "main:a.b/c") == "1" * 100_000
