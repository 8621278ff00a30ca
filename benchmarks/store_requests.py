"""How many requests an upload asks of an S3 store, counted on a store in memory."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr

from benchmarks.bench import Bench
from benchmarks.papers import Tarball, tex_files
from benchmarks.report import Row, at_most, progress, row
from filemanager.db.engine.migrate import upgrade
from filemanager.domain.blobs.blob import StoredObject
from filemanager.domain.caller import Caller
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreePath
from filemanager.factory.core import core_of
from filemanager.factory.parts import parts_of
from filemanager.factory.workspaces.door import workspace_services
from filemanager.sanitize.inspection import Sent
from filemanager.settings.service import Settings
from filemanager.storage.blobs.memory import MemoryObjects
from filemanager.storage.blobs.objects import Objects
from filemanager.storage.blobs.packing import PackingBlobStore

_FILE_BYTES = 5000
_COUNTS = (20, 2000)


class _Counting:
    """Counts the calls that are a request each on S3, and passes them on."""

    files = None

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self.requests = 0

    def write(self, key: str, chunks: Iterable[bytes]) -> None:
        self.requests += 1
        self._objects.write(key, chunks)

    def adopt(self, key: str, descriptor: int) -> bool:
        return self._objects.adopt(key, descriptor)

    def read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        self.requests += 1
        return self._objects.read(key, start, stop)

    def size(self, key: str) -> int | None:
        self.requests += 1
        return self._objects.size(key)

    def delete(self, key: str) -> None:
        self.requests += 1
        self._objects.delete(key)

    def listing(self) -> Iterator[StoredObject]:
        self.requests += 1
        return self._objects.listing()

    def check(self) -> None:
        self.requests += 1
        self._objects.check()


def rows(bench: Bench) -> Iterator[Row]:
    for count in _COUNTS:
        progress(f"store requests of {count:,} files")
        found = _requests(bench.place("counted"), count)
        yield row(
            f"store requests of one upload of {count:,} small files",
            str(found),
            f"{count:,} a PUT for each file",
            found / count,
            at_most(found, 3, "3"),
        )


def _requests(directory: Path, count: int) -> int:
    settings = Settings(data_dir=directory, jwt_secret=SecretStr("unused-" * 5), jobs=False)
    counting = _Counting(MemoryObjects())
    made = replace(parts_of(settings), objects=counting, blobs=PackingBlobStore(counting))
    upgrade(settings.database)
    core = core_of(made)
    door = workspace_services(core)
    caller = Caller(issuer="bench", subject="1", name="bench")
    archive = Tarball(tex_files(count, _FILE_BYTES)).made()
    with core.intake.spool(len(archive)) as spool:
        content = spool.receive(io.BytesIO(archive))
        sent = Sent(Area.SOURCE, TreePath("sent.tar.gz"), content)
        door.files.create(caller, door.workspaces.blank(caller), sent, spool)
    made.database.close()
    return counting.requests
