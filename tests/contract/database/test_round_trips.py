"""How often a request waits for PostgreSQL: each time costs as much as what is asked there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from builders.rows import NOW, Steps
from filemanager.db.database import SqlDatabase
from filemanager.db.engine.bounds import Bounds
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Transaction
from filemanager.domain.workspaces.log import LogLine
from filemanager.factory.parts import small_first
from filemanager.storage.blobs.memory import MemoryObjects
from servers.postgres import new_postgres_database
from servers.round_trips import RoundTrips, counted
from unit.sanitize.archives import TEX, a_tar
from worlds.stored import TurnedClock, World

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
        database = SqlDatabase(through, bounds=Bounds(log_lines_per_day=1000))
        yield Counted(database, trips)
        database.close()


def test_a_glance_is_one_round_trip(led: Counted) -> None:
    assert led.trips(led.glance) == 1


def test_a_read_of_three_statements_begins_and_ends_besides(led: Counted) -> None:
    assert led.trips(led.look) == 5


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


def test_what_nobody_waits_for_is_sent_with_what_is_waited_for(led: Counted) -> None:
    line = LogLine(at=NOW, code="code", text="text", workspace_id=led.id)

    def write(tx: Transaction) -> None:
        tx.workspaces.lock(led.id)
        tx.logs.append([line])
        tx.workspaces.save(tx.workspaces.get(led.id))

    # Begun, locked, read with the lines written before, and saved with the commit.
    assert led.trips(lambda: led.database.write(write)) == 4


def test_an_upload_waits_so_often(led: Counted, tmp_path: Path) -> None:
    objects = MemoryObjects(TurnedClock())
    world = World(
        led.database, small_first(objects, led.database), objects, TurnedClock(), tmp_path
    )
    desk = world.create()

    def put(number: int) -> int:
        return led.trips(lambda: world.upload(desk, {f"{number}.txt": b"%d" % number}))

    def begin(number: int) -> int:
        files = {f"{at}.tex": TEX + b"%% %d %d" % (number, at) for at in range(20)}
        return led.trips(lambda: world.begin("all.tar", a_tar(files)))

    # What is sent again and again is prepared once, which is a round trip of its own.
    assert [[act(number) for number in range(8)][-1] for act in (put, begin)] == [9, 8]


def test_what_is_wrong_with_what_was_kept_undoes_all(led: Counted) -> None:
    lines = [
        LogLine(at=NOW, code="code", text=text, workspace_id=workspace_id)
        for text, workspace_id in (("kept", led.id), ("lost", WorkspaceId(4711)))
    ]

    def write(tx: Transaction) -> None:
        for line in lines:
            tx.logs.append([line])

    with pytest.raises(IntegrityError):
        led.database.write(write)

    with led.database.read() as tx:
        assert tx.logs.size(led.id).count == 0
    led.lock()
