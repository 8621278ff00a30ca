"""Owners who post the same bytes at the same moment, on every database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from builders.raw_files import a_version
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Owner
from filemanager.domain.rawstore.path_pattern import PathPattern, own_key
from filemanager.domain.rawstore.stored_file import (
    FORM_LIFETIME,
    POST_TIME,
    Deposit,
    DepositedFile,
    Depositor,
    Findability,
    StorageLimits,
)
from filemanager.services.rawstore.authorizing import Publishing, RawstoreService
from filemanager.services.rawstore.posting import PostService
from filemanager.services.rawstore.reading import PresignService
from filemanager.services.rawstore.settling import Settler
from filemanager.storage.named.directory import DirectoryNamedObjects
from worlds.stored import TurnedClock

DATA = b"text"
OVER = FORM_LIFETIME + POST_TIME + timedelta(seconds=1)
KEY = a_version(DATA).md5
OWNERS = [Owner(f"datahub:{number}") for number in range(6)]
WISH = DepositedFile(path="f", size_bytes=4, md5=KEY, media_type="text/plain", name="f")


@dataclass
class Door:
    database: SqlDatabase
    objects: DirectoryNamedObjects
    clock: TurnedClock

    @property
    def settler(self) -> Settler:
        return Settler(self.database, self.objects, self.clock, shares=True)

    def push(self, owner: Owner, findability: Findability = Findability.PUBLISHED) -> str:
        """Returns the key that the form named."""
        service = RawstoreService(
            database=self.database,
            objects=self.objects,
            forms=self.objects,
            pattern=PathPattern("{md5_hex}"),
            publishing=Publishing(),
            settler=self.settler,
            clock=self.clock,
        )
        deposit = Deposit(owner=owner, findability=findability, files=(WISH,))
        (made,) = service.authorize(Depositor(owner, owner, StorageLimits(1, 1)), deposit)
        presign = PresignService(self.database, self.objects, Publishing(), self.settler)
        posts = PostService(self.database, self.objects, self.objects, presign, self.settler)
        return posts.take(made.form.fields, [DATA]).key

    def together(self, push: Callable[[Owner], str]) -> list[str]:
        with ThreadPoolExecutor(len(OWNERS)) as pool:
            return list(pool.map(push, OWNERS))

    @property
    def stored(self) -> set[str]:
        return {one.key for one in self.objects.listing("")}


@pytest.fixture
def door(database: SqlDatabase, tmp_path: Path) -> Door:
    clock = TurnedClock()
    directory = tmp_path / "raw"
    directory.mkdir()
    return Door(database, DirectoryNamedObjects(directory, "rawstore", "/o", clock), clock)


def test_one_has_the_key_and_all_lie_at_it_in_the_end(door: Door) -> None:
    keys = door.together(door.push)

    assert len(set(keys)) == len(OWNERS)
    assert keys.count(KEY) == 1
    door.clock.turn(OVER)
    door.settler.settle_due()
    assert door.stored == {KEY}


def test_the_object_goes_when_all_leave_at_once(door: Door) -> None:
    for owner in (*OWNERS, *OWNERS):
        door.push(owner)
    assert door.stored == {KEY}

    door.together(lambda owner: door.push(owner, Findability.PRIVATE))

    door.clock.turn(OVER)
    door.settler.settle_due()
    assert door.stored == {own_key(KEY, owner) for owner in OWNERS}
