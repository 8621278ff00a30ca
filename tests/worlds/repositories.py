"""Repositories in a world on SQLite and memory, with a clock that tests turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from filemanager.domain.blobs.blob import KeptAs
from filemanager.domain.blobs.links import BlobLinks
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.intake.budget import Limits
from filemanager.domain.jobs.job import Lane
from filemanager.domain.repositories.catalogue import Catalogue, Distribution
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.signer import Signer
from filemanager.jobs.worker import Habits, Worker
from filemanager.services.committing import Committer
from filemanager.services.jobs import Handler
from filemanager.services.repositories.collecting import SentPackage
from filemanager.services.repositories.first import FirstPublication
from filemanager.services.repositories.planning import Habit
from filemanager.services.repositories.publishing import PublishService, PublishTerms, Signers
from filemanager.services.repositories.pushing import Push, Pushed, PushService, PushTerms
from filemanager.services.repositories.reading import (
    PublishedDirectory,
    PublishedFile,
    ReadTerms,
    RepositoryReader,
)
from filemanager.services.repositories.roots import Imprint
from filemanager.services.repositories.tasks import PUBLISH, Announce, nothing_follows
from filemanager.signing.fake import FakeSigner
from filemanager.storage.scratch.space import DiskScratchSpace
from worlds.stored import World

FOCAL = "live/2.8/ubuntu/focal"
EL7 = "live/2.8/el/7"
CATALOGUE = Catalogue(
    kinds=("live", "release"),
    series=("2.8", "modules"),
    distributions={
        "ubuntu": Distribution(Base.DEB, ("focal", "jammy")),
        "el": Distribution(Base.RPM, ("7",)),
    },
    enabled=("2.8", "modules"),
    anchors={"both": ("live/2.8", "release/modules/")},
)
PUBLISHER = Caller(
    issuer="rws",
    subject="ann",
    name="ann",
    granted=frozenset(
        {GrantedScope(Scope.REPOSITORY_PUBLISH), GrantedScope(Scope.REPOSITORY_READ)}
    ),
)
ADMIN = Caller(
    issuer="rws",
    subject="root",
    name="root",
    granted=frozenset({GrantedScope(Scope.REPOSITORY_ADMIN)}),
)


@dataclass(slots=True)
class Depot:
    """What publishers and readers do; ``publish`` does what workers would, also by the *handlers*
    of what *announce* promises.
    """

    world: World
    catalogue: Catalogue = CATALOGUE
    signer: Signer = field(default_factory=partial(FakeSigner, "ann"))
    habit: Habit = field(default_factory=partial(Habit, arches=("amd64", "arm64")))
    max_bytes: int | None = None
    announce: Announce = nothing_follows
    on_rebuild: Announce = nothing_follows
    handlers: dict[str, Handler] = field(default_factory=dict)
    links: BlobLinks | None = None

    def push(
        self,
        files: Mapping[str, bytes],
        path: str = FOCAL,
        *,
        product: str | None = "tiny",
        caller: Caller = PUBLISHER,
        replaces: bool = False,
    ) -> Sequence[Pushed]:
        with self._space().open() as scratch:
            sent = [SentPackage(name, scratch.write(data)) for name, data in files.items()]
            push = Push(
                targets=self.catalogue.targets(path), files=sent, product=product, replaces=replaces
            )
            return self.pushing.push(caller, push, scratch)

    def publish(self) -> int:
        """Do what is due; how many tasks that were."""
        handlers = {PUBLISH: self.publishing.publish, **self.handlers}
        habits = Habits(lease=timedelta(minutes=1), clock=self.world.clock, jitter=lambda: 0.0)
        workers = [Worker(self.world.database, handlers, lane, habits) for lane in Lane]
        done = 0
        while any(worker.run_next() for worker in workers):
            done += 1
        return done

    def read(self, path: str, caller: Caller | None = None) -> bytes:
        found = self.reader.open(caller, path)
        assert isinstance(found, PublishedFile), found
        download = found.download
        data = b"".join(download.stream(0, download.size_bytes))
        assert len(data) == download.size_bytes
        return data

    def names(self, path: str, caller: Caller | None = None) -> list[str]:
        found = self.reader.open(caller, path)
        assert isinstance(found, PublishedDirectory), found
        return [row.name for row in found.rows]

    @property
    def pushing(self) -> PushService:
        world = self.world
        committer = Committer(world.database, world.blobs, world.clock, KeptAs.RAW)
        terms = PushTerms(max_bytes=self.max_bytes, limits=Limits(), on_rebuild=self.on_rebuild)
        return PushService(world.database, committer, terms, world.clock)

    @property
    def publishing(self) -> PublishService:
        world = self.world
        terms = PublishTerms(
            signers=Signers(default=self.signer, modules=self.signer),
            imprint=Imprint(origin="Example", label="example.org", description="Packages"),
            habit=self.habit,
            announce=self.announce,
        )
        committer = Committer(world.database, world.blobs, world.clock)
        return PublishService(world.database, committer, self._space(), terms, world.clock)

    @property
    def reader(self) -> RepositoryReader:
        world = self.world

        def pause(seconds: float) -> None:
            if not self.publish():
                world.clock.turn(timedelta(seconds=seconds))

        first = FirstPublication(world.database, timedelta(seconds=5), world.clock, pause)
        terms = ReadTerms(grace=timedelta(hours=24), links=self.links)
        return RepositoryReader(world.database, world.blobs, self.catalogue, first, terms)

    def _space(self) -> DiskScratchSpace:
        return DiskScratchSpace(self.world.directory, 1 << 30)
