"""Workers that are killed in the middle: another goes on, and what they did is done once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any, cast

from filemanager.domain.ids import digest_of
from filemanager.domain.jobs.job import Job, JobState, Lane
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.shares.pack import PackKind
from filemanager.jobs.worker import Habits, Worker
from filemanager.services.committing import Committer
from filemanager.services.shares.contents.packing import MAKE_PACKS, PackService
from filemanager.storage.scratch.space import DiskScratchSpace
from worlds.packages import Study
from worlds.shares import Fair
from worlds.stored import World

LEASE = timedelta(minutes=1)
SLOT = timedelta(minutes=16)
DATA = b"tree rings, " * 500


class Killed(BaseException):
    """Nothing catches it, and whoever cleans up behind it finds no database any more."""


@dataclass(slots=True)
class DyingDatabase:
    """The process ends at a commit: before it or, of every second one, right after it."""

    database: Database
    left: int
    is_dead: bool = False

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        self._live()
        with self.database.read() as tx:
            yield tx

    glance = read

    def write(self, work: Callable[[Transaction], Any]) -> Any:
        self._live()

        def dying(tx: Transaction) -> Any:
            done = work(tx)
            self._come_nearer()
            return done

        done = self.database.write(dying)
        self._come_nearer()
        return done

    def _live(self) -> None:
        if self.is_dead:
            raise Killed

    def _come_nearer(self) -> None:
        self.left -= 1
        self.is_dead = self.left < 0
        self._live()


def work(study: Study, database: Database) -> None:
    """All that is due, with workers on *database*."""
    world = replace(study.world, database=database)
    alike = replace(study, world=world)
    committer = Committer(database, world.blobs, world.clock)
    packs = PackService(
        database, world.blobs, committer, DiskScratchSpace(world.directory, 1 << 30)
    )
    habits = Habits(lease=LEASE, clock=world.clock, jitter=lambda: 0.0)
    handlers = {**alike.handlers, MAKE_PACKS: packs.make}
    workers = [Worker(database, handlers, lane, habits) for lane in Lane]
    while any(worker.run_next() for worker in workers):
        pass


def die_and_go_on(study: Study, step: int) -> bool:
    """False: all was done before it came to dying."""
    dying = DyingDatabase(study.world.database, step)
    with suppress(Killed):
        # Only what the work does is asked of it.
        work(study, cast("Database", dying))
    # Twice, since what waits looks again a little later.
    for _ in range(2):
        study.world.clock.turn(SLOT)
        work(study, study.world.database)
    return dying.is_dead


def test_a_freeze_and_its_hashes_go_on(worlds: Iterator[World]) -> None:
    for step in count():
        study = Study(next(worlds))
        study.connect()
        study.object("a.tif", DATA)
        package = study.create()
        study.point(package.id, "a.tif")
        job = study.freeze(package.id)
        assert isinstance(job, Job)

        died = die_and_go_on(study, step)

        done = study.job(job)
        assert (done.state, done.message) == (JobState.DONE, None)
        assert study.known(study.edition(package.id, 1)) == {"a.tif": digest_of(DATA)}
        assert study.world.problems() == []
        if not died:
            break
    assert step > 8


def test_the_packs_of_a_share_go_on(worlds: Iterator[World]) -> None:
    made = set()
    for step in count():
        fair = Fair(Study(next(worlds)))
        share = fair.share(fair.package(), slug="iris")

        died = die_and_go_on(fair.study, step)

        with fair.study.world.database.read() as tx:
            packs = [tx.shares.packs.find(share.id, kind) for kind in PackKind]
        made.add(tuple(pack and pack.digest for pack in packs))
        assert fair.study.world.problems() == []
        if not died:
            break
    assert step > 2
    assert len(made) == 1
    assert None not in made.pop()
