"""Authorising and settling, with a clock that is turned by hand."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from builders.raw_files import ALICE, a_version
from filemanager.db.database import SqlDatabase
from filemanager.domain.blobs.named_objects import NamedObject, PostRefused, PostTerms
from filemanager.domain.jobs.job import Claimed, Lane
from filemanager.domain.rawstore.path_pattern import PathPattern
from filemanager.domain.rawstore.stored_file import (
    FORM_LIFETIME,
    POST_TIME,
    Deposit,
    DepositedFile,
    Depositor,
    Findability,
    StorageLimitReached,
    StorageLimits,
    StoredFile,
    StoredFileChanged,
    StoredFileNotFound,
    StoredFileState,
)
from filemanager.jobs.running import RunningTask
from filemanager.services.rawstore.authorizing import Authorized, Publishing, RawstoreService
from filemanager.services.rawstore.posting import PostService
from filemanager.services.rawstore.reading import PresignService
from filemanager.services.rawstore.settling import Settler
from filemanager.storage.named.directory import DirectoryNamedObjects
from worlds.questions import questions
from worlds.stored import START, TurnedClock

OVER = FORM_LIFETIME + POST_TIME + timedelta(seconds=1)
PLACE = "/rawstore/objects"
KEY = "alice/ds/f.csv"
URL = f"{PLACE}/{KEY}"
DEPOSITOR = Depositor(ALICE, "alice", StorageLimits(public_mb=1, private_mb=1))
HALF = b"x" * 600_000


class WatchedObjects(DirectoryNamedObjects):
    """Counts what the store is asked for; with *etag* set its ETags tell nothing of the bytes."""

    asked = 0
    etag = ""
    while_read: Callable[[], None] | None = None

    def head(self, key: str) -> NamedObject | None:
        self.asked += 1
        found = super().head(key)
        return replace(found, etag=self.etag) if found is not None and self.etag else found

    def read(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        if self.while_read is not None:
            self.while_read()
        return super().read(key, start, stop)


@dataclass
class Desk:
    """The door's use cases over one store."""

    clock: TurnedClock
    database: SqlDatabase
    objects: WatchedObjects

    @property
    def settler(self) -> Settler:
        return Settler(self.database, self.objects, self.clock)

    @property
    def presign(self) -> PresignService:
        return PresignService(self.database, self.objects, Publishing(), self.settler)

    def authorize(
        self, data: bytes, path: str = "f.csv", findability: str = "published", **more: str
    ) -> Authorized:
        service = RawstoreService(
            database=self.database,
            objects=self.objects,
            forms=self.objects,
            pattern=PathPattern("{owner}/{dataset}/{path}"),
            publishing=Publishing(),
            settler=self.settler,
            clock=self.clock,
        )
        version = a_version(data)
        wish = DepositedFile(
            path=path,
            size_bytes=len(data),
            md5=version.md5,
            media_type=more.get("media_type", "text/plain"),
            name=path,
        )
        deposit = Deposit(
            owner="alice",
            findability=Findability(findability),
            files=(wish,),
            dataset=more.get("dataset", "ds"),
            flow_id=more.get("flow_id"),
        )
        return service.authorize(DEPOSITOR, deposit)[0]

    def put(self, data: bytes, key: str = KEY) -> None:
        """As S3 takes a post: whatever has the length."""
        self.objects.put(key, [data], "text/plain")

    def file(self, key: str = KEY) -> StoredFile | None:
        with self.database.read() as tx:
            return tx.stored_files.find("rawstore", [key]).get(key)

    def settled(self) -> StoredFile | None:
        file = self.file()
        assert file is not None
        return self.settler.settle(file)

    def state(self) -> StoredFileState | None:
        file = self.settled()
        return None if file is None else file.state


@pytest.fixture
def desk(tmp_path: Path, migrated_file: Path) -> Iterator[Desk]:
    shutil.copy(migrated_file, tmp_path / "filemanager.db")
    clock = TurnedClock()
    objects = WatchedObjects(tmp_path, "rawstore", PLACE, clock)
    with closing(SqlDatabase(f"sqlite:///{tmp_path / 'filemanager.db'}")) as database:
        yield Desk(clock, database, objects)


def test_a_posted_file_is_settled(desk: Desk) -> None:
    desk.authorize(b"text")
    before = desk.state()

    desk.put(b"text")

    assert (before, desk.state()) == (StoredFileState.PENDING, StoredFileState.SETTLED)
    file = desk.file()
    assert file is not None
    assert file.held == file.wanted == a_version(b"text")


def test_authorising_asks_the_store_nothing(desk: Desk) -> None:
    for number in range(3):
        desk.authorize(b"text", f"{number}.csv")

    assert desk.objects.asked == 0


def test_what_is_there_already_is_read_once(desk: Desk) -> None:
    with questions() as asked:
        desk.authorize(b"text")

    assert sum(one.startswith("SELECT stored_files.bucket") for one in asked) == 1


def test_bytes_of_another_digest_are_not_settled_and_are_reported(desk: Desk) -> None:
    desk.authorize(b"text")
    desk.put(b"evil")

    with capture_logs() as logs:
        assert desk.state() is StoredFileState.CHANGED

    assert [log["event"] for log in logs] == ["stored_file_changed"]
    with pytest.raises(StoredFileChanged):
        desk.presign.readable_url(URL, DEPOSITOR)
    with pytest.raises(StoredFileNotFound):
        desk.presign.readable_url(URL, None)


@pytest.mark.parametrize(
    ("data", "state"), [(b"text", StoredFileState.SETTLED), (b"evil", StoredFileState.CHANGED)]
)
def test_the_bytes_are_read_where_the_etag_is_no_md5(
    desk: Desk, data: bytes, state: StoredFileState
) -> None:
    desk.objects.etag = "of-something-else"
    desk.authorize(b"text")

    desk.put(data)

    assert desk.state() is state


def test_a_file_that_vanishes_or_changes_while_it_is_read_is_looked_at_again(desk: Desk) -> None:
    desk.objects.etag = "of-something-else"
    desk.authorize(b"text")
    for meanwhile in (lambda: desk.objects.delete(KEY), lambda: desk.put(b"evil")):
        desk.put(b"text")
        desk.objects.while_read = meanwhile
        assert desk.state() is StoredFileState.PENDING
        desk.objects.while_read = None
    desk.put(b"text")

    assert desk.state() is StoredFileState.SETTLED


def test_a_file_that_changes_afterwards_is_unsettled_and_reported(desk: Desk) -> None:
    desk.authorize(b"text")
    desk.put(b"text")
    assert desk.state() is StoredFileState.SETTLED

    desk.put(b"evil")

    assert desk.state() is StoredFileState.CHANGED
    assert not desk.authorize(b"text").exists


def test_a_changed_file_is_settled_again_by_the_right_bytes(desk: Desk) -> None:
    desk.authorize(b"text")
    desk.put(b"evil")
    assert desk.state() is StoredFileState.CHANGED

    desk.put(b"text")

    assert desk.state() is StoredFileState.SETTLED


def test_what_was_never_posted_is_forgotten_once_it_cannot_be_posted(desk: Desk) -> None:
    desk.authorize(b"text")
    desk.clock.turn(FORM_LIFETIME + timedelta(seconds=1))
    assert desk.state() is StoredFileState.PENDING

    desk.clock.turn(POST_TIME)

    assert desk.state() is None
    assert desk.file() is None


def test_a_new_version_that_never_comes_leaves_the_old_one(desk: Desk) -> None:
    desk.authorize(b"old")
    desk.put(b"old")
    desk.settled()
    desk.authorize(b"newer", findability="private")
    assert desk.state() is StoredFileState.PENDING

    desk.clock.turn(OVER)

    assert desk.state() is StoredFileState.SETTLED
    file = desk.file()
    assert file is not None
    assert file.wanted == a_version(b"old")


def test_an_unauthorised_version_is_never_gone_back_to(desk: Desk) -> None:
    desk.authorize(b"text")
    desk.put(b"evil")
    desk.settled()
    desk.authorize(b"text")

    desk.clock.turn(OVER)

    assert desk.state() is StoredFileState.CHANGED


def test_an_old_version_stays_readable_until_the_new_one_is_there(desk: Desk) -> None:
    desk.authorize(b"old")
    desk.put(b"old")
    desk.settled()

    desk.authorize(b"newer", findability="private")

    assert desk.presign.readable_url(URL, None) == URL
    desk.put(b"newer")
    with pytest.raises(StoredFileNotFound):
        desk.presign.readable_url(URL, None)


def test_the_same_bytes_posted_anew_take_the_new_findability(desk: Desk) -> None:
    desk.authorize(b"text")
    desk.put(b"text")
    desk.settled()
    desk.authorize(b"text", findability="private")

    desk.put(b"text")

    file = desk.settled()
    assert file is not None
    assert file.held is not None
    assert file.held.findability is Findability.PRIVATE


def test_a_file_whose_time_is_over_is_looked_at_once(desk: Desk) -> None:
    desk.authorize(b"text", findability="private")
    desk.put(b"text")
    desk.clock.turn(OVER)

    for _ in range(3):
        desk.presign.readable_url(URL, DEPOSITOR)

    assert desk.objects.asked == 1


def test_strangers_cannot_make_the_store_be_asked_about_private_files(desk: Desk) -> None:
    desk.authorize(b"text", findability="private")

    for url in (URL, f"{PLACE}/alice/ds/unknown"):
        with pytest.raises(StoredFileNotFound):
            desk.presign.readable_url(url, None)

    assert desk.objects.asked == 0


def test_promises_that_were_kept_by_nobody_make_room_when_it_is_needed(desk: Desk) -> None:
    desk.authorize(HALF, "a")
    with pytest.raises(StorageLimitReached):
        desk.authorize(HALF, "b")

    desk.clock.turn(OVER)
    desk.authorize(HALF, "b")

    assert desk.file("alice/ds/a") is None
    assert desk.file("alice/ds/b") is not None


def test_the_task_settles_all_that_is_over_after_the_forms_expiry(desk: Desk) -> None:
    for name in ("a", "b"):
        desk.authorize(b"text", name)
    desk.put(b"text", "alice/ds/a")
    assert claimed(desk) is None

    desk.clock.turn(OVER + timedelta(minutes=20))
    task = claimed(desk)
    assert task is not None
    desk.settler.run(RunningTask(desk.database, desk.clock, task, timedelta(minutes=1)))

    file = desk.file("alice/ds/a")
    assert file is not None
    assert (file.state, file.is_final) == (StoredFileState.SETTLED, True)
    assert desk.file("alice/ds/b") is None
    assert claimed(desk) is None


def claimed(desk: Desk) -> Claimed | None:
    at = desk.clock()
    until = at + timedelta(minutes=1)
    return desk.database.write(lambda tx: tx.outbox.claim(Lane.SHORT, "0" * 32, at, until))


def test_flows_are_kept_in_their_order_and_the_dataset_stays(desk: Desk) -> None:
    for flow, dataset in (("f1", "ds"), ("f2", "ds"), ("f1", "ds")):
        desk.authorize(b"text", flow_id=flow, dataset=dataset)

    file = desk.file()
    assert file is not None
    assert file.flow_ids == ("f2", "f1")
    assert (file.dataset_id, file.created_at) == ("ds", START)


def test_what_changed_meanwhile_is_left_as_it_is_now(desk: Desk) -> None:
    desk.authorize(b"text")
    seen = desk.file()
    assert seen is not None
    desk.authorize(b"newer")
    desk.put(b"text")

    found = desk.settler.settle(seen)

    assert found is not None
    assert found.wanted == a_version(b"newer")
    assert found == desk.file()


def test_a_form_that_a_newer_one_has_replaced_is_refused(desk: Desk) -> None:
    posts = PostService(desk.database, desk.objects, desk.objects, desk.presign, desk.settler)
    older = desk.authorize(b"text").form
    desk.authorize(b"newer")

    with pytest.raises(PostRefused):
        posts.take(older.fields, [b"text"])

    assert desk.objects.head(KEY) is None


def test_a_form_of_a_file_that_nobody_authorised_is_refused(desk: Desk) -> None:
    posts = PostService(desk.database, desk.objects, desk.objects, desk.presign, desk.settler)
    terms = PostTerms(
        key=KEY, size_bytes=4, md5=a_version(b"text").md5, media_type="a/b", is_public=False
    )

    with pytest.raises(PostRefused):
        posts.take(desk.objects.form(terms, FORM_LIFETIME).fields, [b"text"])

    assert desk.objects.head(KEY) is None
