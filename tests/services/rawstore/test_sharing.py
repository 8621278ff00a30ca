"""Owners who post the same bytes to a store that compares no digests, as S3 is."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from builders.raw_files import ALICE, BOB, a_version
from filemanager.db.database import SqlDatabase
from filemanager.domain.blobs.named_objects import NamedObject
from filemanager.domain.caller import Owner
from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.rawstore.path_pattern import PathPattern, own_key
from filemanager.domain.rawstore.stored_file import (
    FORM_LIFETIME,
    POST_TIME,
    Deposit,
    DepositedFile,
    Depositor,
    Findability,
    StorageLimits,
    StoredFile,
    StoredFileState,
)
from filemanager.services.rawstore.authorizing import Authorized, Publishing, RawstoreService
from filemanager.services.rawstore.reading import PresignService
from filemanager.services.rawstore.settling import Settler
from filemanager.storage.named.directory import DirectoryNamedObjects
from worlds.stored import TurnedClock

OVER = FORM_LIFETIME + POST_TIME + timedelta(seconds=1)
PLACE = "/rawstore/objects"
DATA = b"text"
KEY = f"{a_version(DATA).md5}.csv"
OF_BOB = own_key(KEY, BOB)
OF_ALICE = own_key(KEY, ALICE)


class LikeS3(DirectoryNamedObjects):
    """Takes whatever has the length. With *etag* set, its ETags are that; a call may be the last
    before the store, or we, are gone.
    """

    refuses_other_bytes = False
    etag = ""
    calls_left = -1

    def head(self, key: str) -> NamedObject | None:
        self._called()
        found = super().head(key)
        return replace(found, etag=self.etag) if found is not None and self.etag else found

    def delete(self, key: str) -> None:
        self._called()
        super().delete(key)

    def _called(self) -> None:
        if self.calls_left == 0:
            raise StoreUnavailable
        self.calls_left -= 1


@dataclass
class Desk:
    clock: TurnedClock
    database: SqlDatabase
    objects: LikeS3
    limits: StorageLimits
    settler: Settler = field(init=False)
    service: RawstoreService = field(init=False)
    presign: PresignService = field(init=False)

    def __post_init__(self) -> None:
        self.settler = Settler(self.database, self.objects, self.clock, shares=True)
        self.presign = PresignService(self.database, self.objects, Publishing(), self.settler)
        self.service = RawstoreService(
            database=self.database,
            objects=self.objects,
            forms=self.objects,
            pattern=PathPattern("{md5_hex}{extension}"),
            publishing=Publishing(),
            settler=self.settler,
            clock=self.clock,
        )

    def authorize(
        self, owner: Owner, findability: str = "published", data: bytes = DATA
    ) -> Authorized:
        wish = DepositedFile(
            path="f.csv",
            size_bytes=len(data),
            md5=a_version(data).md5,
            media_type="text/plain",
            name="f",
        )
        user = owner.partition(":")[2]
        deposit = Deposit(owner=user, findability=Findability(findability), files=(wish,))
        return self.service.authorize(Depositor(owner, user, self.limits), deposit)[0]

    def push(self, owner: Owner, data: bytes = DATA, findability: str = "published") -> str:
        """Returns the key at which it was posted."""
        key = self.authorize(owner, findability, data).form.fields["key"]
        self.objects.put(key, [data], "text/plain")
        self.settle(key)
        return key

    def settle(self, key: str) -> StoredFile:
        found = self.settler.settle(self.file(key))
        assert found is not None
        return found

    def file(self, key: str) -> StoredFile:
        with self.database.read() as tx:
            return tx.stored_files.find("rawstore", [key])[key]

    @property
    def stored(self) -> dict[str, bytes]:
        listed = self.objects.listing("")
        return {one.key: b"".join(self.objects.read(one.key)) for one in listed}

    def finish(self) -> None:
        self.clock.turn(OVER)
        self.settler.settle_due()


@pytest.fixture
def desk(tmp_path: Path, migrated_file: Path) -> Iterator[Desk]:
    shutil.copy(migrated_file, tmp_path / "filemanager.db")
    clock = TurnedClock()
    objects = LikeS3(tmp_path, "rawstore", PLACE, clock)
    with closing(SqlDatabase(f"sqlite:///{tmp_path / 'filemanager.db'}")) as database:
        yield Desk(clock, database, objects, StorageLimits(1, 1))


def test_nothing_is_shared_while_somebody_could_post_over_it(desk: Desk) -> None:
    assert desk.push(ALICE) == KEY
    assert desk.push(BOB) == OF_BOB

    desk.objects.put(KEY, [b"evil"], "text/plain")

    assert desk.settle(KEY).state is StoredFileState.CHANGED
    assert desk.settle(OF_BOB).state is StoredFileState.SETTLED
    desk.finish()
    assert desk.stored == {KEY: b"evil", OF_BOB: DATA}


def test_once_nobody_can_both_lie_at_one_object(desk: Desk) -> None:
    desk.push(ALICE)
    desk.push(BOB)

    desk.finish()

    assert desk.stored == {KEY: DATA}
    shared = desk.file(OF_BOB)
    assert (shared.place, shared.owner, shared.state) == (KEY, BOB, StoredFileState.SETTLED)
    assert shared.is_final
    assert desk.file(KEY).counted_bytes == shared.counted_bytes == len(DATA)
    assert desk.presign.readable_url(f"{PLACE}/{OF_BOB}", None) == f"{PLACE}/{KEY}"


def test_who_comes_first_may_be_the_last_to_post(desk: Desk) -> None:
    desk.authorize(ALICE)
    desk.push(BOB)
    desk.clock.turn(timedelta(minutes=50))
    desk.push(ALICE)

    desk.clock.turn(OVER - timedelta(minutes=50))
    desk.settler.settle_due()
    assert desk.stored == {KEY: DATA, OF_BOB: DATA}
    desk.finish()

    assert desk.stored == {KEY: DATA}


def test_all_who_posted_before_the_first_share_with_him(desk: Desk) -> None:
    desk.objects.refuses_other_bytes = True
    key = desk.authorize(ALICE).form.fields["key"]
    others = [Owner(f"datahub:{number}") for number in range(3)]
    for owner in others:
        desk.push(owner)
    assert len(desk.stored) == 3

    desk.objects.put(key, [DATA], "text/plain")
    desk.settle(key)

    assert desk.stored == {KEY: DATA}
    assert {desk.file(own_key(KEY, owner)).place for owner in others} == {KEY}


def test_what_a_pattern_of_before_let_be_shared_is_still_left(desk: Desk) -> None:
    desk.push(ALICE)
    desk.push(BOB)
    desk.finish()
    desk.authorize(BOB)
    desk.objects.put(OF_BOB, [DATA], "text/plain")

    Settler(desk.database, desk.objects, desk.clock).settle(desk.file(OF_BOB))

    assert desk.stored == {KEY: DATA}


def test_a_shared_key_is_signed_for_nobody(desk: Desk) -> None:
    desk.push(ALICE)
    desk.push(BOB)
    desk.finish()

    again = desk.authorize(ALICE)

    assert (again.form.fields["key"], again.exists) == (OF_ALICE, True)
    desk.objects.put(OF_ALICE, [b"evil"], "text/plain")
    assert desk.settle(OF_ALICE).state is StoredFileState.CHANGED
    assert desk.stored == {KEY: DATA, OF_ALICE: b"evil"}
    assert desk.presign.readable_url(f"{PLACE}/{KEY}", None) == f"{PLACE}/{KEY}"


@pytest.mark.parametrize(("size", "objects"), [(16 << 20, 1), ((16 << 20) + 1, 2)])
def test_the_task_alone_compares_what_is_large(desk: Desk, size: int, objects: int) -> None:
    data = bytes(size)
    desk.limits = StorageLimits(1000, 1000)
    desk.objects.refuses_other_bytes = True
    desk.push(ALICE, data)
    desk.push(BOB, data)
    assert len(desk.stored) == objects

    desk.finish()

    assert len(desk.stored) == 1


def test_bytes_of_one_md5_that_are_not_equal_stay_apart(desk: Desk) -> None:
    desk.objects.etag = a_version(DATA).md5
    desk.push(ALICE)
    desk.authorize(BOB)
    desk.objects.put(OF_BOB, [b"TEXT"], "text/plain")

    desk.finish()

    assert desk.stored == {KEY: DATA, OF_BOB: b"TEXT"}


def test_a_file_that_was_never_posted_keeps_no_key(desk: Desk) -> None:
    desk.authorize(ALICE)
    desk.push(BOB)
    desk.finish()

    carol = Owner("datahub:carol")

    assert desk.authorize(carol).form.fields["key"] == KEY
    assert desk.authorize(BOB).form.fields["key"] == OF_BOB
    assert desk.authorize(BOB).exists


def test_what_is_asked_for_again_right_after_a_post_exists(desk: Desk) -> None:
    key = desk.authorize(ALICE).form.fields["key"]
    desk.objects.put(key, [DATA], "text/plain")

    assert desk.authorize(ALICE).exists


def test_what_was_posted_over_does_not_exist(desk: Desk) -> None:
    key = desk.push(ALICE)
    desk.objects.put(key, [b"evil"], "text/plain")

    assert not desk.authorize(ALICE).exists


def test_without_the_store_it_is_not_known_to_exist(desk: Desk) -> None:
    key = desk.authorize(ALICE).form.fields["key"]
    desk.objects.put(key, [DATA], "text/plain")
    desk.objects.calls_left = 0

    assert not desk.authorize(ALICE).exists


def test_a_store_that_was_silent_is_asked_again_after_a_while(desk: Desk) -> None:
    key = desk.authorize(ALICE).form.fields["key"]
    desk.objects.put(key, [DATA], "text/plain")
    desk.objects.calls_left = 0
    desk.authorize(ALICE)
    desk.objects.calls_left = -1

    at_once = desk.authorize(ALICE).exists
    desk.clock.turn(timedelta(seconds=10))

    assert (at_once, desk.authorize(ALICE).exists) == (False, True)


def test_for_another_circle_of_readers_it_must_be_posted_again(desk: Desk) -> None:
    desk.push(ALICE, findability="private")
    desk.push(BOB)

    assert desk.authorize(ALICE, "private").exists
    assert not desk.authorize(BOB, "private").exists


def both_private(desk: Desk) -> None:
    for owner in (ALICE, BOB):
        desk.authorize(owner, "private")
        desk.objects.put(own_key(KEY, owner), [DATA], "text/plain")


def nothing(desk: Desk) -> None:
    del desk


@pytest.mark.parametrize("calls", range(24))
@pytest.mark.parametrize(
    ("then", "left"),
    [(nothing, {KEY}), (both_private, {OF_ALICE, OF_BOB})],
    ids=["sharing", "leaving"],
)
def test_wherever_it_is_cut_off_the_next_look_ends_it(
    desk: Desk, calls: int, then: Callable[[Desk], None], left: set[str]
) -> None:
    desk.push(ALICE)
    desk.push(BOB)
    if then is both_private:
        desk.finish()
        desk.authorize(ALICE)
    then(desk)
    desk.clock.turn(OVER)
    desk.objects.calls_left = calls

    try:
        desk.settler.settle_due()
    except StoreUnavailable:
        assert all(data == DATA for data in desk.stored.values())
        desk.objects.calls_left = -1
        desk.settler.settle_due()

    assert desk.stored == dict.fromkeys(left, DATA)
