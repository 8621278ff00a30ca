"""The export tree: files once, read-only, and links to them."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from builders.papers import a_tarball
from filemanager.services.bucket.export import Exported
from filemanager.storage.trees.links import DirectoryLinkTree
from people.visitors import md5
from worlds.bucket import BOB, Bucket, RunByHand
from worlds.stored import ALICE, World


def tree_of(directory: Path) -> dict[str, bytes]:
    """Every path that leads to a file, links followed as a web server does, and its bytes."""
    found = {}
    for top, _, files in os.walk(directory, followlinks=True):
        for name in files:
            path = Path(top, name)
            found[path.relative_to(directory).as_posix()] = path.read_bytes()
    return found


def test_the_tree_is_laid_out_as_the_originals(world: World, tmp_path: Path) -> None:
    bucket = Bucket(world)
    packed = a_tarball({"d/sub/y": b"1"}, "w:")
    dropped = bucket.send({"d.tar": packed, "a.txt": b"2"}, BOB)

    bucket.export(tmp_path / "out").export()

    found = tree_of(tmp_path / "out")
    assert found[dropped[0].paths["blob"] or ""] == packed
    assert found[f"{dropped[0].paths['archive']}/d/sub/y"] == b"1"
    assert found[f"{dropped[0].replicas[0]}/d/sub/y"] == b"1"
    assert found["replica/user/bob/d.tar.latest/d/sub/y"] == b"1"
    assert found["replica/user/bob/a.latest.txt"] == b"2"
    assert len(list((tmp_path / "out" / "blob").rglob("*"))) == 3 * 3


def test_files_are_read_only_and_links_relative(world: World, tmp_path: Path) -> None:
    bucket = Bucket(world)
    path = bucket.send({"a.txt": b"2"}, BOB)[0].paths["blob"] or ""

    bucket.export(tmp_path / "out").export()

    (tmp_path / "out").rename(tmp_path / "elsewhere")
    moved = tmp_path / "elsewhere"
    assert stat.S_IMODE((moved / path).stat().st_mode) == 0o444
    assert (moved / "replica/user/bob/a.latest.txt").read_bytes() == b"2"
    assert (moved / "replica/user/bob/a.latest.txt").is_symlink()


def test_a_second_run_writes_what_is_new_and_nothing_else(world: World, tmp_path: Path) -> None:
    bucket = Bucket(world)
    bucket.send({"a.txt": b"1"}, BOB)
    first = bucket.export(tmp_path).export()
    idle = bucket.export(tmp_path).export()
    bucket.send({"a.txt": b"2"}, BOB)

    second = bucket.export(tmp_path).export()

    assert first == Exported(files=1, links=2)
    assert idle == Exported()
    assert second == Exported(files=1, links=2)
    assert (tmp_path / "replica/user/bob/a.latest.txt").read_bytes() == b"2"


def test_what_a_killed_run_left_unfinished_is_deleted_a_day_later(
    world: World, tmp_path: Path
) -> None:
    bucket = Bucket(world)
    left = tmp_path / "out" / ".staging" / "left"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    os.utime(left, (world.clock.now.timestamp(),) * 2)

    bucket.export(tmp_path / "out").export()
    kept = left.exists()
    world.clock.turn(timedelta(days=1, seconds=1))
    bucket.export(tmp_path / "out").export()

    assert (kept, left.exists()) == (True, False)


def test_what_left_the_bucket_leaves_the_tree(world: World, tmp_path: Path) -> None:
    bucket = Bucket(world)
    bucket.send({"d.tar": a_tarball({"x": b"1"}, "w:")}, BOB)
    bucket.send({"kept": b"2"})
    bucket.export(tmp_path / "out").export()
    digest = md5(a_tarball({"x": b"1"}, "w:"))
    bucket.reader.delete(ALICE, digest)

    done = bucket.export(tmp_path / "out").export()

    assert done == Exported(deleted=5)
    assert list(tree_of(tmp_path / "out").values()) == [b"2"]
    assert not (tmp_path / "out" / "replica").exists()


def test_the_job_exports_and_settles(world: World, tmp_path: Path) -> None:
    bucket = Bucket(world)
    bucket.send({"a": b"1"})
    running = RunByHand()

    bucket.export(tmp_path / "out").run(running)

    assert running.settled == 1
    assert list(tree_of(tmp_path / "out").values()) == [b"1"]


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    tree = DirectoryLinkTree(tmp_path / "tree")
    tree.link("a", "../outside")

    assert not tree.write("a/file", lambda: [b"x"])
    assert not tree.link("a/link", "target")
    assert list(outside.iterdir()) == []


def test_a_file_that_fails_halfway_is_not_there(tmp_path: Path) -> None:
    tree = DirectoryLinkTree(tmp_path)

    def broken() -> list[bytes]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        tree.write("blob/a", broken)

    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
    assert tree.write("blob/a", lambda: [b"x"])


def test_a_file_that_is_in_the_way_of_a_link_stays(tmp_path: Path) -> None:
    tree = DirectoryLinkTree(tmp_path)
    tree.write("a", lambda: [b"x"])

    assert not tree.link("a", "b")
    assert (tmp_path / "a").read_bytes() == b"x"


def test_a_damaged_file_is_counted_and_the_others_are_written(world: World, tmp_path: Path) -> None:
    bucket = Bucket(world)
    bucket.send({"good": b"good"})
    bucket.send({"bad": b"bad" * 50})
    world.damage(world.place_of(b"bad" * 50))

    done = bucket.export(tmp_path / "out").export()

    assert done == Exported(files=1, damaged=1)
    assert list(tree_of(tmp_path / "out").values()) == [b"good"]
