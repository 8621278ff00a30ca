"""What repositories promise to do later."""

from collections.abc import Callable
from datetime import datetime

from filemanager.domain.jobs.job import Lane, Task, Trying
from filemanager.domain.ports import Transaction

PUBLISH = "publish_repository"
MIRROR = "mirror_repository"
SYNC = "sync_repository"
SYNC_ALL = "sync_repositories"
PATH = "path"

Announce = Callable[[Transaction, str, datetime], None]
"""Promises what has to follow a change of the repository of that path, in its transaction."""


def nothing_follows(tx: Transaction, path: str, at: datetime) -> None:
    """Where there is no bucket that clients read."""


def publish_task(path: str) -> Task:
    """Publish the repository: never given up, and one at a time."""
    return Task(
        kind=PUBLISH, payload={PATH: path}, key=f"publish {path}", patience=Trying.UNTIL_DONE
    )


def mirror_task(path: str, due_at: datetime | None = None) -> Task:
    """Write what is published to the bucket that clients read: likewise."""
    return Task(
        kind=MIRROR,
        payload={PATH: path},
        key=f"mirror {path}",
        due_at=due_at,
        patience=Trying.UNTIL_DONE,
    )


def sync_task(path: str) -> Task:
    """Take in what lies in that bucket: likewise, and it may take long."""
    return Task(
        kind=SYNC,
        lane=Lane.LONG,
        payload={PATH: path},
        key=f"sync {path}",
        patience=Trying.UNTIL_DONE,
    )


def sync_all_task() -> Task:
    """Promise that for every repository of the configuration that lies there."""
    return Task(kind=SYNC_ALL, lane=Lane.LONG, key="sync", patience=Trying.UNTIL_DONE)


def promise_sync(tx: Transaction, path: str, at: datetime) -> None:
    tx.outbox.add(sync_task(path), at)
