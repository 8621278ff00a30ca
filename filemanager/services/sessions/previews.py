"""Showing files outside of the pages, where no cookie comes."""

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Forbidden, NotFound
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.previews import (
    PREVIEW_LASTS,
    PreviewNotFound,
    SignedPreview,
    preview_said,
    preview_token,
    preview_until,
)
from filemanager.domain.requests.secrets import is_same
from filemanager.domain.sessions.session import WebSession, WebSessionId
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import Entry, locate
from filemanager.services.downloads import Download
from filemanager.services.workspaces.summary import live


class SessionPreviews:
    """Of files of workspaces: each is looked at anew by who may see it now."""

    def __init__(self, database: Database, blobs: BlobStore, clock: Clock) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock

    def token(self, session: WebSession, workspace_id: WorkspaceId, entry: Entry) -> str | None:
        """Opens a file that the session may read; None: nothing of its owner is shown there."""
        with self._database.read() as tx:
            if tx.blocked_owners.holds(tx.workspaces.get(workspace_id).owner):
                return None
        preview = SignedPreview(
            by=session.id,
            of=workspace_id,
            path=entry.public_path,
            ends_at=preview_until(self._clock()),
        )
        return _signed(preview, session, entry)

    def open(self, token: str) -> Download:
        """What it was made for, as long as that is there and the session may read it.

        Raises ``PreviewNotFound``.
        """
        preview = preview_said(token)
        with self._database.read() as tx:
            session = self._session(tx, preview)
            entry = _entry(tx, session, preview)
            if not is_same(token, _signed(preview, session, entry)):
                raise PreviewNotFound
            blob = tx.blobs.find([entry.digest])[entry.digest]
        return Download(
            name=entry.path.name,
            size_bytes=blob.size_bytes,
            tag=entry.digest,
            modified_at=preview.ends_at - PREVIEW_LASTS,
            owner=None,
            stream=lambda start, stop: self._blobs.read(blob, start, stop),
            sha256=entry.digest,
        )

    def _session(self, tx: Transaction, preview: SignedPreview) -> WebSession:
        at = self._clock()
        session = tx.sessions.numbered(WebSessionId(preview.by))
        if session is None or not session.is_alive(at) or preview.ends_at <= at:
            raise PreviewNotFound
        return session


def _entry(tx: Transaction, session: WebSession, preview: SignedPreview) -> Entry:
    """As the page of the file finds it, for its session."""
    workspace_id = WorkspaceId(preview.of)
    try:
        workspace = live(tx, workspace_id)
        session.caller.ensure_may(Scope.READ, workspace.owner, str(workspace_id))
        area, path = locate(preview.path)
    except (NotFound, Forbidden, PathRefused) as refused:
        raise PreviewNotFound from refused
    if tx.blocked_owners.holds(workspace.owner):
        raise PreviewNotFound
    entry = tx.trees.view(workspace.tree).find(area, path)
    if entry is None:
        raise PreviewNotFound
    return entry


def _signed(preview: SignedPreview, session: WebSession, entry: Entry) -> str:
    """With what is kept of the session, so that nothing signed is left when it has ended."""
    return preview_token(preview, session.digest.encode(), entry.digest)
