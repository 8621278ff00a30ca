"""Who may see a share: the one place that decides it, by the rows as they are now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.packages.data_package import DataPackageNotFound, PackageEdition
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.secrets import is_same, secret_digest
from filemanager.domain.shares.capability import ShareCapability
from filemanager.domain.shares.errors import (
    SharedPackageGone,
    SharedSourceClosed,
    ShareExpired,
    ShareOwnerBlocked,
    SharePasswordNeeded,
    ShareRevoked,
    ShareTokenNeeded,
    ShareUnknown,
)
from filemanager.domain.shares.share import Share, ShareId
from filemanager.domain.shares.visit import (
    ShareVisit,
    visit_named,
    visit_token,
    visitor_at,
)
from filemanager.domain.sources.source import SourceId
from filemanager.services.shares.memory import Memory
from filemanager.services.shares.passwords import SharePasswords
from filemanager.services.sources.rights import all_readable

_REMEMBERED = 1000
_LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True)
class Guest:
    """Who asks, as far as that is known: an address, and what the program calls itself."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A share that may be seen. ``place`` is the path that it was opened under, with a slash at
    both ends; what opened it is a capability, a visit, or neither. ``ends_at`` is when nobody sees
    it any more by that way.
    """

    share: Share
    edition: PackageEdition
    place: str
    guest: Guest
    capability: ShareCapability | None = None
    visit: ShareVisit | None = None

    @property
    def ends_at(self) -> datetime | None:
        ends = (
            self.share.expires_at,
            self.capability.expires_at if self.capability else None,
            self.visit.until if self.visit else None,
        )
        return min((end for end in ends if end is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Key:
    capability: ShareCapability | None
    visit: ShareVisit | None
    share_id: ShareId


class ShareOpening:
    def __init__(self, database: Database, passwords: SharePasswords, clock: Clock) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock
        self._sources = Memory[Collection[SourceId]](_REMEMBERED)

    def by_name(self, slug: str, password: str | None, guest: Guest) -> Opened:
        """A share by its name, and its password if it has one.

        Raises ``ShareUnknown``, what ``ensure_alive`` does, ``ShareTokenNeeded``,
        ``SharePasswordNeeded``, and for a password that was sent what ``SharePasswords`` does.
        """
        share, edition = self.alive(slug, password, guest)
        self._ensure_open(share, password, guest)
        return Opened(share=share, edition=edition, place=f"/s/{slug}/", guest=guest)

    def alive(self, slug: str, password: str | None, guest: Guest) -> tuple[Share, PackageEdition]:
        """A share by its name, whoever asks. Raises ``ShareUnknown``, where a password was sent as
        a wrong one does, and what ``ensure_alive`` does.
        """
        with self._database.read() as tx:
            share = tx.shares.find(slug)
            if share is not None:
                return share, self.ensure_alive(tx, share)
        if password is not None:
            self._passwords.ensure_right(None, password, guest.address)
        raise ShareUnknown

    def by_secret(self, secret: str, guest: Guest) -> Opened:
        """A share by a capability, an access key, or the token of a visit from this address.

        Raises ``ShareUnknown`` and what ``ensure_alive`` does.
        """
        with self._database.read() as tx:
            key = self._key(tx, secret[:_LONGEST_SECRET], guest)
            share = tx.shares.get(key.share_id)
            edition = self.ensure_alive(tx, share)
        return Opened(
            share=share,
            edition=edition,
            place=f"/k/{secret}/",
            guest=guest,
            capability=key.capability,
            visit=key.visit,
        )

    def ensure_alive(self, tx: Transaction, share: Share) -> PackageEdition:
        """Whether anybody may see it now: what it shows.

        Raises ``ShareRevoked``, ``ShareExpired``, ``SharedPackageGone``, ``ShareOwnerBlocked`` and
        ``SharedSourceClosed``.
        """
        if share.revoked_at is not None:
            raise ShareRevoked
        if share.expires_at is not None and share.expires_at <= self._clock():
            raise ShareExpired
        try:
            edition = tx.packages.edition(share.package_id, share.number)
        except DataPackageNotFound as error:
            raise SharedPackageGone from error
        if tx.blocked_owners.holds(edition.owner):
            raise ShareOwnerBlocked
        self.ensure_sources_open(tx, edition)
        return edition

    def ensure_sources_open(self, tx: Transaction, edition: PackageEdition) -> None:
        """Raise ``SharedSourceClosed`` unless its owner may read all that it points into."""
        ids = self._sources_of(tx, edition)
        if len(all_readable(tx, ids, edition.owner)) < len(ids):
            raise SharedSourceClosed

    def _ensure_open(self, share: Share, password: str | None, guest: Guest) -> None:
        if share.audience:
            raise ShareTokenNeeded
        if share.password is None:
            return
        if password is None:
            raise SharePasswordNeeded
        self._passwords.ensure_right(share, password, guest.address)

    def _key(self, tx: Transaction, secret: str, guest: Guest) -> _Key:
        at = self._clock()
        visit_id = visit_named(secret)
        if visit_id is None:
            found = tx.shares.capabilities.find(secret_digest(secret))
            if found is None or not found.is_alive(at):
                raise ShareUnknown
            return _Key(found, None, found.share_id)
        visit = tx.shares.visits.get(visit_id, at)
        if visit is None or not _is_of(tx.shares.get(visit.share_id), visit, secret, guest):
            raise ShareUnknown
        return _Key(None, visit, visit.share_id)

    def _sources_of(self, tx: Transaction, edition: PackageEdition) -> Collection[SourceId]:
        """A revision of a tree never changes, so what it points into is asked once."""
        name = edition.tree_id, edition.revision
        return self._sources.get(name, lambda: tx.shares.sources(*name))


def _is_of(share: Share, visit: ShareVisit, token: str, guest: Guest) -> bool:
    """Whether the token is that of the visit, and who asks is the visitor."""
    is_visitor = visit.visitor == visitor_at(share, guest.address)
    return is_visitor and is_same(token, visit_token(share, visit))
