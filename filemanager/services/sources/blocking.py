"""Owners whose shares open nothing until they are let in again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.caller import Owner
from filemanager.domain.errors import Malformed
from filemanager.domain.ports import Clock, Database
from filemanager.domain.sources.source import EVERYBODY, readers_from


@dataclass(frozen=True, slots=True)
class OwnerBlocking:
    database: Database
    clock: Clock

    def block(self, owner: str) -> None:
        """Raise ``Malformed`` for what names no owner."""
        known = _owner(owner)
        self.database.write(lambda tx: tx.blocked_owners.block(known, self.clock()))

    def unblock(self, owner: str) -> bool:
        """False: it was not blocked."""
        known = _owner(owner)
        return self.database.write(lambda tx: tx.blocked_owners.unblock(known))

    def blocked(self, after: str, limit: int) -> Sequence[tuple[str, datetime]]:
        """Who is, since when, by name behind *after*."""
        with self.database.read() as tx:
            return tx.blocked_owners.page(after, limit)


def _owner(text: str) -> Owner:
    if text == EVERYBODY:
        raise Malformed("Name one owner, as issuer:subject.")
    readers_from([text])
    return Owner(text)
