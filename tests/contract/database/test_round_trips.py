"""How often a request waits for PostgreSQL: each time costs as much as what is asked there."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from builders.rows import NOW, Steps
from filemanager.archives.out.tar_gz import EMPTY_TAR_GZ_BYTES
from filemanager.db.database import SqlDatabase
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.workspaces.log import LogLine
from filemanager.services.workspaces.checkpoints import CheckpointService
from filemanager.services.workspaces.content import ContentService
from filemanager.storage.blobs.memory import MemoryObjects
from filemanager.storage.blobs.packing import PackingBlobStore
from servers.postgres import new_postgres_database
from servers.round_trips import RoundTrips, counted

pytestmark = pytest.mark.postgres


class Counted:
    """A workspace in a database that is led to by a counter; its connections are open already."""

    def __init__(self, database: SqlDatabase, trips: RoundTrips) -> None:
        self.database = database
        self._trips = trips
        self.id: WorkspaceId = Steps(database).add().id
        self.look()
        self.glance()

    def trips(self, act: Callable[[], object]) -> int:
        before = self._trips.count
        act()
        return self._trips.count - before

    def glance(self) -> None:
        with self.database.glance() as tx:
            tx.workspaces.get(self.id)

    def look(self) -> None:
        with self.database.read() as tx:
            for _ in range(3):
                tx.workspaces.get(self.id)

    def lock(self) -> None:
        self.database.write(lambda tx: tx.workspaces.lock(self.id))


@pytest.fixture
def url(postgres_url: str, migrated_postgres_url: str) -> str:
    return new_postgres_database(postgres_url, migrated_postgres_url)


@pytest.fixture
def led(url: str) -> Iterator[Counted]:
    with counted(url) as (through, trips):
        database = SqlDatabase(through)
        yield Counted(database, trips)
        database.close()


def test_a_glance_is_one_round_trip(led: Counted) -> None:
    assert led.trips(led.glance) == 1


def test_a_read_of_three_statements_begins_and_ends_besides(led: Counted) -> None:
    assert led.trips(led.look) == 5


def test_a_small_content_is_two_round_trips(led: Counted) -> None:
    blobs = PackingBlobStore(MemoryObjects())
    checkpoints = CheckpointService(led.database, lambda: NOW, limit=1)
    content = ContentService(led.database, blobs, checkpoints)

    def read() -> bytes:
        download = content.archive(led.id)
        return b"".join(download.stream(0, download.size_bytes))

    # Its checksum is found once, and kept.
    assert len(read()) == EMPTY_TAR_GZ_BYTES

    assert led.trips(read) == 2


def test_a_change_of_one_statement_begins_and_commits_besides(led: Counted) -> None:
    assert led.trips(led.lock) == 3


def test_fifty_lines_are_written_as_two_are(led: Counted) -> None:
    def written(count: int) -> int:
        line = LogLine(at=NOW, code="code", text="text", workspace_id=led.id)
        return led.trips(lambda: led.database.write(lambda tx: tx.logs.append([line] * count)))

    assert written(50) == written(2)


def test_connections_that_the_server_ended_just_now_are_not_used(led: Counted, url: str) -> None:
    led.lock()
    led.look()

    assert _end_connections(url) == 2

    led.look()
    led.glance()
    led.lock()


def test_a_connection_that_ends_under_a_question_is_not_used_again(led: Counted, url: str) -> None:
    with led.database.glance() as tx:
        _end_connections(url)
        with pytest.raises(OperationalError):
            tx.workspaces.get(led.id)

    led.glance()


def _end_connections(url: str) -> int:
    """So many; they are over when this returns."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    ended = text(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    with engine.connect() as connection:
        return len(connection.execute(ended).all())
