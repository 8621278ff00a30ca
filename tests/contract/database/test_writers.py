"""Writers that wait for others: in turn, for a bounded time, and not too many of them."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from builders.rows import Steps
from filemanager.db.database import SqlDatabase
from filemanager.db.engine.bounds import Bounds
from filemanager.db.engine.write_turn import WriteTurns
from filemanager.domain.errors import DatabaseUnavailable, WritersWait
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Transaction

SECONDS = 20


@contextmanager
def impatient(url: str, seconds: float = 1, writers: int | None = None) -> Iterator[SqlDatabase]:
    bounds = Bounds(write_wait_seconds=seconds, writers=writers)
    with closing(SqlDatabase(url, bounds=bounds)) as database:
        yield database


@contextmanager
def holding(database: SqlDatabase, workspace_id: WorkspaceId) -> Iterator[None]:
    """While somebody else holds the workspace."""
    is_held, may_end = threading.Event(), threading.Event()

    def work(tx: Transaction) -> None:
        tx.workspaces.lock(workspace_id)
        is_held.set()
        may_end.wait(SECONDS)

    with ThreadPoolExecutor(1) as threads:
        held = threads.submit(database.write, work)
        assert is_held.wait(SECONDS)
        try:
            yield
        finally:
            may_end.set()
            held.result(SECONDS)


def test_a_writer_waits_for_a_bounded_time_in_all(migrated_url: str, steps: Steps) -> None:
    workspace_id = steps.add().id
    with impatient(migrated_url) as database:
        database.check_writers()

        with holding(steps.database, workspace_id):
            for _ in range(2):
                with pytest.raises(WritersWait):
                    database.write(lambda tx: tx.workspaces.lock(workspace_id))
            with pytest.raises(WritersWait):
                database.check_writers()

        assert database.write(lambda tx: tx.workspaces.lock(workspace_id)).id == workspace_id
    # Nobody is left behind who holds what he waited for.
    assert steps.database.write(lambda tx: tx.workspaces.lock(workspace_id)).id == workspace_id


def test_who_is_one_too_many_is_refused_at_once(migrated_url: str, steps: Steps) -> None:
    workspace_id = steps.add().id
    with impatient(migrated_url, seconds=SECONDS, writers=1) as database:
        with holding(database, workspace_id), pytest.raises(WritersWait) as refused:
            database.write(lambda tx: tx.workspaces.lock(workspace_id))

        assert refused.value.retry_after_seconds
        assert database.write(lambda tx: tx.workspaces.lock(workspace_id)).id == workspace_id


@pytest.fixture
def turns(tmp_path: Path) -> WriteTurns:
    return WriteTurns(tmp_path / "lock")


def waiting(turns: WriteTurns) -> int:
    return len(turns._queue._waiting)


def test_threads_of_a_process_write_first_come_first_served(turns: WriteTurns) -> None:
    order: list[int] = []

    def write(number: int) -> None:
        with turns.turn(lambda: SECONDS):
            order.append(number)

    with ThreadPoolExecutor(8) as threads, turns.turn(lambda: SECONDS):
        for number in range(8):
            threads.submit(write, number)
            while waiting(turns) <= number:
                threading.Event().wait(0.001)

    assert order == list(range(8))


def test_one_thread_waits_for_the_file_whoever_gives_up(tmp_path: Path) -> None:
    """Ten in turn wait in vain for another process; the wait of the first serves them all."""
    ours, theirs = WriteTurns(tmp_path / "lock"), WriteTurns(tmp_path / "lock")
    before = threading.active_count()

    with theirs.turn(lambda: SECONDS):
        for _ in range(10):
            with pytest.raises(WritersWait), ours.turn(lambda: 0.001):
                pass
        assert threading.active_count() == before + 1
    with ours.turn(lambda: SECONDS), pytest.raises(WritersWait), theirs.turn(lambda: 0.001):
        pass

    for turns in (theirs, ours):
        with turns.turn(lambda: SECONDS):
            pass


def test_who_gives_up_in_the_queue_leaves_no_gap(turns: WriteTurns) -> None:
    with turns.turn(lambda: SECONDS):
        with ThreadPoolExecutor(1) as threads, pytest.raises(WritersWait):
            threads.submit(lambda: turns.turn(lambda: 0.001).__enter__()).result(SECONDS)
        assert waiting(turns) == 0

    with turns.turn(lambda: SECONDS):
        pass


def test_a_turn_that_fails_is_over(turns: WriteTurns, tmp_path: Path) -> None:
    with pytest.raises(KeyError), turns.turn(lambda: SECONDS):
        raise KeyError
    with turns.turn(lambda: SECONDS):
        pass

    nowhere = WriteTurns(tmp_path / "none" / "lock")
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable), nowhere.turn(lambda: SECONDS):
            pass
