"""Access keys: capabilities that the owner of a share makes and names, for machines."""

from collections.abc import Sequence
from datetime import datetime

from filemanager.domain.caller import Caller
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.secrets import NewSecret, new_secret
from filemanager.domain.shares.capability import (
    MAX_ACCESS_KEYS,
    CapabilityId,
    ShareCapability,
)
from filemanager.domain.shares.errors import AccessKeyUnknown, TooManyAccessKeys
from filemanager.services.shares.owning import ShareAddress, owned_share


class AccessKeys:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create(
        self, caller: Caller, address: ShareAddress, name: str, expires_at: datetime | None
    ) -> tuple[ShareCapability, NewSecret]:
        """The secret is told once, and never again. Raises ``TooManyAccessKeys``."""
        secret, at = new_secret(), self._clock()

        def work(tx: Transaction) -> ShareCapability:
            share = owned_share(tx, caller, address)
            if tx.shares.capabilities.count_named(share.id, at) >= MAX_ACCESS_KEYS:
                raise TooManyAccessKeys(MAX_ACCESS_KEYS)
            made = ShareCapability(
                id=CapabilityId(0),
                share_id=share.id,
                name=name,
                created_at=at,
                expires_at=expires_at,
            )
            return tx.shares.capabilities.add(made, secret.digest)

        return self._database.write(work), secret

    def page(
        self, caller: Caller, address: ShareAddress, after: int, limit: int
    ) -> Sequence[ShareCapability]:
        with self._database.read() as tx:
            share = owned_share(tx, caller, address)
            return tx.shares.capabilities.named(share.id, after, limit)

    def revoke(self, caller: Caller, address: ShareAddress, key_id: CapabilityId) -> None:
        """Raises ``AccessKeyUnknown``."""

        def work(tx: Transaction) -> None:
            share = owned_share(tx, caller, address)
            if not tx.shares.capabilities.revoke(share.id, key_id):
                raise AccessKeyUnknown

        self._database.write(work)
