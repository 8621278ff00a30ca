"""The bucket that clients read repositories in, in a world where nothing is connected."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

from filemanager.db.engine.columns import milliseconds
from filemanager.domain.blobs.named_objects import NamedObject, NamedObjects
from filemanager.domain.ids import digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.repository import Repository
from filemanager.services.repositories.mirror.copying import ClientBucket
from filemanager.services.repositories.mirror.following import MirrorService
from filemanager.services.repositories.mirror.syncing import SyncService, SyncTerms
from filemanager.services.repositories.tasks import MIRROR, SYNC, SYNC_ALL, promise_sync
from filemanager.storage.named.directory import DirectoryNamedObjects
from filemanager.storage.scratch.space import DiskScratchSpace
from worlds.repositories import CATALOGUE, EL7, FOCAL, Depot
from worlds.stored import World

GRACE = timedelta(hours=24)
_SOON = timedelta(seconds=2)
APT = "live/2.8/ubuntu"
SUITE = f"{APT}/dists/focal"
X86_64 = f"{EL7}/x86_64"


_BY_KEY = ("put", "copy_from", "delete", "read")


class Watched:
    """Named objects that remember each request for one, and call ``before`` and ``after`` it.

    ``unwatched`` are the same, for who only looks.
    """

    def __init__(self, objects: NamedObjects) -> None:
        self.asked: list[tuple[str, str]] = []
        self.before: Callable[[str, str], None] = lambda *_: None
        self.after: Callable[[str, str], None] = lambda *_: None
        self.unwatched = objects

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.unwatched, name)
        if name not in _BY_KEY:
            return method

        def call(key: str, *arguments: Any, **named: Any) -> Any:
            self.before(name, key)
            self.asked.append((name, key))
            done = method(key, *arguments, **named)
            self.after(name, key)
            return done

        return call

    @property
    def written(self) -> list[str]:
        return [key for name, key in self.asked if name in ("put", "copy_from")]

    @property
    def fetched(self) -> list[str]:
        return [key for name, key in self.asked if name == "read"]

    @property
    def deleted(self) -> list[str]:
        return [key for name, key in self.asked if name == "delete"]


@dataclass(slots=True)
class Mirror:
    """A depot whose publications are followed by a bucket; ``publish`` does what is promised."""

    world: World
    watched: Watched
    max_push_bytes: int = 1 << 20
    max_bytes: int | None = None
    depot: Depot = field(init=False)

    def __post_init__(self) -> None:
        service = self.service
        self.depot = Depot(
            self.world,
            announce=service.announce,
            on_rebuild=promise_sync,
            max_bytes=self.max_bytes,
        )
        sync = self.sync
        self.depot.handlers = {MIRROR: service.mirror, SYNC: sync.sync, SYNC_ALL: sync.sync_all}

    def publish(self) -> int:
        """Do what is due, or will be in a moment; how many tasks that were."""
        done = self.depot.publish()
        while self._is_one_due_soon():
            self.world.clock.turn(_SOON)
            done += self.depot.publish()
        return done

    def _is_one_due_soon(self) -> bool:
        soon = milliseconds(self.world.clock() + _SOON)
        with self.world.database.read() as tx:
            waiting = [row for row in tx.rows.of("outbox") if row["kind"] == MIRROR]
        return any(row["attempts"] == 0 and int(str(row["due_at"])) <= soon for row in waiting)

    @property
    def objects(self) -> NamedObjects:
        return cast("NamedObjects", self.watched)  # every method is the port's own

    @property
    def service(self) -> MirrorService:
        bucket = ClientBucket(objects=self.objects, is_public=True)
        world = self.world
        return MirrorService(world.database, world.blobs, bucket, GRACE, world.clock)

    @property
    def sync(self) -> SyncService:
        world = self.world
        terms = SyncTerms(objects=self.objects, catalogue=CATALOGUE, max_bytes=self.max_push_bytes)
        space = DiskScratchSpace(world.directory, 1 << 30)
        return SyncService(world.database, self.depot.pushing, space, terms, world.clock)

    def bytes_by_key(self) -> dict[str, bytes]:
        return {one.key: self.read(one.key) for one in self.watched.unwatched.listing("")}

    def read(self, key: str) -> bytes:
        return b"".join(self.watched.unwatched.read(key))

    def listing(self) -> list[str]:
        """Every key."""
        return [one.key for one in self.watched.unwatched.listing("")]

    def put(self, key: str, data: bytes) -> None:
        """As another service does, or somebody by hand."""
        self.watched.unwatched.put(key, [data], "binary/octet-stream")

    def told(self, key: str) -> NamedObject:
        found = self.watched.unwatched.head(key)
        assert found is not None, key
        return found

    def change(self, path: str = FOCAL, **changed: Any) -> None:
        """Whoever may, changes what a repository is."""

        def work(tx: Transaction) -> None:
            repository = tx.repositories.lock(path)
            tx.repositories.save(replace(repository, **changed))
            self.service.announce(tx, path, self.world.clock())

        self.world.database.write(work)

    def repository(self, path: str = FOCAL) -> Repository:
        with self.world.database.read() as tx:
            found = tx.repositories.find(path)
        assert found is not None
        return found

    def names_of_apt(self) -> list[str]:
        """The packages that apt finds, which reads an index by its digest, each with its bytes."""
        release = self.read(f"{SUITE}/InRelease").decode()
        listed = re.search(
            "^ ([0-9a-f]{64}) [0-9]+ main/binary-amd64/Packages$", release, re.MULTILINE
        )
        assert listed is not None
        index = self.read(f"{SUITE}/main/binary-amd64/by-hash/SHA256/{listed[1]}")
        assert digest_of(index) == listed[1]
        for stanza in index.decode().split("\n\n")[:-1]:
            fields = dict(re.findall("^([A-Za-z0-9]+): (.*)$", stanza, re.MULTILINE))
            assert digest_of(self.read(f"{APT}/{fields['Filename']}")) == fields["SHA256"]
        return re.findall("^Package: (.*)$", index.decode(), re.MULTILINE)

    def names_of_yum(self) -> list[str]:
        """The packages that dnf finds, each with its bytes."""
        repomd = self.read(f"{X86_64}/repodata/repomd.xml").decode()
        href = re.search('"(repodata/([0-9a-f]{64})-primary.xml.gz)"', repomd)
        assert href is not None
        packed = self.read(f"{X86_64}/{href[1]}")
        assert digest_of(packed) == href[2]
        primary = gzip.decompress(packed).decode()
        digests = re.findall('pkgid="YES">([0-9a-f]{64})<', primary)
        for digest, path in zip(
            digests, re.findall('<location href="([^"]+)"', primary), strict=True
        ):
            assert digest_of(self.read(f"{X86_64}/{path}")) == digest
        return re.findall("<name>([^<]+)</name>", primary)


def new_mirror(world: World, **limits: int) -> Mirror:
    """With an empty bucket, in the directory of *world*."""
    directory = world.directory / "bucket"
    directory.mkdir()
    objects = DirectoryNamedObjects(directory, "bucket", "/objects", world.clock)
    return Mirror(world, Watched(objects), **limits)
