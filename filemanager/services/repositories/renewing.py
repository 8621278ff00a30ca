"""Signing again what would run out otherwise."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain

from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.repositories.repository import Repository
from filemanager.services.paging import pages
from filemanager.services.repositories.tasks import publish_task

_PAGE = 500


class Renewal:
    """*valid_for* is how long clients take a publication for current."""

    def __init__(self, database: Database, valid_for: timedelta, clock: Clock) -> None:
        self._database = database
        self._valid_for = valid_for
        self._clock = clock

    def renew(self) -> None:
        """Promise to publish whatever is older than half of that."""
        now = self._clock()
        due = now - self._valid_for / 2
        for repository in chain.from_iterable(pages(self._database, _page)):
            if repository.published_at is not None and repository.published_at <= due:
                self._promise(repository, now)

    def _promise(self, repository: Repository, at: datetime) -> None:
        self._database.write(lambda tx: tx.outbox.add(publish_task(repository.path), at))


def _page(tx: Transaction, last: Repository | None) -> Sequence[Repository]:
    return tx.repositories.page(last.path if last else "", _PAGE)
