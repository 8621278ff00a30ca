"""Data packages in a world on SQLite and memory, with sources in memory, and who curates them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from builders.memory_sources import MemoryBucket, MemorySources
from builders.source_values import BUCKET
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.ids import Digest
from filemanager.domain.jobs.job import Job, Lane
from filemanager.domain.packages.changes import PackageLimits
from filemanager.domain.packages.data_package import (
    DataPackage,
    DataPackageId,
    Description,
    Item,
    PackageEdition,
)
from filemanager.domain.packages.hashing import Hashing
from filemanager.domain.packages.pointer import Pointer
from filemanager.domain.ports import Transaction
from filemanager.domain.sources.source import Source
from filemanager.jobs.worker import Habits, Worker
from filemanager.services.committing import Committer
from filemanager.services.facts import FactService
from filemanager.services.jobs import Handler, JobService
from filemanager.services.packages.adding import AddService, AddWish, WantedKey
from filemanager.services.packages.checkpointing import CheckpointedPackages
from filemanager.services.packages.editing import ItemEditor
from filemanager.services.packages.freezing import FreezeService, FreezeWish
from filemanager.services.packages.hashing import HashService
from filemanager.services.packages.importing import ImportService
from filemanager.services.packages.keeping import PackageKeeper
from filemanager.services.packages.pointing import (
    ObjectWish,
    PointerService,
    PointerTools,
    UrlWish,
    WorkspaceFileWish,
)
from filemanager.services.packages.putting import Added
from filemanager.services.packages.tasks import ADD, FREEZE, HASH
from filemanager.services.packages.texts import PutTexts, SentText, TextService
from filemanager.storage.hashing import HashlibHashing
from filemanager.storage.media_types import guess
from filemanager.storage.scratch.space import DiskScratchSpace
from worlds.stored import World

CURATOR = Caller(
    issuer="test",
    subject="1",
    name="alice",
    granted=frozenset(
        {
            GrantedScope(Scope.PACKAGE_READ),
            GrantedScope(Scope.PACKAGE_WRITE),
            GrantedScope(Scope.READ),
            GrantedScope(Scope.READ_CHECKPOINTS),
            GrantedScope(Scope.UPDATE),
        }
    ),
)
STRANGER = Caller(issuer="test", subject="2", name="bob", granted=CURATOR.granted)
SOURCE = "lab"
HOST = "files.test"


@dataclass(slots=True)
class Study:
    """What curators do; ``work`` does what workers would. Objects lie in one source, ``lab``."""

    world: World
    limits: PackageLimits = field(default_factory=PackageLimits)
    hashing: Hashing = field(default_factory=HashlibHashing)
    range_bytes: int = 1 << 20
    sources: MemorySources = field(default_factory=MemorySources)

    @property
    def bucket(self) -> MemoryBucket:
        return self.sources.bucket(SOURCE)

    def connect(self, name: str = SOURCE, *readers: str) -> Source:
        """A source that *readers* may read, alice without any."""
        at = self.world.clock()
        may = readers or (CURATOR.owner,)
        return self.world.database.write(lambda tx: tx.sources.add(name, BUCKET, may, at))

    def lock_out(self, name: str = SOURCE) -> None:
        """Nobody reads it any more."""

        def work(tx: Transaction) -> None:
            tx.sources.save(replace(tx.sources.lock(name), readers=frozenset()))

        self.world.database.write(work)

    def create(self, name: str = "study", caller: Caller = CURATOR) -> DataPackage:
        return self.keeper.create(caller, Description(name=name))

    def get(self, package_id: DataPackageId) -> DataPackage:
        return self.keeper.get(CURATOR, package_id)

    def rename(self, package_id: DataPackageId, name: str = "renamed") -> DataPackage:
        return self.keeper.describe(CURATOR, package_id, lambda said: replace(said, name=name))

    def object(self, key: str, data: bytes = b"bytes") -> None:
        """As somebody puts it into the source, below its prefix."""
        self.bucket.put(f"{BUCKET.prefix}{key}", data)

    def text(
        self, package_id: DataPackageId, path: str, data: bytes = b"text", caller: Caller = CURATOR
    ) -> DataPackage:
        with DiskScratchSpace(self.world.directory, 1 << 30).open() as scratch:
            asked = PutTexts(texts=[SentText(path, scratch.write(data))])
            return self.texts.put(caller, package_id, asked)

    def point(
        self,
        package_id: DataPackageId,
        path: str,
        wish: ObjectWish | UrlWish | WorkspaceFileWish | None = None,
        caller: Caller = CURATOR,
    ) -> Item:
        """To the object whose key is *path*, without a wish."""
        wished = wish or ObjectWish(source=SOURCE, key=path)
        return self.pointing.put(caller, package_id, path, wished)

    def add(
        self, package_id: DataPackageId, prefix: str | None = None, *keys: str, to: str = ""
    ) -> Added | Job:
        wanted = [WantedKey(key=key) for key in keys]
        wish = AddWish(source=SOURCE, prefix=prefix, keys=wanted, to=to)
        return self.adding.add(CURATOR, package_id, wish)

    def freeze(
        self, package_id: DataPackageId, name: str = "", *, is_partial: bool = False
    ) -> PackageEdition | Job:
        wish = FreezeWish(name=name, is_partial=is_partial)
        return self.freezing.freeze(CURATOR, package_id, wish)

    def frozen(self, package_id: DataPackageId, *, is_partial: bool = False) -> PackageEdition:
        """What is a version at once."""
        made = self.freeze(package_id, is_partial=is_partial)
        assert isinstance(made, PackageEdition), made
        return made

    def edition(self, package_id: DataPackageId, number: int | None = None) -> PackageEdition:
        with self.world.database.read() as tx:
            return tx.packages.edition(package_id, number)

    def items(self, edition: PackageEdition) -> Sequence[Item]:
        with self.world.database.read() as tx:
            return tx.packages.items(edition, None, 1000)

    def paths(self, package_id: DataPackageId) -> list[str]:
        return [str(item.path) for item in self.items(self.edition(package_id))]

    def known(self, edition: PackageEdition) -> dict[str, Digest | None]:
        return {str(item.path): item.sha256 for item in self.items(edition)}

    def work(self) -> int:
        """Do what is due; how many tasks that were."""
        return self._work_in(*Lane)

    def run_short_of_hashing(self) -> int:
        """``work``, while nobody reads the source."""
        return self._work_in(Lane.SHORT, Lane.LONG)

    def _work_in(self, *lanes: Lane) -> int:
        habits = Habits(lease=timedelta(minutes=1), clock=self.world.clock, jitter=lambda: 0.0)
        workers = [Worker(self.world.database, self.handlers, lane, habits) for lane in lanes]
        done = 0
        while any(worker.run_next() for worker in workers):
            done += 1
        return done

    def job(self, job: Job) -> Job:
        """As it is by now."""
        return self.jobs.get(CURATOR, job.id)

    @property
    def handlers(self) -> dict[str, Handler]:
        return {
            ADD: self.adding.run,
            FREEZE: self.freezing.run,
            HASH: self.hashes.run,
        }

    @property
    def jobs(self) -> JobService:
        return JobService(self.world.database, self.world.clock)

    @property
    def keeper(self) -> PackageKeeper:
        return PackageKeeper(self.world.database, self.limits, self.world.clock)

    @property
    def texts(self) -> TextService:
        world = self.world
        committer = Committer(world.database, world.blobs, world.clock)
        return TextService(world.database, world.blobs, committer, self.limits, world.clock)

    @property
    def pointing(self) -> PointerService:
        return PointerService(self.tools)

    @property
    def adding(self) -> AddService:
        return AddService(self.tools, self.jobs)

    @property
    def importing(self) -> ImportService:
        return ImportService(self.tools)

    @property
    def editor(self) -> ItemEditor:
        return ItemEditor(self.world.database, self.limits, self.world.clock)

    @property
    def checkpointed(self) -> CheckpointedPackages:
        facts = self.tools.facts
        return CheckpointedPackages(
            self.world.database, self.keeper, self.freezing, facts, self.limits
        )

    @property
    def tools(self) -> PointerTools:
        world = self.world
        return PointerTools(
            database=world.database,
            sources=self.sources,
            facts=FactService(world.database, world.blobs, guess),
            hosts={HOST},
            limits=self.limits,
            clock=world.clock,
        )

    @property
    def hashes(self) -> HashService:
        world = self.world
        return HashService(
            world.database, self.sources, self.hashing, world.clock, self.range_bytes
        )

    @property
    def freezing(self) -> FreezeService:
        return FreezeService(self.world.database, self.jobs, self.limits, self.world.clock)


def pointer_of(item: Item) -> Pointer:
    assert isinstance(item.behind, Pointer), item
    return item.behind
