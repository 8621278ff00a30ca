"""Every kind of task: a worker is killed in the middle of it, and the next ends it, once."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from builders.papers import SECRET, a_token
from builders.raw_files import ALICE, a_file
from filemanager.db.engine.migrate import upgrade
from filemanager.domain.blobs.blob import SMALL_PACK_BYTES
from filemanager.domain.ids import digest_of
from filemanager.domain.jobs.job import Task
from filemanager.domain.ports import Transaction
from filemanager.domain.rawstore.stored_file import StoredFileState
from filemanager.factory import application as factory
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import Parts, clock, parts_of
from filemanager.services.bucket.keeping import CHECKSUMS, EXPORT
from filemanager.services.packages.tasks import ADD, FREEZE, HASH
from filemanager.services.rawstore.settling import SETTLE
from filemanager.services.repositories.tasks import MIRROR, PUBLISH, SYNC, SYNC_ALL
from filemanager.services.shares.contents.packing import MAKE_PACKS
from filemanager.services.uploads.receiving import RECEIVE
from filemanager.services.workspaces.checking.jobs import RECHECK
from filemanager.services.workspaces.checking.looking import LOOK_THROUGH
from filemanager.settings.bucket import BucketSettings
from filemanager.settings.service import Settings
from servers.disk import contents_below
from servers.service import wait_until
from servers.worker import WorkerProcess, worker

pytestmark = pytest.mark.e2e

KILLED_ELSEWHERE = {
    *(LOOK_THROUGH, RECHECK, RECEIVE, PUBLISH, MIRROR, SYNC, SYNC_ALL),
    *(ADD, FREEZE, HASH, MAKE_PACKS),
}
"""In test_worker.py, in test_tus_crashes.py and test_grant_receiving.py, in
crash/test_repositories.py; those of a bucket fail at every call in
services/repositories/mirror/test_faults.py; those of packages lose their database at every commit
in services/packages/test_killed.py, and adding is done again in test_adding.py beside it. To look
through files changes nothing that is seen, and goes on in services/workspaces/test_looking.py.
"""

DATA = random.Random(7).randbytes(SMALL_PACK_BYTES + 1)
"""What is smaller lies in a row, where nobody is held up."""
RAW = b"raw bytes\n"


@dataclass(frozen=True)
class Node:
    """A node that answers but does no jobs."""

    made: Parts
    client: FlaskClient
    environment: dict[str, str]

    @property
    def data_dir(self) -> Path:
        return self.made.settings.data_dir

    @property
    def export_tree(self) -> Path:
        return self.data_dir / "export"

    def drop(self) -> None:
        """Upload to the bucket, which promises an export and more checksums."""
        files = {"file": (open_bytes(self.data_dir / "sent", DATA), "a.txt")}
        headers = {"Authorization": a_token("1", "bucket:write")}
        response = self.client.post("/bucket/upload", data=files, headers=headers)
        assert response.status_code == 200, response.text

    def authorise(self) -> None:
        """A raw file that was posted in time, and is to be settled."""
        long_ago = clock() - timedelta(days=1)
        file = a_file("alice/ds/a.csv", RAW, at=long_ago)
        self.made.raw.put(file.key, [RAW], "text/csv")
        task = Task(kind=SETTLE, payload={"owner": str(ALICE)})

        def promise(tx: Transaction) -> None:
            tx.stored_files.lock(ALICE)
            tx.stored_files.save([file])
            tx.outbox.add(task, clock())

        self.made.database.write(promise)

    def tasks(self) -> list[Any]:
        with self.made.database.read() as tx:
            return list(tx.rows.of("outbox"))

    def has_begun(self, kind: str) -> bool:
        return any(row["kind"] == kind and row["attempts"] == 1 for row in self.tasks())

    @contextmanager
    def worker(self) -> Iterator[WorkerProcess]:
        settings = self.made.settings
        with worker(self.data_dir, settings.database, **self.environment) as process:
            yield process


def open_bytes(path: Path, data: bytes) -> Any:
    path.write_bytes(data)
    return path.open("rb")


@contextmanager
def held_up(directory: Path) -> Iterator[None]:
    """Whoever opens the one file below *directory* waits meanwhile."""
    (file,) = (path for path in directory.rglob("*") if path.is_file())
    data = file.read_bytes()
    file.unlink()
    os.mkfifo(file)
    yield
    file.unlink()
    file.write_bytes(data)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    data = tmp_path / "data"
    data.mkdir()
    named = {"ARCHIVE_DIR": str(data / "export"), "CHECKSUM_ALSO": "sha1"}
    settings = Settings(
        data_dir=data,
        jwt_secret=SecretStr(SECRET),
        jobs=False,
        bucket=BucketSettings.model_validate(named),
    )
    upgrade(settings.database)
    made = parts_of(settings)
    # Two tasks of the long lane wait at once.
    environment = {"FILEMANAGER_LEASE_SECONDS": "1", "FILEMANAGER_LONG_WORKERS": "2", **named}
    with closing(made.database):
        yield Node(made, factory.app_on(made).test_client(), environment)


def is_exported(node: Node) -> bool:
    return contents_below(node.export_tree / "blob") == [DATA]


def has_other_checksums(node: Node) -> bool:
    with node.made.database.read() as tx:
        return list(tx.drops.checksums("sha1", [digest_of(DATA)])) == [digest_of(DATA)]


def is_settled(node: Node) -> bool:
    with node.made.database.read() as tx:
        found = tx.stored_files.find("rawstore", ["alice/ds/a.csv"])
    return [file.state for file in found.values()] == [StoredFileState.SETTLED]


KILLED: dict[str, tuple[Callable[[Node], None], str, Callable[[Node], bool]]] = {
    EXPORT: (Node.drop, "store", is_exported),
    CHECKSUMS: (Node.drop, "store", has_other_checksums),
    SETTLE: (Node.authorise, "rawstore", is_settled),
}
"""By kind: what promises the task, where what it reads lies, and whether it was done."""


@pytest.mark.parametrize("kind", sorted(KILLED))
def test_what_a_killed_worker_was_at_is_done_by_the_next(node: Node, kind: str) -> None:
    promise, directory, is_done = KILLED[kind]
    promise(node)
    with held_up(node.data_dir / directory), node.worker() as first:
        wait_until(lambda: node.has_begun(kind), f"{kind} has begun")
        first.kill()
    was_done = is_done(node)

    with node.worker():
        wait_until(lambda: node.tasks() == [], "nothing is left to do")

    assert (was_done, is_done(node)) == (False, True)


def test_every_kind_of_task_is_killed_somewhere(node: Node) -> None:
    assert set(handlers_of(doors_of(core_of(node.made)))) == KILLED.keys() | KILLED_ELSEWHERE
