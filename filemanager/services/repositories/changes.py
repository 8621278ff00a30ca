"""What every change of a repository ends with: its number, its publication, a line in the log."""

from dataclasses import replace
from datetime import datetime

from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.repository import Repository
from filemanager.domain.workspaces.log import LogLine, escaped
from filemanager.services.repositories.tasks import publish_task


def count_change(tx: Transaction, repository: Repository, at: datetime) -> int:
    """Count a change of the locked *repository*, promise to publish it, and return its number.

    Whatever of *repository* is another than its row has is saved with it.
    """
    number = repository.pushes + 1
    tx.repositories.save(replace(repository, pushes=number))
    tx.outbox.add(publish_task(repository.path), at)
    return number


def log_change(tx: Transaction, by: str, at: datetime, code: str, text: str) -> None:
    """*text* has been escaped; who did it is added, and the full stop."""
    line = f"{text} [{escaped(by)}]."
    tx.logs.append([LogLine(at=at, code=code, text=line)])
