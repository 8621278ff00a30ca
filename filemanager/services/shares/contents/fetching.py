"""Items by their digests, as DVC and Git LFS ask for them."""

from collections.abc import Collection, Iterator, Mapping

from filemanager.domain.blobs.chunks import part_of
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Database
from filemanager.domain.shares.errors import ShareObjectUnknown
from filemanager.exports.git.dvc.directory import DvcDirectory, directory_listing, directory_of
from filemanager.services.downloads import Download
from filemanager.services.shares.contents.items import ItemService, SharedItem
from filemanager.services.shares.contents.listing import ListingService, ensure_listed
from filemanager.services.shares.memory import Measurements
from filemanager.services.shares.opening import Opened

_REMEMBERED = 1000


class DigestService:
    def __init__(self, database: Database, items: ItemService, listing: ListingService) -> None:
        self._database = database
        self._items = items
        self._listing = listing
        self._directories = Measurements[DvcDirectory](_REMEMBERED)

    def by_md5(self, opened: Opened, md5: str) -> SharedItem:
        """Raises ``ShareUnlisted`` and ``ShareObjectUnknown``."""
        ensure_listed(opened)
        edition = opened.edition
        with self._database.read() as tx:
            paths = tx.shares.paths_of_md5(edition.tree_id, edition.revision, md5)
        for shared in self._items.find_all(opened, paths).values():
            if shared.item.md5 == md5:
                return shared
        raise ShareObjectUnknown

    def by_sha256(self, opened: Opened, digests: Collection[Digest]) -> Mapping[Digest, SharedItem]:
        """Those that there are, asked for at once. Raises ``ShareUnlisted``."""
        ensure_listed(opened)
        edition = opened.edition
        with self._database.read() as tx:
            paths = tx.shares.paths_of_sha256s(edition.tree_id, edition.revision, digests)
        found = self._items.find_all(opened, paths).values()
        # What was pending when the version was frozen has no digest in it, for good.
        return {one.item.sha256: one for one in found if one.item.sha256 is not None}

    def dvc_directory(self, opened: Opened, md5: str) -> Download:
        """The list that the repository of DVC names. Raises like ``by_md5``."""
        items, number = self._listing.items(opened), opened.edition.number
        if number is None:
            raise ShareObjectUnknown
        name = opened.edition.package_id, number
        directory = self._directories.get(name, lambda: directory_of(items))
        if directory.md5 != md5:
            raise ShareObjectUnknown

        def stream(start: int, stop: int) -> Iterator[bytes]:
            return part_of(directory_listing(items), start, stop)

        return Download(
            name=f"{md5}.dir",
            size_bytes=directory.listing_bytes,
            tag=md5,
            modified_at=opened.edition.frozen_at,
            owner=None,
            stream=stream,
        )
