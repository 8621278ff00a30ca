"""A directory that a service's paths never lead out of."""

import os
from pathlib import Path

import pytest

from filemanager.client.errors import PathUnsafe
from filemanager.client.folders.choosing import PART_PREFIX
from filemanager.client.folders.target_directory import TargetDirectory

SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of "hello"


def written(target: TargetDirectory, path: str, data: bytes = b"hello") -> None:
    with target.part(path, SHA256) as part:
        part.write(data)
        part.complete()
    target.finish()


@pytest.mark.parametrize(
    "path",
    ["", "/", "/etc/passwd", "..", "../a", "a/../../b", "a/./b", "a//b", "a/", ".", "a\0b",
     f"{PART_PREFIX}x"],
)  # fmt: skip
def test_a_path_that_could_lead_out_is_refused(tmp_path: Path, path: str) -> None:
    with TargetDirectory(tmp_path) as target, pytest.raises(PathUnsafe):
        target.ensure_inside(path)


@pytest.mark.parametrize("path", ["a", "a/b", "a..b", "...", "a\\b", "é/ü", "-rf"])
def test_a_path_of_plain_names_is_written(tmp_path: Path, path: str) -> None:
    with TargetDirectory(tmp_path / "new") as target:
        target.ensure_inside(path)
        written(target, path)

    assert (tmp_path / "new" / path).read_bytes() == b"hello"


def test_a_link_in_the_path_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").symlink_to(outside)

    with TargetDirectory(tmp_path / "in") as target, pytest.raises(PathUnsafe, match="is a link"):
        written(target, "a/b")

    assert list(outside.iterdir()) == []


def test_a_link_in_the_place_of_a_file_is_refused_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"hello")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").symlink_to(tmp_path / "secret")

    with TargetDirectory(tmp_path / "in") as target, pytest.raises(PathUnsafe, match="is no file"):
        target.sha256_of("a", 5)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_refused(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "a")

    with TargetDirectory(tmp_path) as target, pytest.raises(PathUnsafe):
        target.sha256_of("a", 5)


def test_a_file_in_the_place_of_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")

    with TargetDirectory(tmp_path) as target, pytest.raises(PathUnsafe):
        written(target, "a/b")

    assert (tmp_path / "a").read_bytes() == b"x"


def test_the_digest_is_of_a_file_of_that_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"hello")

    with TargetDirectory(tmp_path) as target:
        found = [target.sha256_of("a", 5), target.sha256_of("a", 4), target.sha256_of("b/c", 5)]

    assert found == [SHA256, None, None]


def test_a_part_goes_on_where_it_was_left_and_appears_when_it_is_finished(tmp_path: Path) -> None:
    with TargetDirectory(tmp_path) as target:
        with target.part("fig/a", SHA256) as part:
            part.write(b"he")
        unfinished = (tmp_path / "fig").exists()
        with target.part("fig/a", SHA256) as part:
            size = part.size_bytes
            part.write(b"llo")
            digest = part.sha256()
            part.complete()
        target.finish()

    assert (unfinished, size, digest) == (False, 2, SHA256)
    assert [one.name for one in tmp_path.iterdir()] == ["fig"]
    assert (tmp_path / "fig" / "a").read_bytes() == b"hello"


def test_a_file_that_is_there_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"older and longer")

    with TargetDirectory(tmp_path) as target:
        written(target, "a")

    assert (tmp_path / "a").read_bytes() == b"hello"


def test_what_is_complete_has_its_name_only_when_all_is_finished(tmp_path: Path) -> None:
    with TargetDirectory(tmp_path) as target:
        for path in ("a", "d/e/b", "d/c"):
            with target.part(path, SHA256) as part:
                part.write(b"hello")
                part.complete()
        before = {one.name.startswith(PART_PREFIX) for one in tmp_path.iterdir()}

        target.finish(threads=2)

    assert before == {True}
    found = {str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file()}
    assert found == {"a", "d/e/b", "d/c"}


def test_bytes_are_safe_before_names_and_every_directory_after_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, rename = os.fsync, os.rename

    def noted_sync(descriptor: int) -> None:
        done.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink()}")
        sync(descriptor)

    def noted_rename(source: str, target: str, **where: int) -> None:
        done.append(f"name {target}")
        rename(source, target, **where)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(os, "rename", noted_rename)
    with TargetDirectory(tmp_path) as target:
        written(target, "d/e/b")

    assert [one.split()[0] for one in done] == ["sync", "name", "sync", "sync", "sync"]
    assert done[2:] == [f"sync {tmp_path}{below}" for below in ("", "/d", "/d/e")]


def test_what_an_earlier_run_began_is_known_by_path_and_bytes(tmp_path: Path) -> None:
    with TargetDirectory(tmp_path) as target, target.part("a", SHA256) as part:
        part.write(b"he")

    with TargetDirectory(tmp_path) as target:
        known = [target.is_begun(*one) for one in (("a", SHA256), ("b", SHA256), ("a", "0" * 64))]

    assert known == [True, False, False]
