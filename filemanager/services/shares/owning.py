"""What the owner of a package does with its shares."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import NotOwner
from filemanager.domain.packages.data_package import DataPackageId, DataPackageNotFound
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.passwords import PasswordHashes
from filemanager.domain.requests.secrets import random_slug
from filemanager.domain.shares.errors import ShareUnknown, TooManyShares
from filemanager.domain.shares.share import (
    Share,
    ShareId,
    new_key,
)
from filemanager.domain.shares.visit import ShareAccess
from filemanager.services.passwords import hashed_password
from filemanager.services.shares.contents.packing import promise_packs
from filemanager.services.shares.opening import ShareOpening

Edit = Callable[[Share], Share]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareTerms:
    """``slug`` None: one that nobody guesses. ``number`` None: whatever the package holds."""

    number: int | None
    slug: str | None = None
    password: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    description: str = ""
    max_visits: int | None = None
    is_listed: bool = True
    audience: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ShareAddress:
    """Which share of which package, as its owner names it."""

    package_id: DataPackageId
    slug: str


class OwnedShares:
    """Whoever does not own a package, and is no admin, is told that it is not there."""

    def __init__(
        self,
        database: Database,
        opening: ShareOpening,
        hashes: PasswordHashes,
        clock: Clock,
        limit: int,
    ) -> None:
        self._database = database
        self._opening = opening
        self._hashes = hashes
        self._clock = clock
        self._limit = limit

    def create(
        self, caller: Caller, package_id: DataPackageId, terms: ShareTerms, base: str
    ) -> Share:
        """Open what is there: a version that is not, or whose owner lost a source, is refused.

        Raises ``VersionNotFound``, ``SharedSourceClosed``, ``SlugTaken`` and ``TooManyShares``.
        """
        made = Share(
            id=ShareId(0),
            slug=terms.slug or random_slug(),
            package_id=package_id,
            number=terms.number,
            base=base,
            description=terms.description,
            created_at=self._clock(),
            key=new_key(),
            password=self.hashed(terms.password),
            expires_at=terms.expires_at,
            max_visits=terms.max_visits,
            is_listed=terms.is_listed,
            audience=terms.audience,
        )

        def work(tx: Transaction) -> Share:
            ensure_owned(tx, caller, package_id)
            return self.add(tx, made)

        return self._database.write(work)

    def add(self, tx: Transaction, share: Share) -> Share:
        """``create``, for whoever may."""
        tx.packages.lock(share.package_id)
        if tx.shares.count(share.package_id) >= self._limit:
            raise TooManyShares(self._limit)
        self._ensure_there(tx, share)
        added = tx.shares.add(share)
        promise_packs(tx, added, self._clock())
        return added

    def page(
        self, caller: Caller, package_id: DataPackageId, after: int, limit: int
    ) -> Sequence[Share]:
        with self._database.read() as tx:
            ensure_owned(tx, caller, package_id)
            return tx.shares.page(package_id, after, limit)

    def page_of(self, caller: Caller, after: int, limit: int) -> Sequence[Share]:
        """Of all packages that the caller owns."""
        with self._database.read() as tx:
            return tx.shares.page_of(caller.owner, after, limit)

    def get(self, caller: Caller, address: ShareAddress) -> Share:
        """Raises ``ShareUnknown``, for a revoked one too."""
        with self._database.read() as tx:
            return owned_share(tx, caller, address)

    def edit(self, caller: Caller, address: ShareAddress, edit: Edit) -> Share:
        """Another password ends what the last one unlocked; access keys go on."""

        def change(tx: Transaction, share: Share) -> Share:
            changed = edit(share)
            self._ensure_there(tx, changed)
            if (changed.password, changed.audience) != (share.password, share.audience):
                tx.shares.capabilities.revoke_unlocked(share.id)
            if changed.number != share.number:
                tx.shares.packs.forget(share.id)
                promise_packs(tx, changed, self._clock())
            return changed

        return self._changed(caller, address, change)

    def rotate(self, caller: Caller, address: ShareAddress, slug: str | None) -> Share:
        """Give it another name, and end what was unlocked and who is visiting; access keys go on.

        Raises ``SlugTaken``.
        """

        def change(tx: Transaction, share: Share) -> Share:
            tx.shares.capabilities.revoke_unlocked(share.id)
            tx.shares.packs.forget(share.id)
            rotated = replace(share, slug=slug or random_slug(), key=new_key())
            promise_packs(tx, rotated, self._clock())
            return rotated

        return self._changed(caller, address, change)

    def revoke(self, caller: Caller, address: ShareAddress) -> None:
        def change(tx: Transaction, share: Share) -> Share:
            tx.shares.packs.forget(share.id)
            return replace(share, revoked_at=self._clock())

        self._changed(caller, address, change)

    def accesses(
        self, caller: Caller, address: ShareAddress, before: int | None, limit: int
    ) -> Sequence[ShareAccess]:
        """What was fetched, newest first."""
        with self._database.read() as tx:
            share = owned_share(tx, caller, address)
            return tx.shares.accesses.page(share.id, before, limit)

    def hashed(self, password: str | None) -> str | None:
        """Raises ``Malformed``; slow on purpose."""
        return hashed_password(self._hashes, password)

    def _changed(
        self,
        caller: Caller,
        address: ShareAddress,
        change: Callable[[Transaction, Share], Share],
    ) -> Share:
        def work(tx: Transaction) -> Share:
            ensure_owned(tx, caller, address.package_id)
            # All that changes shares of a package takes turns.
            tx.packages.lock(address.package_id)
            changed = change(tx, owned_share(tx, caller, address))
            tx.shares.save(changed)
            return changed

        return self._database.write(work)

    def _ensure_there(self, tx: Transaction, share: Share) -> None:
        edition = tx.packages.edition(share.package_id, share.number)
        self._opening.ensure_sources_open(tx, edition)


def ensure_owned(tx: Transaction, caller: Caller, package_id: DataPackageId) -> None:
    """Raise ``DataPackageNotFound`` or, for a token that opens no share, ``InsufficientScope``."""
    package = tx.packages.get(package_id)
    try:
        caller.ensure_may(Scope.PACKAGE_SHARE, package.owner, package_id)
    except NotOwner as error:
        raise DataPackageNotFound from error


def owned_share(tx: Transaction, caller: Caller, address: ShareAddress) -> Share:
    """Raises ``ShareUnknown`` too."""
    ensure_owned(tx, caller, address.package_id)
    share = tx.shares.find(address.slug)
    if share is None or share.package_id != address.package_id or share.revoked_at is not None:
        raise ShareUnknown
    return share
