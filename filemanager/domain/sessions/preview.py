"""Previews: leave to see one file for a while, signed for a session and gone with it."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from filemanager.domain.ids import MAX_ID, Digest
from filemanager.domain.requests.secrets import signature
from filemanager.domain.sessions.session import WebSession, WebSessionId

PREVIEW_LASTS = timedelta(minutes=5)

_TOKEN = re.compile(
    r"([1-9][0-9]{0,18})\.([0-9]{1,11})\.([0-9a-f]{64})\.([A-Za-z0-9_-]*)\.[0-9a-f]{64}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPreview:
    """``name`` is what the file is called where it is kept; ``ends_at`` a whole second."""

    session_id: WebSessionId
    digest: Digest
    name: str
    ends_at: datetime


def preview_token(preview: SessionPreview, session: WebSession) -> str:
    """What stands in the path. It is signed with what is kept of the session, which nobody is told:
    so nothing is kept of a preview, and nothing signed is left when the session has ended.
    """
    said = (f"{preview.session_id}", f"{preview.ends_at.timestamp():.0f}", preview.digest)
    signed = signature(session.digest.encode(), "preview", *said, preview.name)
    name = urlsafe_b64encode(preview.name.encode()).decode().rstrip("=")
    return ".".join((*said, name, signed))


def preview_said(token: str) -> SessionPreview | None:
    """What it says, whoever wrote it; None: it is no token of a preview."""
    found = _TOKEN.fullmatch(token)
    if found is None or int(found[1]) > MAX_ID:
        return None
    try:
        name = urlsafe_b64decode(found[4] + "=" * (-len(found[4]) % 4)).decode()
    except ValueError:
        return None
    return SessionPreview(
        session_id=WebSessionId(int(found[1])),
        digest=Digest(found[3]),
        name=name,
        ends_at=datetime.fromtimestamp(int(found[2]), UTC),
    )
