"""Transactions: what is seen, what is kept, what is tried again, and when nothing answers."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from builders.rows import CHECKSUM, NOW, Steps, a_workspace, an_entry
from filemanager.db.database import SqlDatabase
from filemanager.db.engine.bounds import Bounds
from filemanager.db.engine.engines import parse_url
from filemanager.domain.errors import DatabaseUnavailable, WritersWait
from filemanager.domain.ids import digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.shares.pack import PackKind, SharePack
from filemanager.domain.shares.share import ShareId
from filemanager.domain.trees.checksums import ChecksumForm
from filemanager.domain.workspaces.errors import WorkspaceLocked
from filemanager.domain.workspaces.listing import WorkspaceQuery
from filemanager.domain.workspaces.log import LogLine
from filemanager.domain.workspaces.workspace import Workspace

SECONDS = 60
EVERYBODY = WorkspaceQuery(owner=None)


def _count(tx: Transaction) -> int:
    return len(tx.workspaces.page(EVERYBODY).workspaces)


def test_an_error_rolls_everything_back(database: SqlDatabase) -> None:
    def work(tx: Transaction) -> None:
        tx.workspaces.add(a_workspace())
        raise WorkspaceLocked

    with pytest.raises(WorkspaceLocked):
        database.write(work)

    with database.read() as tx:
        assert _count(tx) == 0


def test_a_fault_tells_no_values(database: SqlDatabase) -> None:
    """As what is kept of a password, or the key of a share: faults are logged."""
    nobodys = SharePack(
        share_id=ShareId(7), kind=PackKind.DVC, digest=digest_of(b""), url="secret", refs=()
    )

    with pytest.raises(IntegrityError) as fault:
        database.write(lambda tx: tx.shares.packs.save(nobodys))

    assert "secret" not in str(fault.value)


def test_a_read_sees_one_state_throughout(steps: Steps) -> None:
    steps.add()

    with steps.database.read() as tx:
        before = _count(tx)
        steps.add()
        after = _count(tx)

    assert (before, after) == (1, 1)
    with steps.database.read() as tx:
        assert _count(tx) == 2


def test_a_read_can_write_nothing(database: SqlDatabase) -> None:
    with pytest.raises((DBAPIError, DatabaseUnavailable)), database.read() as tx:
        tx.workspaces.add(a_workspace())

    with database.read() as tx:
        assert _count(tx) == 0


def test_a_slot_has_one_winner(database: SqlDatabase) -> None:
    start = threading.Barrier(8)

    def take(_number: int) -> bool:
        start.wait()
        return database.write(lambda tx: tx.take_slot("sweep", 41))

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(8)))

    assert sorted(taken) == [False] * 7 + [True]


def test_slots_follow_one_another_for_each_name(database: SqlDatabase) -> None:
    asked = [("sweep", 0), ("sweep", 2), ("sweep", 1), ("scrub", 1), ("sweep", 3)]

    taken = [database.write(partial(_take, *one)) for one in asked]

    assert taken == [True, True, False, True, True]
    with database.read() as tx:
        assert tx.slots() == {"sweep": 3, "scrub": 1}


def test_a_slot_that_is_let_go_is_taken_once_more(database: SqlDatabase) -> None:
    for name, slot in (("sweep", 3), ("scrub", 3)):
        database.write(partial(_take, name, slot))

    database.write(lambda tx: tx.release_slot("sweep", 3))
    database.write(lambda tx: tx.release_slot("sweep", 3))
    database.write(lambda tx: tx.release_slot("scrub", 4))
    database.write(lambda tx: tx.release_slot("none", 3))

    with database.read() as tx:
        assert tx.slots() == {"sweep": 2, "scrub": 3}
    taken = [database.write(partial(_take, name, 3)) for name in ("sweep", "sweep", "scrub")]
    assert taken == [True, False, False]


def _take(name: str, slot: int, tx: Transaction) -> bool:
    return tx.take_slot(name, slot)


def test_transactions_that_deadlock_are_run_again(steps: Steps) -> None:
    pair = [steps.add(), steps.add()]
    both_hold_one = threading.Barrier(2)
    runs: list[int] = []

    def work(tx: Transaction, first: Workspace, second: Workspace) -> None:
        runs.append(first.id)
        tx.workspaces.lock(first.id)
        if len(runs) <= 2 and steps.database._lock_file is None:
            both_hold_one.wait(SECONDS)
        tx.workspaces.lock(second.id)
        tx.logs.append([LogLine(at=NOW, code="x", text="x")])

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(steps.database.write, lambda tx: work(tx, pair[0], pair[1]))
        other = pool.submit(steps.database.write, lambda tx: work(tx, pair[1], pair[0]))
        one.result(SECONDS)
        other.result(SECONDS)

    with steps.database.read() as tx:
        assert tx.logs.size(None).count == 2
    assert len(runs) == (2 if steps.database._lock_file else 3)


def test_a_busy_pool_makes_writers_wait_in_turn(migrated_url: str, steps: Steps) -> None:
    workspace = steps.add()
    narrow = SqlDatabase(migrated_url, bounds=Bounds(pool_size=1))

    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(lambda _: narrow.write(lambda tx: tx.workspaces.lock(workspace.id)), range(6))
        )

    assert narrow._engines.writing.pool.status().startswith("Pool size: 1  Connections in pool: 1")
    narrow.close()


def test_a_database_is_used_before_and_after_a_fork(steps: Steps) -> None:
    workspace = steps.put(steps.add(), an_entry("a"))
    context = multiprocessing.get_context("fork")

    def child() -> None:
        steps.database.write(
            lambda tx: tx.trees.save_checksum(workspace.tree, CHECKSUM, ChecksumForm.BUCKETS)
        )
        with steps.database.read() as tx:
            tx.workspaces.get(workspace.id)
        steps.database.close()

    process = context.Process(target=child)
    process.start()
    process.join(SECONDS)

    assert process.exitcode == 0
    assert steps.get(workspace).tree.checksum == CHECKSUM
    steps.database.check()


def test_a_database_that_answers_passes_the_check(database: SqlDatabase) -> None:
    database.check()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nonexistent/directory/filemanager.db",
        "postgresql+psycopg://nobody@/nothing?host=/nonexistent",
    ],
)
def test_a_database_that_cannot_be_reached_is_unavailable(url: str) -> None:
    database = SqlDatabase(url)

    with pytest.raises(DatabaseUnavailable):
        database.check()
    with pytest.raises(DatabaseUnavailable), database.read() as tx:
        _count(tx)
    with pytest.raises(DatabaseUnavailable):
        database.write(_count)


def test_attempts_are_bounded_and_pauses_grow(tmp_path: Path) -> None:
    pauses: list[float] = []
    database = SqlDatabase(
        f"sqlite:///{tmp_path / 'x.db'}", jitter=lambda: 1.0, pause=pauses.append
    )

    def work(_tx: Transaction) -> None:
        raise DBAPIError.instance("", {}, _Deadlock(1213), _DriverError)

    with pytest.raises(WritersWait):
        database.write(work)
    database.close()

    assert len(pauses) == 7
    assert pauses == sorted(pauses)


class _DriverError(Exception):
    """What a driver's errors descend from."""


class _Deadlock(_DriverError):
    """MariaDB's, as its driver reports it."""


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_an_sqlite_database_must_be_a_file(url: str) -> None:
    with pytest.raises(ValueError, match="must be a file"):
        SqlDatabase(url)


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://h/d", "postgresql+psycopg"),
        ("postgresql://h/d", "postgresql+psycopg"),
        ("mariadb://h/d", "mysql+pymysql"),
        ("sqlite:///d.db", "sqlite"),
    ],
)
def test_a_url_without_a_driver_gets_ours(given: str, driver: str) -> None:
    assert parse_url(given).drivername == driver


def test_sqlite_commits_are_durable(tmp_path: Path) -> None:
    database = SqlDatabase(f"sqlite:///{tmp_path / 'x.db'}")

    with database._engines.writing.begin() as connection:
        names = ("synchronous", "journal_mode", "foreign_keys")
        found = [connection.scalar(text(f"PRAGMA {name}")) for name in names]
    database.close()

    assert found == [2, "wal", 1]
