"""The first publication of a repository that is configured and empty: made when it is asked for."""

import time
from collections.abc import Callable
from datetime import timedelta

from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.errors import NotYetPublished
from filemanager.domain.repositories.repository import Repository
from filemanager.services.repositories.tasks import publish_task

_PAUSE_SECONDS = 0.05
"""Another process may publish it, so that the database is all there is to look at."""


class FirstPublication:
    def __init__(
        self,
        database: Database,
        patience: timedelta,
        clock: Clock,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._database = database
        self._patience = patience
        self.clock = clock
        self._pause = pause

    def wait(self, address: Address) -> Repository:
        """Promise the publication and return the repository once it is there. Raises
        ``NotYetPublished``.
        """
        self._database.write(lambda tx: self._promise(tx, address))
        until = self.clock() + self._patience
        while self.clock() < until:
            with self._database.read() as tx:
                repository = tx.repositories.find(address.path)
            if repository is not None and repository.is_published:
                return repository
            self._pause(_PAUSE_SECONDS)
        raise NotYetPublished

    def _promise(self, tx: Transaction, address: Address) -> None:
        repository = tx.repositories.hold(address)
        if not repository.is_published:
            tx.outbox.add(publish_task(address.path), self.clock())
