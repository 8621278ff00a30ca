"""Showing files outside of the pages, where no cookie comes."""

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Clock, Database
from filemanager.domain.requests.secrets import is_same
from filemanager.domain.sessions.errors import PreviewNotFound
from filemanager.domain.sessions.preview import (
    PREVIEW_LASTS,
    SessionPreview,
    preview_said,
    preview_token,
)
from filemanager.domain.sessions.session import WebSession
from filemanager.services.downloads import Download


class SessionPreviews:
    def __init__(self, database: Database, blobs: BlobStore, clock: Clock) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock

    def token(self, session: WebSession, digest: Digest, name: str) -> str:
        """Opens a blob that the session may read; asks nothing."""
        ends_at = self._clock().replace(microsecond=0) + PREVIEW_LASTS
        preview = SessionPreview(session_id=session.id, digest=digest, name=name, ends_at=ends_at)
        return preview_token(preview, session)

    def open(self, token: str) -> Download:
        """What it was made for, as long as that is to be seen. Raises ``PreviewNotFound``."""
        preview, at = preview_said(token), self._clock()
        if preview is None or preview.ends_at <= at:
            raise PreviewNotFound
        with self._database.read() as tx:
            session = tx.sessions.numbered(preview.session_id)
            if session is None or not is_same(token, preview_token(preview, session)):
                raise PreviewNotFound
            blob = tx.blobs.find([preview.digest]).get(preview.digest)
        if blob is None or not session.is_alive(at):
            raise PreviewNotFound
        return Download(
            name=preview.name,
            size_bytes=blob.size_bytes,
            tag=preview.digest,
            modified_at=preview.ends_at - PREVIEW_LASTS,
            owner=None,
            stream=lambda start, stop: self._blobs.read(blob, start, stop),
            sha256=preview.digest,
        )
