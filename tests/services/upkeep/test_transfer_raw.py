"""Moving the raw files of the rawstore door: between any two kinds of store, and what is told."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from builders.raw_files import ALICE, BOB, a_file, a_version
from filemanager.domain.blobs.named_objects import NamedObjects
from filemanager.domain.caller import Owner
from filemanager.domain.ports import Transaction
from filemanager.domain.rawstore.stored_file import Findability, StoredFile, StoredFileState
from filemanager.domain.upkeep.errors import NotAnExport
from filemanager.services.rawstore.settling import Settler
from filemanager.storage.named.directory import DirectoryNamedObjects
from filemanager.storage.named.s3 import S3NamedObjects, S3Place, signing_client
from filemanager.storage.s3.client import S3Access
from servers.radosgw import Gateway
from worlds.stored import World
from worlds.transfers import bring, export, raw_objects, rows

DATA = {"alice/a.csv": b"a,b\n", "alice/p.csv": b"", "alice/old.csv": b"old", "alice/n.csv": b"new"}


def add(world: World, *files: StoredFile, owner: Owner = ALICE) -> None:
    def work(tx: Transaction) -> None:
        tx.stored_files.lock(owner)
        tx.stored_files.save(files)

    world.database.write(work)


def authorised(world: World, key: str, data: bytes, **changed: object) -> StoredFile:
    return a_file(key, data, at=world.clock(), **changed)


def found(world: World, objects: NamedObjects, key: str) -> StoredFile:
    with world.database.read() as tx:
        return tx.stored_files.find(objects.bucket, [key])[key]


def settle(world: World, objects: NamedObjects, key: str) -> StoredFile:
    settled = Settler(world.database, objects, world.clock).settle(found(world, objects, key))
    assert settled is not None
    return settled


@pytest.fixture
def filled(world: World) -> World:
    """Two settled files, one of them private; one that awaits a new version, one that was posted
    and not looked at, one that was never posted, and an object that no row names.
    """
    objects = raw_objects(world)
    for key, data in DATA.items():
        objects.put(key, [data], "text/csv")
    objects.put("unnamed", [b"unnamed"], "text/csv")
    private = a_version(b"", findability=Findability.PRIVATE)
    add(
        world,
        *(authorised(world, key, DATA[key]) for key in DATA if key != "alice/p.csv"),
        authorised(world, "alice/p.csv", b"", wanted=private),
        authorised(world, "alice/awaited.csv", b"awaited"),
    )
    for key in ("alice/a.csv", "alice/p.csv", "alice/old.csv"):
        settle(world, objects, key)
    old = found(world, objects, "alice/old.csv")
    add(world, replace(old, wanted=a_version(b"newer"), state=StoredFileState.PENDING))
    return world


def assert_moved(world: World, objects: NamedObjects) -> None:
    """Every file that a row names is there, and a look finds all as it was."""
    listed = {one.key: b"".join(objects.read(one.key)) for one in objects.listing("")}
    assert listed == DATA
    states = {key: settle(world, objects, key).state for key in DATA}
    assert states == {
        "alice/a.csv": StoredFileState.SETTLED,
        "alice/p.csv": StoredFileState.SETTLED,
        "alice/old.csv": StoredFileState.PENDING,
        "alice/n.csv": StoredFileState.SETTLED,
    }


def test_raw_files_are_in_the_other_place_under_its_bucket(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other = next(worlds)
    elsewhere = raw_objects(other, "another")

    exported, problems = export(filled, tmp_path / "export")
    imported, more_problems = bring(tmp_path / "export", other, elsewhere)

    assert problems == more_problems == []
    assert exported == imported
    assert exported.raw_files == len(DATA)
    assert_moved(other, elsewhere)
    assert found(other, elsewhere, "alice/awaited.csv").held is None


def test_a_settled_file_is_not_looked_at_anew(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other = next(worlds)
    export(filled, tmp_path / "export")

    bring(tmp_path / "export", other)

    objects = raw_objects(other)
    there = objects.head("alice/a.csv")
    assert there is not None
    assert found(other, objects, "alice/a.csv").held_version == there.version


@pytest.mark.e2e
@pytest.mark.s3
def test_from_a_directory_to_s3_and_back(
    filled: World, worlds: Iterator[World], s3_gateway: Gateway, tmp_path: Path
) -> None:
    far, back, bucket = next(worlds), next(worlds), in_gateway(s3_gateway)

    told = [export(filled, tmp_path / "there"), bring(tmp_path / "there", far, bucket)]
    told += [export(far, tmp_path / "here", bucket), bring(tmp_path / "here", back)]

    assert [problems for _, problems in told] == [[]] * 4
    assert len({done for done, _ in told}) == 1
    place = f"{s3_gateway.endpoint_url}/{bucket.bucket}/raw/alice"
    assert requests.get(f"{place}/a.csv", timeout=30).content == DATA["alice/a.csv"]
    assert requests.get(f"{place}/p.csv", timeout=30).status_code == 403
    assert_moved(far, bucket)
    assert_moved(back, raw_objects(back))


def in_gateway(gateway: Gateway) -> S3NamedObjects:
    access = S3Access(
        endpoint_url=gateway.endpoint_url,
        access_key=gateway.access_key,
        secret_key=gateway.secret_key,
    )
    place = S3Place(bucket=gateway.new_bucket(), prefix="raw/")
    return S3NamedObjects(signing_client(access), place)


def test_a_file_that_is_gone_or_another_is_told_and_the_rest_is_moved(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    filled.clock.turn(timedelta(days=1))
    objects = raw_objects(filled)
    settle(filled, objects, "alice/a.csv")
    objects.put("alice/a.csv", [b"another"], "text/csv")
    objects.delete("alice/p.csv")

    exported, problems = export(filled, tmp_path / "export")
    imported, more_problems = bring(tmp_path / "export", next(worlds))

    assert [(one.code, one.subject) for one in problems] == [
        ("raw_file_damaged", "alice/a.csv"),
        ("raw_file_missing", "alice/p.csv"),
    ]
    assert (exported.problems, exported.raw_files) == (2, 3)
    assert (imported.problems, more_problems) == (0, [])


def test_a_file_that_was_posted_again_is_moved_and_looked_at_there(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other = next(worlds)
    raw_objects(filled).put("alice/old.csv", [b"newer"], "text/csv")

    problems = export(filled, tmp_path / "export")[1] + bring(tmp_path / "export", other)[1]

    assert problems == []
    assert settle(other, raw_objects(other), "alice/old.csv").state is StoredFileState.SETTLED


class Reposted(DirectoryNamedObjects):
    """Each object that is read is posted again meanwhile."""

    def read(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        data = b"".join(super().read(key, start, stop))
        self.put(key, [b"newer"], "text/csv")
        return iter([data])


def test_a_file_that_is_posted_while_it_is_copied_is_looked_at_there(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other, place = next(worlds), filled.directory / "rawstore"
    busy = Reposted(place, "rawstore", "/rawstore/objects", filled.clock)

    problems = export(filled, tmp_path / "export", busy)[1] + bring(tmp_path / "export", other)[1]

    objects = raw_objects(other)
    there = objects.head("alice/a.csv")
    assert problems == []
    assert there is not None
    assert b"".join(objects.read("alice/a.csv")) == DATA["alice/a.csv"]
    assert found(other, objects, "alice/a.csv").held_version != there.version


def test_a_file_in_a_bucket_that_is_not_the_doors_is_told(filled: World, tmp_path: Path) -> None:
    add(filled, authorised(filled, "alice/far.csv", b"far", bucket="older"))

    exported, problems = export(filled, tmp_path / "export")

    assert [(one.code, one.subject) for one in problems] == [
        ("raw_file_elsewhere", "alice/far.csv")
    ]
    assert exported.problems == 1


def test_damage_in_the_export_is_told(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    export(filled, tmp_path / "export")
    moved = DirectoryNamedObjects(tmp_path / "export" / "raw", "raw", "", filled.clock)
    moved.put("alice/a.csv", [b"A,b\n"], "text/csv")
    moved.delete("alice/n.csv")

    imported, problems = bring(tmp_path / "export", next(worlds))

    assert [(one.code, one.subject) for one in problems] == [
        ("raw_file_damaged", "alice/a.csv"),
        ("raw_file_damaged", "alice/n.csv"),
    ]
    assert imported.problems == 2


def test_an_object_that_is_there_is_left_and_a_wrong_one_is_brought_again(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other = next(worlds)
    objects = raw_objects(other)
    objects.put("alice/a.csv", [DATA["alice/a.csv"]], "text/csv")
    right = objects.head("alice/a.csv")
    objects.put("alice/n.csv", [b"NEW"], "text/csv")
    export(filled, tmp_path / "export")

    problems = bring(tmp_path / "export", other)[1]

    assert problems == []
    assert objects.head("alice/a.csv") == right
    assert_moved(other, objects)


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("raw_place", {}),
        ("raw_files", {"key": "alice/a.csv"}),
        (
            "raw_files",
            dict.fromkeys(("key", "size_bytes", "md5", "media_type", "findability", "version")),
        ),
    ],
)
def test_damaged_records_are_no_export(
    filled: World, worlds: Iterator[World], tmp_path: Path, name: str, record: object
) -> None:
    other = next(worlds)
    export(filled, tmp_path / "export")
    (tmp_path / "export" / f"{name}.jsonl").write_text(json.dumps(record) + "\n")

    with pytest.raises(NotAnExport, match=name):
        bring(tmp_path / "export", other)

    assert rows(other)["stored_files"] == []


def test_a_shared_object_is_moved_once_and_stays_shared(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other, key = next(worlds), "alice/a.csv"
    first = found(filled, raw_objects(filled), key)
    sealed = replace(first, lies_at=key)
    posted_again = replace(first, key=f"{key}~0", lies_at=key, owner=BOB, revision=0)
    raw_objects(filled).put(posted_again.key, [DATA[key]], "text/csv")
    add(filled, sealed)
    add(filled, posted_again, replace(posted_again, key=f"{key}~1"), owner=BOB)

    exported, problems = export(filled, tmp_path / "export")
    imported, more_problems = bring(tmp_path / "export", other)

    objects = raw_objects(other)
    assert problems == more_problems == []
    assert exported.raw_files == imported.raw_files == len(DATA) + 1
    assert [one.key for one in objects.listing(key)] == [key, f"{key}~0"]
    assert {found(other, objects, f"{key}~{n}").place for n in range(2)} == {key}


def test_a_shared_object_that_is_damaged_is_told(filled: World, tmp_path: Path) -> None:
    key = "alice/a.csv"
    first = found(filled, raw_objects(filled), key)
    add(filled, replace(first, key=f"{key}~0", lies_at=key, owner=BOB, revision=0), owner=BOB)
    raw_objects(filled).put(key, [b"B,b\n"], "text/csv")

    problems = export(filled, tmp_path / "export")[1]

    assert [(one.code, one.subject) for one in problems] == [("raw_file_damaged", key)]
