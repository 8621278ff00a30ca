"""Sweeper and uploads at the same moment, on the databases that let two write at once."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from builders.rows import LATER, NOW, Steps, a_blob, a_put, an_entry
from filemanager.domain.errors import BlobsGone
from filemanager.domain.ids import digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.tree import TreeChange
from filemanager.domain.workspaces.workspace import Workspace

TEXT = digest_of(b"text")
ROUNDS = 20
SECONDS = 30


def _meanwhile(steps: Steps, work: Callable[[Transaction], object]) -> "Future[object]":
    """Begin *work* in a transaction of another thread."""
    pool = ThreadPoolExecutor(1)
    future: Future[object] = pool.submit(steps.database.write, work)
    pool.shutdown(wait=False)
    return future


def _upload(tx: Transaction, workspace: Workspace) -> None:
    tx.blobs.want([TEXT], LATER)
    locked = tx.workspaces.lock(workspace.id)
    tx.trees.apply(locked.tree, TreeChange(put=(an_entry("a"),)), NOW)


def test_the_sweeper_leaves_what_an_open_upload_wants(steps: Steps) -> None:
    steps.store("text")
    workspace = steps.add()
    wanted, swept = threading.Event(), threading.Event()

    def upload(tx: Transaction) -> None:
        tx.blobs.want([TEXT], LATER)
        wanted.set()
        # The sweeper waits for this row, so it cannot tell when it is there.
        swept.wait(0.2)
        _upload(tx, workspace)

    uploading = _meanwhile(steps, upload)
    assert wanted.wait(SECONDS)
    dropped = steps.database.write(lambda tx: tx.blobs.drop([TEXT], LATER))
    swept.set()
    uploading.result(SECONDS)

    assert dropped == 0
    assert steps.paths(steps.get(workspace)) == ["a"]


def test_an_upload_that_meets_an_open_sweep_misses_the_blob(steps: Steps) -> None:
    steps.store("text")
    workspace = steps.add()
    dropped, uploading = threading.Event(), threading.Event()

    def sweep(tx: Transaction) -> None:
        tx.blobs.drop([TEXT], LATER)
        dropped.set()
        uploading.wait(0.2)

    sweeping = _meanwhile(steps, sweep)
    assert dropped.wait(SECONDS)
    with pytest.raises(BlobsGone):
        steps.database.write(lambda tx: _upload(tx, workspace))
    uploading.set()
    sweeping.result(SECONDS)

    assert steps.get(workspace) == workspace


def test_uploads_and_sweeps_that_race_never_lose_a_blob(steps: Steps) -> None:
    workspaces = [steps.add() for _ in range(ROUNDS)]
    put = a_put(*(a_blob(text) for text in ("text", "one", "two", "three")))
    digests = [blob.digest for blob in put.blobs]
    done = threading.Event()

    def upload(tx: Transaction, workspace: Workspace) -> None:
        tx.blobs.add(put, NOW)
        tx.blobs.want(digests, NOW)
        _upload(tx, workspace)

    def sweep() -> None:
        while not done.is_set():
            steps.database.write(lambda tx: tx.blobs.drop(digests, LATER))

    with ThreadPoolExecutor(5) as pool:
        sweeping = pool.submit(sweep)
        uploads = [
            pool.submit(steps.database.write, lambda tx, one=one: upload(tx, one))
            for one in workspaces
        ]
        outcomes = [future.exception(SECONDS) for future in uploads]
        done.set()
        sweeping.result(SECONDS)

    assert {type(outcome) for outcome in outcomes} <= {type(None), BlobsGone}
    for workspace, outcome in zip(workspaces, outcomes, strict=True):
        assert steps.paths(steps.get(workspace)) == ([] if outcome else ["a"])
