"""What a page shows of an item itself: told by its bytes, once somebody looks at it."""

from dataclasses import dataclass
from enum import StrEnum

from filemanager.domain.blobs.shown import PDF, PICTURES, shown_as
from filemanager.domain.packages.data_package import BlobBehind, Item
from filemanager.domain.packages.media_types import ANY_BYTES
from filemanager.domain.packages.texts import TAKEN_AS_THEY_ARE, TEXT_TYPES
from filemanager.services.facts import HEAD_BYTES, FactService
from filemanager.services.shares.contents.items import ItemService, SharedItem

MAX_TEXT_BYTES = 256 << 10
"""Of a text in a page."""

MAX_SHOWN_BYTES = 16 << 20
"""Of a picture, a PDF or a long text: what is larger is for downloads."""

_MARKDOWN = (".md", ".markdown")
_TEXTS = frozenset(
    media for extension, media in TEXT_TYPES.items() if extension not in TAKEN_AS_THEY_ARE
)


class PreviewKind(StrEnum):
    MARKDOWN = "markdown"
    TEXT = "text"
    PICTURE = "picture"
    TAB = "tab"
    """A PDF, or a long text: in a tab of its own."""


_BY_TYPE = {**dict.fromkeys(PICTURES, PreviewKind.PICTURE), PDF: PreviewKind.TAB}


@dataclass(frozen=True, slots=True)
class ItemPreview:
    """``kind`` None: its bytes are not what its name promises."""

    kind: PreviewKind | None
    text: str | None = None


class PreviewService:
    """*has_tabs*: there is an origin where a browser may open a file itself."""

    def __init__(self, items: ItemService, facts: FactService, *, has_tabs: bool) -> None:
        self._items = items
        self._facts = facts
        self._has_tabs = has_tabs

    def promised(self, shared: SharedItem) -> PreviewKind | None:
        """What its name lets hope for; None: nothing is shown of it. Nothing is read.

        Of what a browser would have to fetch from elsewhere nothing is shown: nobody looked at
        it, and who keeps it would learn who reads the page.
        """
        kind = _named(shared.item)
        if kind is PreviewKind.TAB and not self._has_tabs:
            return None
        return kind if self._items.are_bytes_ours(shared) else None

    def of(self, shared: SharedItem) -> ItemPreview:
        """What is shown of what is ``promised``. Raises like ``ItemService.ensure_there``."""
        self._items.ensure_there(shared)
        kind = _named(shared.item)
        if kind in (PreviewKind.MARKDOWN, PreviewKind.TEXT):
            text = self.text(shared)
            return ItemPreview(None if text is None else kind, text)
        media = self.media_type(shared)
        if media in PICTURES:
            return ItemPreview(PreviewKind.PICTURE)
        return ItemPreview(PreviewKind.TAB if self._has_tabs and shown_as(media) else None)

    def text(self, shared: SharedItem) -> str | None:
        """All of it; None: it is none."""
        data = b"".join(self._items.download(shared).stream(0, shared.item.size_bytes))
        try:
            return None if b"\0" in data else data.decode()
        except UnicodeDecodeError:
            return None

    def media_type(self, shared: SharedItem) -> str:
        behind = shared.item.behind
        if isinstance(behind, BlobBehind):
            return self._facts.media_type(behind.digest)
        start = min(HEAD_BYTES, shared.item.size_bytes)
        return self._facts.guessed(b"".join(self._items.download(shared).stream(0, start)))


def _named(item: Item) -> PreviewKind | None:
    """Never SVG or HTML as such, which could do something."""
    if item.size_bytes > MAX_SHOWN_BYTES:
        return None
    if not _may_be_text(item):
        return _BY_TYPE.get(item.media_type)
    if item.size_bytes > MAX_TEXT_BYTES:
        return PreviewKind.TAB
    return PreviewKind.MARKDOWN if item.path.lower().endswith(_MARKDOWN) else PreviewKind.TEXT


def _may_be_text(item: Item) -> bool:
    """Workspaces hold texts with names that say nothing here, as those of TeX."""
    is_kept = isinstance(item.behind, BlobBehind)
    return item.media_type in _TEXTS or (is_kept and item.media_type == ANY_BYTES)
