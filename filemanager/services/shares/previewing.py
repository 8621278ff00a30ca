"""Showing items of shares outside of their pages, where neither a password nor a cookie comes."""

from filemanager.domain.errors import Conflict, Forbidden, Gone, NotFound
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.previews import (
    PreviewNotFound,
    SignedPreview,
    preview_said,
    preview_token,
    preview_until,
)
from filemanager.domain.requests.secrets import is_same
from filemanager.domain.shares.capability import CapabilityId, ShareCapability
from filemanager.domain.shares.share import Share, ShareId
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import TreePath
from filemanager.services.downloads import Download
from filemanager.services.shares.contents.items import ItemService, SharedItem
from filemanager.services.shares.contents.previews import MAX_SHOWN_BYTES, PreviewService
from filemanager.services.shares.opening import Guest, Opened, ShareOpening

_NOBODY = Guest("", "")
_NO_CAPABILITY = 0


class SharePreviews:
    """Each is looked at anew as the share is, so that it ends with what opened the share."""

    def __init__(
        self,
        database: Database,
        opening: ShareOpening,
        items: ItemService,
        previews: PreviewService,
        clock: Clock,
    ) -> None:
        self._database = database
        self._opening = opening
        self._items = items
        self._previews = previews
        self._clock = clock

    def token(self, opened: Opened, shared: SharedItem) -> str:
        """Opens an item to whoever has it, for some minutes, and is no visit; asks nothing."""
        preview = SignedPreview(
            by=opened.share.id,
            of=opened.capability.id if opened.capability else _NO_CAPABILITY,
            path=shared.item.path,
            ends_at=preview_until(self._clock(), opened.ends_at),
        )
        return _signed(preview, opened.share, self._items.download(shared))

    def open(self, token: str) -> tuple[Download, str]:
        """What it was made for, and its media type, as long as the share shows it.

        Raises ``PreviewNotFound``, and ``SourceUnavailable`` where the bytes are elsewhere.
        """
        preview = preview_said(token)
        if preview.ends_at <= self._clock():
            raise PreviewNotFound
        try:
            return self._found(preview, token)
        except (NotFound, Forbidden, Gone, Conflict, PathRefused) as refused:
            raise PreviewNotFound from refused

    def _found(self, preview: SignedPreview, token: str) -> tuple[Download, str]:
        opened = self._opened(preview)
        shared = self._items.find(opened, TreePath.parse(preview.path))
        download = self._items.download(shared)
        is_ours = self._items.are_bytes_ours(shared) and download.size_bytes <= MAX_SHOWN_BYTES
        if not is_ours or not is_same(token, _signed(preview, opened.share, download)):
            raise PreviewNotFound
        self._items.ensure_there(shared)
        return download, self._previews.media_type(shared)

    def _opened(self, preview: SignedPreview) -> Opened:
        with self._database.read() as tx:
            share = tx.shares.get(ShareId(preview.by))
            edition = self._opening.ensure_alive(tx, share)
            capability = self._capability(tx, share, preview)
        place = f"/s/{share.slug}/"
        return Opened(
            share=share, edition=edition, place=place, guest=_NOBODY, capability=capability
        )

    def _capability(
        self, tx: Transaction, share: Share, preview: SignedPreview
    ) -> ShareCapability | None:
        if preview.of == _NO_CAPABILITY:
            return None
        found = tx.shares.capabilities.numbered(share.id, CapabilityId(preview.of))
        if found is None or not found.is_alive(self._clock()):
            raise PreviewNotFound
        return found


def _signed(preview: SignedPreview, share: Share, download: Download) -> str:
    """With the terms of the share as they are, so that others end it, and what the bytes are."""
    terms = (share.slug, f"{share.number}", share.password or "", " ".join(sorted(share.audience)))
    return preview_token(preview, share.key, *terms, download.tag)
