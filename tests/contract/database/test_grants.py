"""What every database promises of grants: leaves, and who may read what."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders.rows import NOW, Steps, a_workspace, an_entry
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Caller, GrantedScope
from filemanager.domain.ids import WorkspaceId, digest_of
from filemanager.domain.quotas import ReservationId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreeChange, TreePath
from filemanager.domain.uploads.grant import KnownLeave, Leave, LeaveNotFound, Portion, reader_of
from filemanager.domain.uploads.targets import WorkspaceTarget
from filemanager.domain.uploads.upload import BatchId, Segment, Upload, UploadId, UploadState, Way
from filemanager.domain.workspaces.workspace import Status
from worlds.stored import ALICE, START

TEXT = digest_of(b"text")
READ = GrantedScope("upload:read")
UPLOAD = UploadId("a" * 28 + "0000")


def an_upload(upload_id: UploadId = UPLOAD) -> Upload:
    return Upload(
        id=upload_id,
        owner=ALICE.owner,
        caller=ALICE,
        way=Way.GRANT,
        target=WorkspaceTarget(workspace_id=WorkspaceId(1), path="a"),
        batch=BatchId("a" * 32),
        reservation=ReservationId("a" * 32),
        size_bytes=10,
        is_known=True,
        created_at=START,
        expires_at=START + timedelta(days=7),
    )


def a_leave(capability: str | None, start: int = 0) -> Leave:
    portion = Portion(upload_id=UPLOAD, start=start, size_bytes=5, digest=digest_of(b"hello"))
    return Leave(portion=portion, url="/", headers={}, expires_at=START, capability=capability)


@pytest.fixture
def uploads(database: SqlDatabase) -> SqlDatabase:
    """A database with one upload of a grant."""
    database.write(lambda tx: tx.uploads.add([an_upload()]))
    return database


def test_an_upload_is_known_or_not(uploads: SqlDatabase) -> None:
    uploads.write(lambda tx: tx.uploads.save(replace(tx.uploads.lock(UPLOAD), is_known=False)))

    with uploads.read() as tx:
        assert tx.uploads.get(UPLOAD) == replace(an_upload(), is_known=False)


def test_a_leave_is_known_by_its_capability(uploads: SqlDatabase) -> None:
    uploads.write(lambda tx: tx.uploads.save_leaves([a_leave("b" * 64), a_leave("c" * 64, 5)]))

    with uploads.read() as tx:
        found = tx.uploads.leave("c" * 64)
        with pytest.raises(LeaveNotFound):
            tx.uploads.leave("d" * 64)

    assert found == KnownLeave(
        upload_id=UPLOAD, start=5, size_bytes=5, digest=digest_of(b"hello"), expires_at=START
    )


def test_a_newer_leave_takes_the_place_of_an_older(uploads: SqlDatabase) -> None:
    uploads.write(lambda tx: tx.uploads.save_leaves([a_leave("b" * 64), a_leave(None, 5)]))
    uploads.write(lambda tx: tx.uploads.save_leaves([a_leave("c" * 64)]))

    with uploads.read() as tx:
        assert tx.uploads.leave("c" * 64).start == 0
        with pytest.raises(LeaveNotFound):
            tx.uploads.leave("b" * 64)


def test_leaves_go_with_their_upload(uploads: SqlDatabase) -> None:
    uploads.write(lambda tx: tx.uploads.save_leaves([a_leave("b" * 64)]))

    uploads.write(lambda tx: tx.uploads.delete(UPLOAD))

    with uploads.read() as tx, pytest.raises(LeaveNotFound):
        tx.uploads.leave("b" * 64)


def test_segments_are_added_together(uploads: SqlDatabase) -> None:
    segments = [
        Segment(upload_id=UPLOAD, key=f"incoming/{start}", start=start, size_bytes=5)
        for start in (0, 5)
    ]

    uploads.write(lambda tx: tx.uploads.add_segments(segments))

    with uploads.read() as tx:
        assert tx.uploads.segments(UPLOAD) == segments
        assert tx.upkeep.known_objects(["incoming/5", "incoming/7"]) == {"incoming/5"}


def reads(steps: Steps, *granted: GrantedScope, subject: str = "alice") -> bool:
    """Whether somebody could read the text ``text`` anywhere."""
    caller = Caller(issuer="issuer", subject=subject, name="x", granted=frozenset(granted))
    with steps.database.read() as tx:
        found = tx.uploads.readable([TEXT, digest_of(b"unknown")], reader_of(caller))
    assert set(found) <= {TEXT}
    return bool(found)


@pytest.mark.parametrize("area", [Area.SOURCE, Area.ANCILLARY])
def test_a_file_is_open_to_those_who_may_read_its_workspace(steps: Steps, area: Area) -> None:
    made = steps.put(steps.add(a_workspace()), an_entry("a", area=area))
    steps.put(made, an_entry("b", area=area))

    assert reads(steps, READ)
    assert reads(steps, GrantedScope("upload:read", "*"), subject="staff")
    assert reads(steps, GrantedScope("upload:admin"), subject="staff")
    assert reads(steps, GrantedScope("upload:read", str(made.id)), subject="guest")


def test_a_file_is_closed_to_everybody_else(steps: Steps) -> None:
    made = steps.put(steps.add(a_workspace()), an_entry("a"))

    assert not reads(steps)
    assert not reads(steps, GrantedScope("upload:update"))
    assert not reads(steps, READ, subject="bob")
    assert not reads(steps, GrantedScope("upload:read", str(made.id + 1)), subject="guest")
    assert not reads(steps, GrantedScope("upload:read", "9" * 30), subject="guest")
    in_other_digits = "".join(chr(0x0660 + int(digit)) for digit in str(made.id))
    assert not reads(steps, GrantedScope("upload:read", in_other_digits), subject="guest")
    assert not reads(steps, GrantedScope("upload:read", f"0{made.id}"), subject="guest")


def test_removed_and_deleted_files_are_closed(steps: Steps) -> None:
    removed = steps.put(steps.add(a_workspace()), an_entry("a", area=Area.REMOVED))
    deleted = steps.put(steps.add(a_workspace()), an_entry("a"))
    steps.apply(deleted, TreeChange(end=((Area.SOURCE, TreePath("a")),)))

    assert removed.tree.revision == 1
    assert not reads(steps, READ)


def test_files_of_a_deleted_workspace_are_closed(steps: Steps) -> None:
    made = steps.put(steps.add(a_workspace()), an_entry("a"))
    gone = replace(made, status=Status.DELETED)

    steps.database.write(lambda tx: tx.workspaces.save(gone))

    assert not reads(steps, READ)


def test_damaged_bytes_are_closed(steps: Steps) -> None:
    steps.put(steps.add(a_workspace()), an_entry("a"))

    steps.database.write(lambda tx: tx.blobs.quarantine(TEXT, NOW))

    assert not reads(steps, READ)


def test_an_object_called_by_an_open_upload_is_known(uploads: SqlDatabase) -> None:
    key = f"incoming/{UPLOAD}"
    with uploads.read() as tx:
        awaited = tx.upkeep.known_objects([key, "incoming/other"])
    over = replace(an_upload(), state=UploadState.RECEIVED)

    uploads.write(lambda tx: tx.uploads.save(over))

    with uploads.read() as tx:
        assert (awaited, tx.upkeep.known_objects([key])) == ({key}, frozenset())
