"""A bucket in a world on SQLite and memory, with a clock that tests turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.bucket.replication import ReplicaPattern
from filemanager.domain.caller import Caller
from filemanager.domain.intake.budget import Limits
from filemanager.domain.jobs.job import Claimed
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.tree import TreePath
from filemanager.services.bucket.export import BucketExport
from filemanager.services.bucket.keeping import BucketService, Dropped
from filemanager.services.bucket.reading import BucketReader
from filemanager.services.bucket.stages import SentFile, checksum_of
from filemanager.services.bucket.terms import Terms
from filemanager.services.bucket.upkeep import BucketUpkeep
from filemanager.services.committing import Committer
from filemanager.services.facts import FactService
from filemanager.storage.media_types import guess
from filemanager.storage.scratch.space import DiskScratchSpace
from filemanager.storage.trees.links import DirectoryLinkTree
from worlds.stored import ALICE, World

PATTERN = ReplicaPattern.parse("user/${Username}", is_upper=False)
BOB = {"username": "bob"}


def terms(**chosen: Any) -> Terms:
    usual = {"algorithm": "md5", "limits": Limits(), "patterns": (PATTERN,)}
    return Terms(**{**usual, **chosen})


@dataclass(slots=True)
class Bucket:
    world: World
    terms: Terms = field(default_factory=terms)

    def send(
        self,
        files: Mapping[str, bytes],
        labels: Mapping[str, str] | None = None,
        caller: Caller | None = ALICE,
    ) -> Sequence[Dropped]:
        world = self.world
        committer = Committer(world.database, world.blobs, world.clock)
        service = BucketService(
            database=world.database,
            committer=committer,
            unpacker=ArchiveUnpacker(),
            terms=self.terms,
            clock=world.clock,
        )
        with DiskScratchSpace(world.directory, 1 << 30).open() as scratch:
            contents = {name: scratch.write(data) for name, data in files.items()}
            sent = [
                SentFile(TreePath(name), content, checksum_of(content, self.terms.algorithm))
                for name, content in contents.items()
            ]
            return service.receive(caller, sent, labels or {}, scratch)

    @property
    def reader(self) -> BucketReader:
        world = self.world
        facts = FactService(world.database, world.blobs, guess)
        return BucketReader(world.database, world.blobs, facts.media_type, self.terms, world.clock)

    @property
    def upkeep(self) -> BucketUpkeep:
        return BucketUpkeep(self.world.database, self.world.blobs, self.terms, self.world.clock)

    def export(self, directory: Path) -> BucketExport:
        tree = DirectoryLinkTree(directory)
        return BucketExport(
            self.world.database, self.world.blobs, tree, self.terms.algorithm, self.world.clock
        )

    def names(self) -> list[str]:
        return [str(drop.path) for drop, _ in self.reader.page(None, 100).drops]


class RunByHand:
    """A task that a test runs; it counts how often it was settled."""

    def __init__(self) -> None:
        self.settled = 0

    @property
    def claimed(self) -> Claimed:
        return Claimed(id=1, kind="", payload={}, claim="", generation=1, attempts=1)

    @property
    def is_settled(self) -> bool:
        return self.settled > 0

    def report(self, progress: int, doing: str) -> None:
        """Nobody looks."""

    def postpone(self, until: datetime) -> None:
        """Nobody waits."""

    def settle(self, tx: Transaction, result: Mapping[str, object] | None = None) -> None:
        del tx, result
        self.settled += 1
