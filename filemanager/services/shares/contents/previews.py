"""What a page shows of an item itself."""

from enum import StrEnum

from filemanager.domain.blobs.shown import PICTURES
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.packages.data_package import BlobBehind, Item
from filemanager.domain.ports import Database

MAX_PREVIEW_BYTES = 256 << 10
"""Of a text."""

_MARKDOWN = (".md", ".markdown")


class PreviewKind(StrEnum):
    MARKDOWN = "markdown"
    TEXT = "text"
    PICTURE = "picture"


def preview_kind(item: Item) -> PreviewKind | None:
    """None: nothing is shown of it. Never SVG or HTML as such, which could do something."""
    if item.media_type in PICTURES:
        return PreviewKind.PICTURE
    behind = item.behind
    is_text = isinstance(behind, BlobBehind) and behind.is_text
    if not is_text or behind.size_bytes > MAX_PREVIEW_BYTES:
        return None
    return PreviewKind.MARKDOWN if item.path.lower().endswith(_MARKDOWN) else PreviewKind.TEXT


class PreviewService:
    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs

    def text(self, item: Item) -> str | None:
        """None: it is none that is shown."""
        behind = item.behind
        if preview_kind(item) in (None, PreviewKind.PICTURE) or not isinstance(behind, BlobBehind):
            return None
        with self._database.read() as tx:
            blob = tx.blobs.find([behind.digest])[behind.digest]
        return b"".join(self._blobs.read(blob)).decode("utf-8", "replace")
