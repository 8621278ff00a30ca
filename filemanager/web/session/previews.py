"""Addresses of previews: on the content origin, for who is signed in."""

from filemanager.api.http.front.hosts import CONTENT
from filemanager.domain.ids import Digest
from filemanager.web.door import door
from filemanager.web.session.cookies import sent_session


def preview_address(digest: Digest, name: str) -> str | None:
    """Of a file that the session may read; it is good for some minutes. None: there is no content
    origin.
    """
    origin, session = door().content_origin, sent_session()
    if origin is None or session is None:
        return None
    return f"{origin}{CONTENT}/{door().previews.token(session, digest, name)}"
