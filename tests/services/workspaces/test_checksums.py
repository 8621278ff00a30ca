"""Checksums over the life of a workspace: what stays as it was told, and what asking costs."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, update

from builders.papers import a_tarball
from filemanager.db.database import SqlDatabase
from filemanager.db.trees.tables import tree_buckets, trees
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.trees.checksums import Buckets, ChecksumForm, checksum_of
from filemanager.services.workspaces.life import WorkspaceService
from worlds.stored import ALICE, ROOM, World

MANY = 300


def service(world: World) -> WorkspaceService:
    return WorkspaceService(world.database, ROOM, world.clock)


def told(world: World, workspace: WorkspaceId) -> tuple[str | None, ChecksumForm]:
    tree = service(world).named(service(world).get(workspace)).tree
    return tree.checksum, tree.checksum_form


def filled(world: World, count: int) -> WorkspaceId:
    workspace = world.create()
    files = {f"f{number}.txt": b"%d" % (number % 5) for number in range(count)}
    world.send(workspace, "all.tar.gz", a_tarball(files), unpack=True)
    return workspace


def of_the_form_before(world: World) -> WorkspaceId:
    """A workspace as an earlier version left it, and a checkpoint of its content."""
    workspace = filled(world, 3)
    tree = service(world).get(workspace).tree
    with world.database.read() as tx:
        names = [
            (entry.public_path, entry.digest) for entry in tx.trees.entries(tree.id, tree.revision)
        ]
    old = checksum_of(names, ChecksumForm.LINES)
    lines = {"checksum": old, "checksum_form": ChecksumForm.LINES}
    world.tamper(update(trees).where(trees.c.id == tree.id).values(lines))
    world.checkpoints.create(ALICE, workspace)
    return workspace


def test_a_checksum_of_the_form_before_stays_until_the_next_change(world: World) -> None:
    workspace = of_the_form_before(world)
    before = told(world, workspace)

    service(world).lock(ALICE, workspace)
    locked = told(world, workspace)
    service(world).unlock(ALICE, workspace)
    world.upload(workspace, {"new.txt": b"new"})

    assert before[1] is ChecksumForm.LINES
    assert locked == before
    assert told(world, workspace)[1] is ChecksumForm.BUCKETS


def test_a_checkpoint_is_found_by_the_checksum_it_was_given_and_brings_it_back(
    world: World,
) -> None:
    workspace = of_the_form_before(world)
    before = told(world, workspace)
    world.upload(workspace, {"new.txt": b"new"})

    found = world.checkpoints.find_by_checksum(workspace, before[0] or "")
    world.checkpoints.restore(ALICE, workspace, found)

    assert (found.checksum, found.checksum_form) == before
    assert told(world, workspace) == before
    assert world.fsck()[1] == []


def test_equal_contents_have_equal_checksums_however_they_came_to_be(world: World) -> None:
    whole, grown = filled(world, MANY), filled(world, MANY - 1)
    told(world, grown)
    last = MANY - 1
    world.upload(grown, {f"f{last}.txt": b"%d" % (last % 5)})

    assert told(world, whole) == told(world, grown)


def test_buckets_that_the_entries_do_not_make_are_found(world: World) -> None:
    workspace = filled(world, MANY)
    told(world, workspace)
    assert world.fsck()[1] == []

    world.tamper(update(tree_buckets).values(digests=Buckets.of([]).digests))

    assert [(problem.code, problem.subject) for problem in world.fsck()[1]] == [
        ("tree_total", str(workspace))
    ]


@contextmanager
def instructions(database: SqlDatabase) -> Iterator[Counter[str]]:
    """How many SQLite runs meanwhile: the same at each run, unlike seconds."""
    ran = Counter[str]()

    def count() -> int:
        ran["all"] += 1
        return 0

    def watch(connection: Any, *_: object) -> None:
        connection.set_progress_handler(count, 1)

    engines = (database._engines.reading, database._engines.writing)
    for engine in engines:
        event.listen(engine, "checkout", watch)
    yield ran
    for engine in engines:
        event.remove(engine, "checkout", watch)


def asked_after_a_change(world: World, count: int) -> int:
    workspace = filled(world, count)
    told(world, workspace)
    world.upload(workspace, {"added.txt": b"added"})
    assert isinstance(world.database, SqlDatabase)
    with instructions(world.database) as ran:
        told(world, workspace)
    return ran["all"]


def checkpointed_after_a_change(world: World, count: int) -> int:
    workspace = filled(world, count)
    told(world, workspace)
    world.upload(workspace, {"added.txt": b"added"})
    assert isinstance(world.database, SqlDatabase)
    with instructions(world.database) as ran:
        world.checkpoints.create(ALICE, workspace)
    return ran["all"]


@pytest.mark.parametrize("work", [asked_after_a_change, checkpointed_after_a_change])
def test_right_after_a_change_nothing_grows_with_the_files(
    worlds: Iterator[World], work: Any
) -> None:
    few, more, many = (work(next(worlds), times * MANY) for times in (1, 2, 3))

    # One bucket of 256: two or three lines more at three times the files.
    assert max(more, many) < 1.5 * few
