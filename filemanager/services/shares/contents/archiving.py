"""A share as one archive: texts and small files in it, the rest by where to fetch it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

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
from filemanager.services.shares.contents.listing import (
    ListingService,
    edition_under,
    known_digest,
    short_tag,
    version_tag,
)
from filemanager.services.shares.memory import Measurements
from filemanager.services.shares.opening import Opened

_NAME = "package.zip"
_REMEMBERED = 100
_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Measured:
    bag: PlannedBag
    size_bytes: int


class ArchiveService:
    """What the archive of a version measures is remembered: to find out, every item is looked at
    four times.
    """

    def __init__(self, database: Database, blobs: BlobStore, listing: ListingService) -> None:
        self._database = database
        self._blobs = blobs
        self._listing = listing
        self._measured = Measurements[_Measured](_REMEMBERED)

    def archive(self, opened: Opened, base: str) -> Download:
        """Its length is known before its first byte. Raises ``ShareUnlisted``."""
        items, tag = self._listing.items(opened), version_tag(opened, base, _NAME)
        measured = self._measured.get(tag, lambda: self._measure(opened, base, items))
        return Download(
            name=f"{stem_of(measured.bag.edition)}.zip",
            size_bytes=measured.size_bytes,
            tag=tag or short_tag(*(size.sha256 for _, size in measured.bag.tags)),
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
        """Blobs are looked up for some members at once; none is waited for by what comes before
        them.
        """
        waiting: list[BagMember] = []
        for member in members_of(bag, items):
            is_made = isinstance(member.content, MadeContent)
            if waiting and (is_made or len(waiting) == _BATCH):
                yield from self._looked_up(waiting)
                waiting.clear()
            if is_made:
                yield self._member(member, {})
            else:
                waiting.append(member)
        yield from self._looked_up(waiting)

    def _looked_up(self, members: Sequence[BagMember]) -> Iterator[StoredMember]:
        ours = [one.content for one in members if isinstance(one.content, ListedItem)]
        with self._database.read() as tx:
            found = tx.blobs.find([known_digest(item) for item in ours])
        return (self._member(member, found) for member in members)

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
