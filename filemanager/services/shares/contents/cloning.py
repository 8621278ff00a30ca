"""Repositories of a share, for git: what there is to clone, and why there is not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ports import Database
from filemanager.domain.shares.errors import (
    PackNotReady,
    ShareNamesNoVersion,
    TooLargeForRepository,
)
from filemanager.domain.shares.pack import MAX_ITEMS, PackKind
from filemanager.exports.git.paths import PathGitRefuses
from filemanager.exports.listing import Edition, Items
from filemanager.services.shares.contents.listing import ListingService, edition_under
from filemanager.services.shares.contents.packing import MAKERS
from filemanager.services.shares.memory import Measurements
from filemanager.services.shares.opening import Opened

_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Clonable:
    """``references`` are names and commits."""

    references: Mapping[str, str]
    blob: StoredBlob
    blobs: BlobStore

    def pack(self) -> Iterator[bytes]:
        return self.blobs.read(self.blob)


class CloneService:
    def __init__(self, database: Database, blobs: BlobStore, listing: ListingService) -> None:
        self._database = database
        self._blobs = blobs
        self._listing = listing
        self._refused = Measurements[PathGitRefuses | None](_REMEMBERED)

    def repository(self, opened: Opened, kind: PackKind) -> Clonable:
        """Raises ``ShareUnlisted``, ``ShareNamesNoVersion``, ``TooLargeForRepository``,
        ``PathGitRefuses`` and ``PackNotReady``.
        """
        items, share = self._listing.items(opened), opened.share
        if share.number is None:
            raise ShareNamesNoVersion
        if opened.edition.items > MAX_ITEMS:
            raise TooLargeForRepository(MAX_ITEMS)
        with self._database.read() as tx:
            pack = tx.shares.packs.find(share.id, kind)
            found = {} if pack is None else tx.blobs.find([pack.digest])
        if pack is None:
            self._ensure_possible(opened, kind, items)
            raise PackNotReady
        return Clonable(dict(pack.refs), found[pack.digest], self._blobs)

    def _ensure_possible(self, opened: Opened, kind: PackKind, items: Items) -> None:
        """To tell what can never be made from what is not yet there, looked at once."""
        edition = opened.edition
        name = edition.tree_id, edition.revision, kind
        exported = edition_under(opened, opened.share.url)
        refusal = self._refused.get(name, lambda: _refusal(exported, kind, items))
        if refusal is not None:
            raise refusal.with_traceback(None)


def _refusal(edition: Edition, kind: PackKind, items: Items) -> PathGitRefuses | None:
    try:
        MAKERS[kind](edition, items)
    except PathGitRefuses as refusal:
        return refusal
    return None
