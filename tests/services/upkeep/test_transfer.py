"""Moving everything to a directory and from there to any other database and store."""

import json
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest

from filemanager.db.database import SqlDatabase
from filemanager.db.engine.migrate import upgrade
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import WorkspaceId, digest_of
from filemanager.domain.upkeep.errors import DatabaseInUse, DirectoryInUse, NotAnExport
from filemanager.storage.blobs.filesystem import FileSystemObjects
from filemanager.storage.blobs.packing import PackingBlobStore
from filemanager.storage.blobs.s3 import S3Objects
from filemanager.storage.s3.client import S3Access, s3_client
from servers.postgres import new_postgres_database
from servers.radosgw import Gateway
from worlds.stored import LONG, Interruption, World, interrupted
from worlds.transfers import FILES, LARGE, PASSING, assert_same, bring, export, fill, rows
from worlds.upload_desk import WRITER, Desk


@pytest.fixture
def filled(world: World) -> World:
    fill(world)
    return world


def test_everything_is_in_the_other_place(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other = next(worlds)

    exported, problems = export(filled, tmp_path / "export")
    imported, more_problems = bring(tmp_path / "export", other)

    assert problems == more_problems == []
    assert exported == imported
    assert exported.blobs == len(filled.digests())
    assert_same(filled, other)


def test_an_import_goes_on_numbering(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other = next(worlds)
    export(filled, tmp_path / "export")
    bring(tmp_path / "export", other)

    assert (filled.create(), other.create()) == (3, 3)


def test_an_export_is_of_one_moment_whatever_happens_meanwhile(
    worlds: Iterator[World], tmp_path: Path
) -> None:
    for at in count(1):
        busy, other, directory = next(worlds), next(worlds), tmp_path / f"export{at}"
        fill(busy)
        busy.clock.turn(LONG)
        meanwhile = Interruption(at, partial(_live_on, busy))
        exported, problems = export(interrupted(busy, meanwhile), directory)

        imported, more_problems = bring(directory, other)

        assert problems == more_problems == other.problems() == []
        assert exported == imported
        if meanwhile.calls < at:
            break


def _live_on(world: World) -> None:
    """What is due goes, and packs are rewritten; what an export has read stays for the grace."""
    world.upload(WorkspaceId(1), {"a.txt": b"newer", "more.txt": b"more"})
    world.sweeper.sweep()


def test_an_export_that_takes_longer_than_the_grace_tells_what_it_missed(
    filled: World, tmp_path: Path
) -> None:
    def sweep() -> None:
        filled.upload(WorkspaceId(1), {"a.txt": b"newer"})
        filled.sweep_twice()

    # The first call reads the rows, the second the first object.
    slow = interrupted(filled, Interruption(2, sweep))
    exported, problems = export(slow, tmp_path / "export")

    lost = {digest_of(data) for data in (PASSING["a.txt"], b"new")}
    assert {problem.subject for problem in problems} >= lost
    assert exported.problems == len(problems)


def test_an_import_that_is_killed_anywhere_is_made_good_by_another(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    export(filled, tmp_path / "export")
    for at in count(1):
        other = next(worlds)
        killed = Interruption(at, _kill)
        with suppress(_Killed):
            bring(tmp_path / "export", interrupted(other, killed))
        if killed.calls < at:
            break
        with suppress(DatabaseInUse):
            bring(tmp_path / "export", other)

        assert_same(filled, other)


class _Killed(Exception):
    """The process ends here."""


def _kill() -> None:
    raise _Killed


def test_half_an_object_is_brought_again(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other = next(worlds)
    export(filled, tmp_path / "export")
    key = filled.place_of(LARGE).object_key
    other.objects.write(key, [b"half"])

    problems = bring(tmp_path / "export", other)[1]

    assert problems == []
    assert_same(filled, other)


def test_a_store_that_is_kept_on_is_left_as_it_is(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other = next(worlds)
    export(filled, tmp_path / "export")
    other.blobs, other.objects = filled.blobs, filled.objects
    before = [(stored.key, stored.modified_at) for stored in filled.blobs.objects()]
    other.clock.turn(other.clock.now - other.clock.now.replace(year=2025))

    problems = bring(tmp_path / "export", other)[1]

    assert problems == []
    assert [(stored.key, stored.modified_at) for stored in other.blobs.objects()] == before


def test_damage_is_told_on_both_ways_and_the_rest_is_brought(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other = next(worlds)
    filled.damage(filled.place_of(FILES["a.txt"]))
    filled.objects.delete(filled.place_of(LARGE).object_key)

    exported, problems = export(filled, tmp_path / "export")
    imported, more_problems = bring(tmp_path / "export", other)

    damaged = {digest_of(FILES["a.txt"]), digest_of(LARGE)}
    assert {problem.subject for problem in problems} == damaged
    assert problems == more_problems
    assert exported.problems == imported.problems == 2
    assert other.read(WorkspaceId(1), "a.txt") == b"new"


def test_an_import_refuses_a_database_that_holds_something(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    other = next(worlds)
    other.create()
    before = rows(other)
    export(filled, tmp_path / "export")

    with pytest.raises(DatabaseInUse):
        bring(tmp_path / "export", other)

    assert rows(other) == before
    assert other.keys() == []


def test_an_export_refuses_a_directory_that_holds_something(filled: World, tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "mine.txt").write_text("mine")

    with pytest.raises(DirectoryInUse):
        export(filled, tmp_path / "export")

    assert [path.name for path in (tmp_path / "export").iterdir()] == ["mine.txt"]


def test_an_export_is_readable_by_its_owner_alone(filled: World, tmp_path: Path) -> None:
    export(filled, tmp_path / "export")

    assert (tmp_path / "export").stat().st_mode & 0o777 == 0o700


def test_an_export_that_is_not_finished_is_not_imported(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    export(filled, tmp_path / "export")
    (tmp_path / "export" / "manifest.jsonl").unlink()

    with pytest.raises(NotAnExport):
        bring(tmp_path / "export", next(worlds))


@pytest.mark.parametrize(
    "line",
    ["{", "{}", '{"table": "x", "columns": "a", "rows": "many"}', '{"table": "x", "rows": 1}'],
)
def test_a_manifest_of_something_else_is_refused(
    filled: World, worlds: Iterator[World], tmp_path: Path, line: str
) -> None:
    export(filled, tmp_path / "export")
    (tmp_path / "export" / "manifest.jsonl").write_text(line + "\n")

    with pytest.raises(NotAnExport):
        bring(tmp_path / "export", next(worlds))


def test_an_export_of_a_version_with_other_columns_is_refused(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    export(filled, tmp_path / "export")
    manifest = tmp_path / "export" / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace("readiness", "fitness"))

    with pytest.raises(NotAnExport):
        bring(tmp_path / "export", next(worlds))


def test_rows_that_were_lost_on_the_way_are_told(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    export(filled, tmp_path / "export")
    lines = tmp_path / "export" / "log_lines.jsonl"
    kept = lines.read_text().splitlines(keepends=True)[1:]
    lines.write_text("".join(kept))
    moved = tmp_path / "export" / "blobs.jsonl"
    blobs = [json.loads(line) for line in moved.read_text().splitlines()]
    blobs[0]["crc32"] += 1
    moved.write_text("".join(json.dumps(blob) + "\n" for blob in blobs))

    done, problems = bring(tmp_path / "export", next(worlds))

    assert [(problem.code, problem.subject) for problem in problems] == [
        ("table_count", "log_lines"),
        ("blob_row", blobs[0]["digest"]),
    ]
    assert done.problems == 2


@pytest.mark.e2e
@pytest.mark.postgres
@pytest.mark.s3
def test_from_sqlite_and_a_directory_to_postgresql_and_s3_and_back(
    worlds: Iterator[World], postgres_url: str, s3_gateway: Gateway, tmp_path: Path
) -> None:
    old, back = next(worlds), next(worlds)
    old.blobs, back.blobs = _in_directory(tmp_path / "old"), _in_directory(tmp_path / "back")
    fill(old)
    url = new_postgres_database(postgres_url)
    upgrade(url)
    with closing(SqlDatabase(url)) as database:
        far = World(database, _in_bucket(s3_gateway), old.objects, old.clock, tmp_path)

        told = [export(old, tmp_path / "there"), bring(tmp_path / "there", far)]
        told += [export(far, tmp_path / "here"), bring(tmp_path / "here", back)]
        far_rows, far_problems, numbered = rows(far), far.problems(), far.create()

    assert [problems for _, problems in told] == [[]] * 4
    assert far_rows == rows(old)
    assert (far_problems, numbered) == ([], 3)
    assert_same(old, back)


def _in_directory(directory: Path) -> BlobStore:
    directory.mkdir()
    return PackingBlobStore(FileSystemObjects(directory))


def _in_bucket(gateway: Gateway) -> BlobStore:
    access = S3Access(
        endpoint_url=gateway.endpoint_url,
        access_key=gateway.access_key,
        secret_key=gateway.secret_key,
    )
    return PackingBlobStore(S3Objects(s3_client(access), gateway.new_bucket()))


def test_uploads_on_their_way_go_on_in_the_other_place(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    desk, other = Desk(filled), next(worlds)
    (begun,) = desk.begin()
    desk.append(begun.id, 0, BytesIO(b"he"))
    export(filled, tmp_path / "export")

    problems = bring(tmp_path / "export", other)[1]

    there = desk.on(other)
    there.append(begun.id, 2, BytesIO(b"llo"))
    there.receiving.receive(WRITER, begun.batch)
    assert problems == []
    assert there.files == {"a.txt": b"hello"}
    assert other.problems() == []


def test_an_upload_that_was_received_while_it_was_exported_is_told(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    desk = Desk(filled)
    upload = desk.send(b"hello")

    def receive() -> None:
        desk.receiving.receive(WRITER, upload.batch)

    exported, problems = export(interrupted(filled, Interruption(2, receive)), tmp_path / "export")

    assert [problem.code for problem in problems] == ["segment_missing"]
    assert exported.problems == 1
    assert [one.code for one in bring(tmp_path / "export", next(worlds))[1]] == ["segment_missing"]


def test_a_damaged_table_of_segments_is_no_export(
    filled: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    Desk(filled).send(b"hello")
    export(filled, tmp_path / "export")
    (tmp_path / "export" / "segments.jsonl").write_text('{"key": "incoming/1"}\n')

    with pytest.raises(NotAnExport, match="segments"):
        bring(tmp_path / "export", next(worlds))
