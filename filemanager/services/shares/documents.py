"""A share as a list or in a format, its length known before its first byte."""

from collections.abc import Iterator
from dataclasses import dataclass

from filemanager.domain.blobs.chunks import part_of
from filemanager.exports.document import Measured, measured, written
from filemanager.exports.documents import DOCUMENTS
from filemanager.services.downloads import Download
from filemanager.services.shares.listing import ListingService, edition_under, tag_of
from filemanager.services.shares.opening import Opened

_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class SharedDocument:
    download: Download
    media_type: str


class DocumentService:
    """What a document measures is remembered: to find out, it is written once."""

    def __init__(self, listing: ListingService) -> None:
        self._listing = listing
        self._measured: dict[str, Measured] = {}

    def document(self, opened: Opened, base: str, name: str) -> SharedDocument:
        """One of those that there are, by its name. Raises ``ShareUnlisted``."""
        items, document = self._listing.items(opened), DOCUMENTS[name]
        edition, tag = edition_under(opened, base), tag_of(opened, base, name)
        size = self._measured.get(tag) or measured([document], edition, items)[0]
        if len(self._measured) >= _REMEMBERED:
            self._measured.clear()
        self._measured[tag] = size

        def stream(start: int, stop: int) -> Iterator[bytes]:
            return part_of(written(document, edition, items), start, stop)

        download = Download(
            name=name.rpartition("/")[2],
            size_bytes=size.size_bytes,
            tag=tag,
            modified_at=edition.frozen_at,
            owner=None,
            stream=stream,
            sha256=size.sha256,
        )
        return SharedDocument(download, document.media_type)
