"""Facts about blobs: worked out once, and never a reason to refuse a reader."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pytest

from builders.papers import a_tarball
from filemanager.domain.errors import DatabaseUnavailable
from filemanager.domain.ids import digest_of
from filemanager.domain.ports import Database
from filemanager.services.facts import FactService
from filemanager.services.workspaces.life import Wishes, WorkspaceService
from worlds.questions import questions
from worlds.stored import ALICE, ROOM, World, beside_rows

DATA = b"hello\n"
MD5 = hashlib.md5(DATA, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class FullDatabase:
    """Reads, and refuses every write."""

    read: Callable[..., object]

    @property
    def glance(self) -> Callable[..., object]:
        return self.read

    def write(self, _work: object) -> None:
        raise DatabaseUnavailable


@pytest.fixture
def stored(world: World) -> World:
    service = WorkspaceService(world.database, ROOM, world.clock)
    world.upload(service.create(ALICE, Wishes(profile="generic")).id, {"a.txt": DATA})
    return world


def test_an_md5_is_found_where_nothing_can_be_kept(stored: World) -> None:
    full = cast("Database", FullDatabase(stored.database.read))  # all that is called is there
    facts = FactService(full, stored.blobs, lambda _: "text/plain")

    assert facts.md5(digest_of(DATA)) == MD5
    assert facts.media_type(digest_of(DATA)) == "text/plain"
    assert facts.of([digest_of(DATA)])[digest_of(DATA)].md5 == MD5


def test_an_md5_is_kept_with_the_media_type(stored: World) -> None:
    FactService(stored.database, stored.blobs, lambda _: "text/plain").of([digest_of(DATA)])
    later = FactService(stored.database, stored.blobs, lambda _: "text/other")

    assert later.media_type(digest_of(DATA)) == "text/plain"
    assert later.md5(digest_of(DATA)) == MD5


def test_a_media_type_is_asked_for_once(stored: World) -> None:
    facts = FactService(stored.database, stored.blobs, lambda _: "text/plain")
    told = facts.media_type(digest_of(DATA))

    with questions() as asked:
        again = facts.media_type(digest_of(DATA))

    assert (again, asked) == (told, [])


@pytest.mark.parametrize("files", [20, 80])
def test_many_small_files_are_read_by_one_question(world: World, files: int) -> None:
    texts = {f"{number}.txt": b"Number %d\n" % number for number in range(files)}
    kept = beside_rows(world)
    service = WorkspaceService(kept.database, ROOM, kept.clock)
    made = service.create(ALICE, Wishes(profile="generic"))
    kept.send(made.id, "all.tar", a_tarball(texts), unpack=True)
    facts = FactService(kept.database, kept.blobs, lambda head: head.decode())

    with questions() as asked:
        found = facts.of([digest_of(text) for text in texts.values()])

    assert {one.media_type.encode() for one in found.values()} == set(texts.values())
    assert sum("small_packs" in statement for statement in asked) == 1


@pytest.mark.parametrize("files", [20, 80])
def test_small_files_that_came_one_by_one_are_read_by_one_question(
    world: World, files: int
) -> None:
    texts = {f"{number}.txt": b"Number %d\n" % number * 2000 for number in range(files)}
    kept = beside_rows(world)
    kept.upload(kept.create(), texts)
    facts = FactService(kept.database, kept.blobs, lambda head: head[:12].decode())

    with questions() as asked:
        found = facts.of([digest_of(text) for text in texts.values()])

    assert len({one.media_type for one in found.values()}) == files
    assert sum("small_packs" in statement for statement in asked) == 1
