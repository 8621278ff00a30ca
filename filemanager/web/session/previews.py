"""Addresses of previews: on the content origin, for who is signed in."""

from filemanager.api.http.front.hosts import CONTENT
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.trees.tree import Entry
from filemanager.web.door import door
from filemanager.web.session.cookies import sent_session


def preview_address(workspace_id: WorkspaceId, entry: Entry) -> str | None:
    """Of a file that the session may read; it is good for some minutes. None: there is no content
    origin, or nothing of its owner is to be shown there.
    """
    origin, session = door().content_origin, sent_session()
    if origin is None or session is None:
        return None
    token = door().previews.token(session, workspace_id, entry)
    return None if token is None else f"{origin}{CONTENT}/{token}"
