"""Shares in a world: a package of texts and pointers, its owner, and guests at some addresses."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from filemanager.domain.blobs.blob import KeptAs
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.jobs.job import Lane
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.shares.share import Share
from filemanager.jobs.worker import Habits, Worker
from filemanager.services.committing import Committer
from filemanager.services.facts import FactService
from filemanager.services.shares.contents.archiving import ArchiveService
from filemanager.services.shares.contents.cloning import CloneService
from filemanager.services.shares.contents.fetching import DigestService
from filemanager.services.shares.contents.items import ItemService
from filemanager.services.shares.contents.listing import ListingService
from filemanager.services.shares.contents.packing import MAKE_PACKS, PackService
from filemanager.services.shares.contents.previews import PreviewService
from filemanager.services.shares.keys import AccessKeys
from filemanager.services.shares.opening import Guest, Opened, ShareOpening
from filemanager.services.shares.owning import OwnedShares, ShareAddress, ShareTerms
from filemanager.services.shares.passwords import SharePasswords
from filemanager.services.shares.previewing import SharePreviews
from filemanager.services.shares.pruning import SharePruning
from filemanager.services.shares.unlocking import UnlockService
from filemanager.services.shares.visiting import VisitService
from filemanager.storage.media_types import guess
from filemanager.storage.scratch.space import DiskScratchSpace
from worlds.packages import CURATOR, Study

SHARER = replace(CURATOR, granted=CURATOR.granted | {GrantedScope(Scope.PACKAGE_SHARE)})
BASE = "https://files.example.org"
HOME = Guest("192.0.2.7", "wget")
ELSEWHERE = Guest("198.51.100.9", "curl")


@dataclass(slots=True)
class PlainHashes:
    """Passwords as they are, and how often one was looked at."""

    looks: int = 0

    def hashed(self, password: str) -> str:
        return f"hash of {password}"

    def fits(self, known: str | None, password: str) -> bool:
        self.looks += 1
        return known == self.hashed(password)


@dataclass
class Fair:
    """``study`` is where the package comes from; each service is made once, with its memory."""

    study: Study
    hashes: PlainHashes = field(default_factory=PlainHashes)

    def __post_init__(self) -> None:
        world = self.study.world
        database, blobs, clock = world.database, world.blobs, world.clock
        self.passwords = SharePasswords(database, self.hashes, clock)
        self.opening = ShareOpening(database, self.passwords, clock)
        self.unlocking = UnlockService(database, self.opening, self.passwords, clock)
        self.owned = OwnedShares(database, self.opening, self.hashes, clock, limit=3)
        self.keys = AccessKeys(database, clock)
        self.visits = VisitService(database, clock)
        self.items = ItemService(database, blobs, self.study.sources, clock)
        facts = FactService(database, blobs, guess)
        previews = PreviewService(self.items, facts, has_tabs=True)
        self.previewing = SharePreviews(database, self.opening, self.items, previews, clock)
        self.listing = ListingService(database)
        self.archives = ArchiveService(database, blobs, self.listing)
        self.clones = CloneService(database, blobs, self.listing)
        self.digests = DigestService(database, self.items, self.listing)
        self.pruning = SharePruning(database, clock)

    def work(self) -> int:
        """Make the repositories that are promised; how many tasks that were."""
        world = self.study.world
        committer = Committer(world.database, world.blobs, world.clock, KeptAs.RAW)
        space = DiskScratchSpace(world.directory, 1 << 30)
        packs = PackService(world.database, world.blobs, committer, space)
        habits = Habits(lease=timedelta(minutes=1), clock=world.clock, jitter=lambda: 0.0)
        worker = Worker(world.database, {MAKE_PACKS: packs.make}, Lane.LONG, habits)
        return sum(1 for _ in iter(worker.run_next, False))

    def package(self) -> DataPackageId:
        """A text, and an object of a source, which is frozen as version 1."""
        self.study.connect()
        self.study.object("scan.tif", b"a scan")
        package_id = self.study.create().id
        self.study.text(package_id, "README.md", b"# Study")
        self.study.point(package_id, "scan.tif")
        self.study.work()
        self.study.frozen(package_id)
        return package_id

    def share(self, package_id: DataPackageId, caller: Caller = SHARER, **terms: Any) -> Share:
        wish = ShareTerms(**{"number": 1, **terms})
        return self.owned.create(caller, package_id, wish, BASE)

    def address(self, share: Share) -> ShareAddress:
        return ShareAddress(share.package_id, share.slug)

    def edit(self, share: Share, **changes: Any) -> Share:
        return self.owned.edit(SHARER, self.address(share), lambda one: replace(one, **changes))

    def opened(self, share: Share, guest: Guest = HOME, password: str | None = None) -> Opened:
        return self.opening.by_name(share.slug, password, guest)

    def now(self, share: Share) -> Share:
        """As its row is."""
        with self.study.world.database.read() as tx:
            return tx.shares.get(share.id)
