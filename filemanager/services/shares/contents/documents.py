"""A share as a list or in a format, its length known before its first byte."""

from collections.abc import Iterator
from dataclasses import dataclass

from filemanager.domain.blobs.chunks import part_of
from filemanager.exports.document import Measured, measured, written
from filemanager.exports.documents import DOCUMENTS
from filemanager.services.downloads import Download
from filemanager.services.shares.contents.listing import (
    ListingService,
    edition_under,
    short_tag,
    version_tag,
)
from filemanager.services.shares.memory import Measurements
from filemanager.services.shares.opening import Opened

_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class SharedDocument:
    download: Download
    media_type: str


class DocumentService:
    """What a document of a version measures is remembered: to find out, it is written once."""

    def __init__(self, listing: ListingService) -> None:
        self._listing = listing
        self._measured = Measurements[Measured](_REMEMBERED)

    def document(self, opened: Opened, base: str, name: str) -> SharedDocument:
        """One of those that there are, by its name. Raises ``ShareUnlisted``."""
        items, document = self._listing.items(opened), DOCUMENTS[name]
        edition, tag = edition_under(opened, base), version_tag(opened, base, name)
        size = self._measured.get(tag, lambda: measured([document], edition, items)[0])

        def stream(start: int, stop: int) -> Iterator[bytes]:
            return part_of(written(document, edition, items), start, stop)

        download = Download(
            name=name.rpartition("/")[2],
            size_bytes=size.size_bytes,
            tag=tag or short_tag(size.sha256),
            modified_at=edition.frozen_at,
            owner=None,
            stream=stream,
            sha256=size.sha256,
        )
        return SharedDocument(download, document.media_type)
