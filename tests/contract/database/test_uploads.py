"""Uploads and their segments, on every database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from builders.rows import LATER, NOW
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Caller, GrantedScope, Owner, Scope
from filemanager.domain.ids import GuestId, WorkspaceId, digest_of
from filemanager.domain.jobs.job import JobId
from filemanager.domain.ports import Transaction
from filemanager.domain.quotas import Allowance, ReservationId, Subject
from filemanager.domain.uploads.targets import (
    DropTarget,
    InvitationTarget,
    PartTarget,
    Target,
    WorkspaceTarget,
)
from filemanager.domain.uploads.upload import (
    BatchId,
    Segment,
    Upload,
    UploadId,
    UploadNotFound,
    UploadState,
    Way,
)

ALICE = Owner("issuer:alice")
FOLDER = BatchId("folder")
CALLER = Caller(
    issuer="issuer",
    subject="alice",
    name="älice",
    granted=frozenset({GrantedScope(Scope.UPDATE), GrantedScope(Scope.READ, "17")}),
)


def an_id(number: int) -> UploadId:
    return UploadId(f"{number:032x}")


def an_upload(number: int = 1, **more: object) -> Upload:
    made = Upload(
        id=an_id(number),
        owner=ALICE,
        caller=CALLER,
        way=Way.TUS,
        target=WorkspaceTarget(workspace_id=WorkspaceId(17), path="d/größe.txt"),
        batch=FOLDER,
        reservation=ReservationId(an_id(number)),
        size_bytes=5 << 32,
        created_at=NOW,
        expires_at=LATER,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def a_segment(number: int, upload: int = 1, start: int = 0) -> Segment:
    key = f"incoming/segment-{number}"
    return Segment(upload_id=an_id(upload), key=key, start=start, size_bytes=5 << 32)


def add(database: SqlDatabase, *uploads: Upload, segments: Sequence[Segment] = ()) -> None:
    def work(tx: Transaction) -> None:
        tx.uploads.add(uploads)
        for segment in segments:
            tx.uploads.add_segment(segment)

    database.write(work)


@pytest.mark.parametrize(
    "target",
    [
        WorkspaceTarget(workspace_id=WorkspaceId(17), path="a", unpack=False),
        WorkspaceTarget(workspace_id=WorkspaceId(17), path="b.tar", is_bundle=True),
        DropTarget(name="b.txt", labels={"X-Replica": "ä"}),
        PartTarget(),
    ],
)
def test_an_upload_comes_back_as_it_was(database: SqlDatabase, target: Target) -> None:
    upload = an_upload(
        target=target,
        digest=digest_of(b"a"),
        metadata="filename YQ==",
        parts=(an_id(7), an_id(8)),
        part_bytes=6 << 20,
        store_name="name in the store",
        size_bytes=None,
    )

    add(database, upload)

    with database.read() as tx:
        assert tx.uploads.get(upload.id) == upload


def test_an_upload_is_saved_with_what_became_of_it(database: SqlDatabase) -> None:
    add(database, an_upload(), an_upload(2))
    saved = an_upload(
        state=UploadState.RECEIVED,
        received_bytes=5 << 32,
        generation=3,
        job_id=JobId(an_id(9)),
        result={"path": "größe.txt", "revision": 2},
        code="code",
        message="A message. " * 40,
        expires_at=LATER + timedelta(days=1),
    )

    database.write(lambda tx: tx.uploads.save(saved))

    with database.read() as tx:
        assert tx.uploads.get(saved.id) == saved
        assert tx.uploads.get(an_id(2)) == an_upload(2)


def test_an_upload_that_is_not_there(database: SqlDatabase) -> None:
    with database.read() as tx, pytest.raises(UploadNotFound):
        tx.uploads.get(an_id(1))
    with pytest.raises(UploadNotFound):
        database.write(lambda tx: tx.uploads.lock(an_id(1)))


def test_writers_of_an_upload_take_turns(database: SqlDatabase) -> None:
    add(database, an_upload())

    def raise_generation(_: int) -> None:
        def work(tx: Transaction) -> None:
            upload = tx.uploads.lock(an_id(1))
            tx.uploads.save(replace(upload, generation=upload.generation + 1))

        database.write(work)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(raise_generation, range(40)))

    with database.read() as tx:
        assert tx.uploads.get(an_id(1)).generation == 40


def test_a_batch_is_its_owners_and_in_the_order_of_ids(database: SqlDatabase) -> None:
    mine = [an_upload(number) for number in (1, 2, 3)]
    theirs = an_upload(4, owner=Owner("issuer:bob"))
    add(database, *reversed(mine), theirs, an_upload(5, batch=BatchId("other")))

    with database.read() as tx:
        shown = list(tx.uploads.of_batch(ALICE, FOLDER))
    locked = database.write(lambda tx: list(tx.uploads.lock_batch(ALICE, FOLDER)))
    one = database.write(lambda tx: tx.uploads.lock_any_of_batch(ALICE, FOLDER))
    none = database.write(lambda tx: tx.uploads.lock_any_of_batch(ALICE, BatchId("none")))

    assert shown == locked == mine
    assert one in mine
    assert none is None


def test_unfinished_uploads_are_counted_and_listed(database: SqlDatabase) -> None:
    states = list(UploadState)
    add(database, *(an_upload(number, state=state) for number, state in enumerate(states)))
    add(database, an_upload(90, owner=Owner("issuer:bob")), an_upload(91, expires_at=NOW))

    with database.read() as tx:
        count = tx.uploads.count_open(ALICE)
        everybody = tx.uploads.count_open(None)
        first = tx.uploads.unfinished(ALICE, NOW, None, 2)
        rest = tx.uploads.unfinished(ALICE, NOW, first[-1].id, 10)

    listed = [upload.state for upload in (*first, *rest)]
    assert (count, everybody) == (4, 5)
    assert listed == [UploadState.OPEN, UploadState.COMPLETE, UploadState.RECEIVING]


def test_the_expired_are_counted_with_reservations_that_nobody_else_releases(
    database: SqlDatabase,
) -> None:
    early, late = NOW + timedelta(hours=1), NOW + timedelta(hours=3)
    add(database, an_upload(1, expires_at=early), an_upload(2, expires_at=late))

    def reserve(tx: Transaction) -> None:
        both = [Allowance(Subject(f"owner:{number}"), None) for number in (1, 2)]
        # The first upload's own, one of an upload that is gone, and one that is still good.
        for number, expires_at in ((1, early), (7, early), (8, late)):
            tx.quotas.reserve(ReservationId(an_id(number)), both, 1, NOW, expires_at)

    database.write(reserve)

    with database.read() as tx:
        assert tx.uploads.count_expired(early) == 0
        assert tx.uploads.count_expired(early + timedelta(seconds=1)) == 2


def test_the_expired_come_oldest_first(database: SqlDatabase) -> None:
    late = [an_upload(number, expires_at=NOW + timedelta(hours=number)) for number in (1, 2, 3)]
    add(database, *reversed(late))

    with database.read() as tx:
        found = list(tx.uploads.expired(NOW + timedelta(hours=3), 10))
        limited = list(tx.uploads.expired(NOW + timedelta(hours=3), 1))

    assert found == late[:2]
    assert limited == late[:1]


def test_segments_come_by_where_they_start(database: SqlDatabase) -> None:
    mine = [a_segment(3, start=0), a_segment(1, start=5 << 32), a_segment(2, start=10 << 32)]
    add(database, an_upload(), an_upload(2), segments=[*reversed(mine), a_segment(4, upload=2)])

    with database.read() as tx:
        found = list(tx.uploads.segments(an_id(1)))
        first = tx.uploads.segments_page("", 3)
        rest = tx.uploads.segments_page(first[-1].key, 3)

    assert found == mine
    assert [segment.key[-1] for segment in (*first, *rest)] == ["1", "2", "3", "4"]


def test_an_object_of_a_segment_is_known_as_long_as_its_row_is_there(
    database: SqlDatabase,
) -> None:
    add(database, an_upload(), segments=[a_segment(1), a_segment(2, start=1)])
    keys = [a_segment(number).key for number in (1, 2, 3)]
    with database.read() as tx:
        known = tx.upkeep.known_objects(keys)

    dropped = database.write(lambda tx: tx.uploads.drop_segments(an_id(1)))

    assert sorted(known) == sorted(dropped) == keys[:2]
    with database.read() as tx:
        assert tx.upkeep.known_objects(keys) == frozenset()


def test_a_deleted_upload_takes_its_segments_along(database: SqlDatabase) -> None:
    add(database, an_upload(), an_upload(2), segments=[a_segment(1), a_segment(2, upload=2)])

    database.write(lambda tx: tx.uploads.delete(an_id(1)))

    with database.read() as tx:
        assert [segment.upload_id for segment in tx.uploads.segments_page("", 10)] == [an_id(2)]
        with pytest.raises(UploadNotFound):
            tx.uploads.get(an_id(1))


def test_what_an_owner_has_not_finished_expires_when_it_is_told_to(database: SqlDatabase) -> None:
    target = InvitationTarget(guest_id=GuestId(5), path="a.txt", unpack=False)
    guests = an_upload(1, owner=Owner("guest:5"), target=target)
    done = an_upload(2, owner=Owner("guest:5"), state=UploadState.RECEIVED)
    others = an_upload(3)
    add(database, guests, done, others)

    database.write(lambda tx: tx.uploads.expire([Owner("guest:5"), Owner("guest:6")], NOW))

    with database.read() as tx:
        assert tx.uploads.get(guests.id) == replace(guests, expires_at=NOW)
        assert [tx.uploads.get(one.id) for one in (done, others)] == [done, others]
