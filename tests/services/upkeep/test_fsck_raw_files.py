"""What fsck says of raw files, shared ones too."""

from dataclasses import replace

import pytest

from builders.raw_files import ALICE, BOB, a_file, a_settled_file
from filemanager.domain.ports import Transaction
from filemanager.services.upkeep.fsck.fsck import Fsck
from filemanager.storage.named.directory import DirectoryNamedObjects
from worlds.stored import Heard, World
from worlds.transfers import raw_objects


@pytest.fixture
def objects(world: World) -> DirectoryNamedObjects:
    """A file of Alice's at which one of Bob's lies, and one that awaits its post."""
    made = raw_objects(world)
    made.put("a", [b"text"], "text/plain")
    shared = a_settled_file("a~0", owner=BOB, lies_at="a")

    def work(tx: Transaction) -> None:
        for owner, files in {
            ALICE: [a_settled_file("a", lies_at="a"), a_file("pending")],
            BOB: [shared, replace(shared, key="far", bucket="another")],
        }.items():
            tx.stored_files.lock(owner)
            tx.stored_files.save(files)

    world.database.write(work)
    return made


def problems(world: World, objects: DirectoryNamedObjects, *, deep: bool) -> list[tuple[str, str]]:
    heard = Heard()
    checked = Fsck(world.database, world.blobs, heard, objects).check(deep=deep)
    assert checked.problems == len(heard.problems)
    return [(problem.code, problem.subject) for problem in heard.problems]


@pytest.mark.parametrize("deep", [False, True])
def test_a_shared_object_is_clean(
    world: World, objects: DirectoryNamedObjects, *, deep: bool
) -> None:
    assert problems(world, objects, deep=deep) == []


def test_a_missing_object_is_missed_by_all_who_lie_there(
    world: World, objects: DirectoryNamedObjects
) -> None:
    objects.delete("a")

    both = [("raw_file_missing", "a"), ("raw_file_missing", "a~0")]
    assert problems(world, objects, deep=False) == both


@pytest.mark.parametrize(("data", "deep"), [(b"longer", False), (b"TEXT", True)])
def test_other_bytes_are_damage(
    world: World, objects: DirectoryNamedObjects, data: bytes, *, deep: bool
) -> None:
    objects.put("a", [data], "text/plain")

    both = [("raw_file_damaged", "a"), ("raw_file_damaged", "a~0")]
    assert problems(world, objects, deep=deep) == both
