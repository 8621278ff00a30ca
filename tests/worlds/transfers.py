"""A store with something of everything, exported, imported and compared."""

import random
from collections.abc import Mapping
from pathlib import Path

from builders.papers import a_tarball
from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.named_objects import NamedObjects
from filemanager.domain.ids import Plain, WorkspaceId
from filemanager.services.rawstore.authorizing import Publishing
from filemanager.services.upkeep.transfer.raw_files import RawFiles
from filemanager.services.upkeep.transfer.transfer import Transfer, Transferred
from filemanager.services.upkeep.watching import Problem
from filemanager.storage.named.directory import DirectoryNamedObjects
from filemanager.storage.trees.export import ExportDirectory
from worlds.stored import ALICE, Heard, World

PASSING = {"a.txt": random.Random(1).randbytes(3000), "kept.txt": b"kept"}  # repeatable, not secret
FILES = {
    "a.txt": b"Text. " * 200,
    "anc/b.txt": b"ancillary",
    "kept.txt": b"kept",
    "d/\u00e9.bin": bytes(range(256)),
}
LARGE = bytes(3 << 20)


def fill(world: World) -> None:
    """Living, removed, pinned and ended files; small and large ones, and soon a sparse pack."""
    workspace = world.create()
    for files in (PASSING, FILES):
        world.send(workspace, "all.tar.gz", a_tarball(files), unpack=True)
    world.checkpoints.create(ALICE, workspace)
    world.upload(workspace, {"large.bin": LARGE, "a.txt": b"new"})
    world.delete_file(workspace, "large.bin")
    world.delete(world.create())


def export(
    world: World, directory: Path, raw: NamedObjects | None = None
) -> tuple[Transferred, list[Problem]]:
    transfer, problems = _transfer(world, directory, raw)
    return transfer.write_export(), problems


def bring(
    directory: Path, world: World, raw: NamedObjects | None = None
) -> tuple[Transferred, list[Problem]]:
    transfer, problems = _transfer(world, directory, raw)
    return transfer.read_export(), problems


def _transfer(
    world: World, directory: Path, raw: NamedObjects | None
) -> tuple[Transfer, list[Problem]]:
    heard, files = Heard(), ExportDirectory(directory, world.clock)
    kept = RawFiles(raw or raw_objects(world), Publishing())
    return Transfer(world.database, world.blobs, kept, files, heard), heard.problems


def raw_objects(world: World, bucket: str = "rawstore") -> DirectoryNamedObjects:
    """The raw files of a world, in its directory."""
    directory = world.directory / bucket
    directory.mkdir(exist_ok=True)
    return DirectoryNamedObjects(directory, bucket, "/rawstore/objects", world.clock)


def rows(world: World) -> dict[str, list[Mapping[str, Plain]]]:
    with world.database.read() as tx:
        return {table: list(tx.rows.of(table)) for table in tx.rows.tables()}


def places(world: World) -> list[StoredBlob]:
    with world.database.read() as tx:
        return list(tx.blobs.by_object())


def assert_same(old: World, new: World) -> None:
    """The rows, the files, the archive to the byte, and what a checkpoint holds."""
    assert rows(new) == rows(old)
    assert places(new) == places(old)
    workspace = WorkspaceId(1)
    assert new.files(workspace) == old.files(workspace)
    assert new.archive(workspace) == old.archive(workspace)
    assert new.problems() == []
    (checkpoint,) = new.checkpoints.of(workspace)
    new.checkpoints.restore(ALICE, workspace, checkpoint)
    assert new.files(workspace) == FILES
