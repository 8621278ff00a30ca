"""What fsck finds, and what it does not take for a problem."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from builders.papers import a_tarball
from filemanager.db.blobs.tables import blobs
from filemanager.db.quotas.tables import quotas
from filemanager.db.trees.tables import entries, trees
from filemanager.db.workspaces.tables import checkpoints
from filemanager.domain.blobs.blob import Encoding, StoredBlob
from filemanager.domain.blobs.upkeep import KnownObject
from filemanager.domain.bucket.drop import ANONYMOUS
from filemanager.domain.ids import WorkspaceId, digest_of
from filemanager.domain.quotas import Subject, owner_subject, workspace_subject
from filemanager.domain.upkeep.errors import EmptyDatabase
from filemanager.services.upkeep.fsck.blobs import blob_problems
from filemanager.services.upkeep.fsck.objects import object_problems
from filemanager.services.upkeep.watching import Problem
from filemanager.storage.scratch.file import MemoryContent
from worlds.bucket import Bucket
from worlds.stored import ALICE, World
from worlds.upload_desk import Desk

TEXT = b"Some text that is worth compressing. " * 20
OTHER = b"Other text, which lies behind it in the same pack. " * 20
LARGE = bytes(2 << 20)


@pytest.fixture
def workspace(world: World) -> WorkspaceId:
    """Living, removed, pinned and ended files; ancillary ones, an empty and a large one."""
    workspace = world.create()
    files = {"a.txt": TEXT, "b.txt": OTHER, "anc/c.txt": b"ancillary"}
    world.send(workspace, "all.tar.gz", a_tarball(files), unpack=True)
    world.upload(workspace, {"large.bin": LARGE})
    world.checkpoints.create(ALICE, workspace)
    world.delete_file(workspace, "large.bin")
    gone = world.create()
    world.upload(gone, {"gone.txt": b"gone"})
    world.delete(gone)
    return workspace


def codes(problems: list[Problem]) -> set[tuple[str, str]]:
    return {(problem.code, problem.subject) for problem in problems}


@pytest.mark.usefixtures("workspace")
def test_a_sound_store_is_clean(world: World) -> None:
    checked, problems = world.fsck(deep=True)

    assert problems == []
    assert (checked.workspaces, checked.blobs, checked.objects) == (2, 5, 3)
    assert (checked.unnamed_objects, checked.problems) == (0, 0)


@pytest.mark.usefixtures("workspace")
def test_objects_without_rows_are_counted_and_no_problem(world: World) -> None:
    world.blobs.put([MemoryContent.of(bytes(3 << 20))])
    size_bytes = sum(stored.size_bytes for stored in world.blobs.objects())

    checked, problems = world.fsck()

    assert problems == []
    assert checked.unnamed_objects == 1
    assert 0 < checked.unnamed_bytes < size_bytes


@pytest.mark.usefixtures("workspace")
def test_a_missing_object_is_found(world: World) -> None:
    place = world.place_of(TEXT)
    world.objects.delete(place.object_key)

    found = codes(world.fsck()[1])
    found_by_reading = codes(world.problems())

    assert found == {("object_missing", place.object_key)}
    assert {
        ("blob_damaged", digest_of(TEXT)),
        ("blob_damaged", digest_of(OTHER)),
    } < found_by_reading


@pytest.mark.usefixtures("workspace")
def test_an_object_that_was_cut_off_is_found_with_the_blobs_that_lost_bytes(world: World) -> None:
    lost = max((world.place_of(data) for data in (TEXT, OTHER)), key=lambda blob: blob.offset)
    data = b"".join(world.objects.read(lost.object_key, 0, lost.offset + 1))
    world.objects.write(lost.object_key, [data])

    found = codes(world.fsck()[1])

    assert {("object_size", lost.object_key), ("blob_cut_off", lost.digest)} <= found
    assert {code for code, _ in found} == {"object_size", "blob_cut_off"}


@pytest.mark.usefixtures("workspace")
def test_an_object_that_came_after_the_listing_is_no_problem(world: World) -> None:
    key = world.place_of(TEXT).object_key
    size_bytes = world.blobs.object_size(key)
    row = KnownObject(key=key, size_bytes=size_bytes or 0, end_bytes=1)

    assert list(object_problems(world.database, world.blobs, row, None)) == []


@pytest.mark.usefixtures("workspace")
def test_a_flipped_bit_is_found_by_reading_only(world: World) -> None:
    world.damage(world.place_of(TEXT))

    assert codes(world.fsck()[1]) == set()
    assert codes(world.problems()) == {("blob_damaged", digest_of(TEXT))}


@pytest.mark.usefixtures("workspace")
def test_bytes_that_were_wrong_when_they_were_stored_are_found(world: World) -> None:
    """Their crc32 fits: only the SHA-256 tells."""
    lie = replace(MemoryContent.of(b"wrong"), digest=digest_of(b"right"))
    put = world.blobs.put([lie])
    world.database.write(lambda tx: tx.blobs.add(put, world.clock()))

    assert codes(world.problems()) == {("blob_damaged", digest_of(b"right"))}


@pytest.mark.usefixtures("workspace")
def test_known_damage_is_told_until_it_is_healed(world: World) -> None:
    world.database.write(lambda tx: tx.blobs.quarantine(digest_of(TEXT), world.clock()))
    before = codes(world.fsck()[1])

    put = world.blobs.put([MemoryContent.of(TEXT)])
    world.database.write(lambda tx: tx.blobs.add(put, world.clock()))

    assert before == {("blob_quarantined", digest_of(TEXT))}
    assert world.problems() == []


@pytest.mark.parametrize(
    "column", ["source_bytes", "ancillary_bytes", "content_bytes", "counts", "checksum"]
)
def test_a_total_that_the_entries_do_not_make_is_found(
    world: World, workspace: WorkspaceId, column: str
) -> None:
    value: object = {"counts": "{}", "checksum": "A" * 24}.get(column, 1)
    world.tamper(update(trees).where(trees.c.id == workspace).values({column: value}))

    problems = world.fsck()[1]

    assert codes(problems) == {("tree_total", str(workspace))}
    assert column in problems[0].detail


def test_an_entry_of_another_size_than_its_blob_is_found(
    world: World, workspace: WorkspaceId
) -> None:
    wrong = update(entries).where(entries.c.path == "a.txt").values(size_bytes=1, packed_bytes=2)
    world.tamper(wrong)

    found = codes(world.fsck()[1])

    subject = f"{workspace}/a.txt"
    assert {("entry_size", subject), ("entry_packed_bytes", subject)} < found
    assert ("checkpoint", f"{workspace} checkpoint 1") in found


def test_a_checkpoint_that_is_not_what_it_names_is_found(
    world: World, workspace: WorkspaceId
) -> None:
    world.tamper(update(checkpoints).values(checksum="A" * 24, content_bytes=1))

    problems = world.fsck()[1]

    assert [problem.subject for problem in problems] == [f"{workspace} checkpoint 1"] * 2


RAW = StoredBlob(
    digest=digest_of(b"x"),
    size_bytes=1,
    crc32=7,
    encoding=Encoding.RAW,
    encoder="",
    object_key="packs/1",
    offset=0,
    stored_bytes=1,
    stored_crc32=7,
)
EMPTY = replace(RAW, digest=digest_of(b""), size_bytes=0, object_key="", stored_bytes=0)


def test_owners_and_the_bucket_are_counted_as_they_keep(world: World) -> None:
    """Workspaces and drops of one owner, of nobody, and what is promised to an upload."""
    desk, bucket = Desk(world), Bucket(world)
    desk.begin()
    world.upload(desk.workspace_id, {"a.txt": b"one"})
    world.upload(desk.workspace_id, {"a.txt": b"another"})
    bucket.send({"b.txt": b"sent"})
    bucket.send({"c.txt": b"by nobody"}, caller=None)

    checked, problems = world.fsck()

    assert problems == []
    assert checked.quotas == 5


@pytest.mark.parametrize("subject", [owner_subject(ALICE.owner), ANONYMOUS])
def test_a_use_that_workspaces_and_drops_do_not_make_is_found(
    world: World, subject: Subject
) -> None:
    world.upload(world.create(), {"a.txt": b"one"})
    Bucket(world).send({"c.txt": b"one"}, caller=None)
    its_own = quotas.c.subject == subject
    world.tamper(update(quotas).where(its_own).values(used_bytes=5))

    checked, problems = world.fsck()

    assert problems == [Problem("quota_used", subject, "used_bytes is 5, kept are 4096")]
    assert checked.problems == 1


def test_bytes_that_nobody_counts_are_found(world: World) -> None:
    Bucket(world).send({"c.txt": b"one"})
    world.tamper(delete(quotas))

    problems = world.fsck()[1]

    assert codes(problems) == {("quota_used", owner_subject(ALICE.owner))}


def test_promises_that_no_reservation_makes_are_found(world: World) -> None:
    desk = Desk(world)
    desk.begin()
    subject = workspace_subject(desk.workspace_id)
    world.tamper(update(quotas).where(quotas.c.subject == subject).values(reserved_bytes=6))

    problems = world.fsck()[1]

    detail = "reserved_bytes is 6, promised are 4096"
    assert problems == [Problem("quota_reserved", subject, detail)]


@pytest.mark.parametrize("blob", [RAW, EMPTY, replace(RAW, encoding=Encoding.GZIP, encoder="x")])
def test_a_row_that_fits_together_is_no_problem(blob: StoredBlob) -> None:
    assert list(blob_problems(blob)) == []


@pytest.mark.parametrize(
    "blob",
    [
        replace(RAW, object_key=""),
        replace(RAW, stored_bytes=2),
        replace(RAW, stored_crc32=8),
        replace(RAW, encoder="isal-3"),
        replace(RAW, encoding=Encoding.GZIP),
        replace(EMPTY, digest=RAW.digest),
        replace(EMPTY, object_key="packs/1"),
        replace(RAW, digest=EMPTY.digest),
    ],
)
def test_a_row_that_contradicts_itself_is_found(blob: StoredBlob) -> None:
    assert [problem.code for problem in blob_problems(blob)] == ["blob_row"]


def test_quarantine_is_written_where_fsck_reads_it(world: World) -> None:
    world.upload(world.create(), {"a.txt": TEXT})
    world.tamper(update(blobs).values(quarantined_at=1))

    assert codes(world.fsck()[1]) == {("blob_quarantined", digest_of(TEXT))}


def test_an_empty_database_beside_a_filled_store_is_refused(
    world: World, worlds: Iterator[World]
) -> None:
    world.send(world.create(), "a.txt", TEXT, unpack=False)
    elsewhere = replace(next(worlds), blobs=world.blobs)

    with pytest.raises(EmptyDatabase):
        elsewhere.fsck()

    assert world.problems() == []


def test_an_empty_database_beside_an_empty_store_is_clean(world: World) -> None:
    assert world.problems() == []
