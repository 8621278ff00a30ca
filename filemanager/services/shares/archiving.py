"""A share as one archive: texts and small files in it, the rest by where to fetch it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice

from filemanager.archives.out.stored import StoredMember, stored_zip, stored_zip_bytes
from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Database
from filemanager.exports.bag.members import (
    BagMember,
    MadeContent,
    PlannedBag,
    members_of,
    planned,
)
from filemanager.exports.listing import Items, ListedItem
from filemanager.exports.naming import stem_of
from filemanager.services.downloads import Download
from filemanager.services.shares.listing import (
    ListingService,
    edition_under,
    known_digest,
    tag_of,
)
from filemanager.services.shares.opening import Opened

_NAME = "package.zip"
_REMEMBERED = 100
_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Measured:
    bag: PlannedBag
    size_bytes: int


class ArchiveService:
    """What an archive measures is remembered: to find out, every item is looked at four times."""

    def __init__(self, database: Database, blobs: BlobStore, listing: ListingService) -> None:
        self._database = database
        self._blobs = blobs
        self._listing = listing
        self._measured: dict[str, _Measured] = {}

    def archive(self, opened: Opened, base: str) -> Download:
        """Its length is known before its first byte. Raises ``ShareUnlisted``."""
        items = self._listing.items(opened)
        tag = tag_of(opened, base, _NAME)
        measured = self._measured.get(tag) or self._measure(opened, base, items)
        if len(self._measured) >= _REMEMBERED:
            self._measured.clear()
        self._measured[tag] = measured
        return Download(
            name=f"{stem_of(measured.bag.edition)}.zip",
            size_bytes=measured.size_bytes,
            tag=tag,
            modified_at=opened.edition.frozen_at,
            owner=None,
            stream=partial(self._stream, measured.bag, items),
        )

    def _measure(self, opened: Opened, base: str, items: Items) -> _Measured:
        edition = edition_under(opened, base)
        bag = planned(edition, items)

        def members() -> Iterator[StoredMember]:
            return map(_sized, members_of(bag, items))

        return _Measured(bag, stored_zip_bytes(members, edition.frozen_at))

    def _stream(self, bag: PlannedBag, items: Items, start: int, stop: int) -> Iterator[bytes]:
        def members() -> Iterator[StoredMember]:
            return self._members(bag, items)

        return stored_zip(members, bag.edition.frozen_at, start, stop)

    def _members(self, bag: PlannedBag, items: Items) -> Iterator[StoredMember]:
        every = members_of(bag, items)
        while batch := list(islice(every, _BATCH)):
            wanted = [
                known_digest(one.content) for one in batch if isinstance(one.content, ListedItem)
            ]
            with self._database.read() as tx:
                found = tx.blobs.find(wanted)
            for member in batch:
                yield self._member(member, found)

    def _member(self, member: BagMember, found: Mapping[Digest, StoredBlob]) -> StoredMember:
        content = member.content
        if isinstance(content, MadeContent):
            return StoredMember(member.path, content.size_bytes, content.crc32, content.chunks)
        blob = found[known_digest(content)]
        chunks = partial(self._blobs.read, blob)
        return StoredMember(member.path, blob.size_bytes, blob.crc32, chunks)


def _sized(member: BagMember) -> StoredMember:
    """What is looked at for its size alone."""
    return StoredMember(member.path, member.content.size_bytes, 0, lambda: ())
