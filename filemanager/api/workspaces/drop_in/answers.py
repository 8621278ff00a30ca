"""What the drop-in routes answer with."""

from http import HTTPStatus

from flask import Response, url_for

from filemanager.api.http.context import base_url
from filemanager.api.http.operations import Answer
from filemanager.api.http.responses import Shown, represent, send
from filemanager.api.http.views import Reason
from filemanager.api.workspaces.door import door
from filemanager.api.workspaces.drop_in.summary import headers_of, summary_of
from filemanager.api.workspaces.drop_in.views import DropInSummary
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.services.downloads import Download
from filemanager.services.workspaces.files import Received
from filemanager.services.workspaces.summary import Summary

STATE = ("ARXIV-OWNER", "ETag", "Last-Modified")
SUMMARY = Answer(DropInSummary, headers=STATE)
REASON = Answer(Reason, headers=STATE)
UPLOADED = Answer(DropInSummary, headers=("Location", *STATE))
BYTES = (*STATE, "Content-Length", "Content-Disposition", "Accept-Ranges")
UPLOAD_ERRORS = (400, 404, 413, 503)
READ_CONDITIONS = ("If-None-Match", "If-Match", "Range", "If-Range")


def tarball(download: Download) -> Response:
    """As the original sent packages and, oddly, logs too: clients know this type."""
    return send(download, Shown(tag=download.tag, media="application/tar+gzip", is_drop_in=True))


def uploaded(received: Received) -> Response:
    assert received.summary is not None  # noqa: S101  # the drop-in conditions always ask for it
    response = summarized(received.summary)
    response.status_code = HTTPStatus.CREATED
    response.headers["Location"] = workspace_url(received.workspace)
    return response


def workspace_url(workspace: Workspace) -> str:
    """Absolute: clients of the original split it at the host."""
    path = url_for("workspaces.get_workspace", workspace_id=workspace.id)
    return f"{base_url()}{path}"


def summarized(shown: Summary, reason: str | None = None) -> Response:
    body = summary_of(shown, locked=door().workspaces.is_locked(shown.workspace))
    if reason is not None:
        body["reason"] = reason
    return represent(body, headers=headers_of(shown.workspace, shown.checksum))


def turned(workspace: Workspace, what: str) -> Response:
    known = door().workspaces.named(workspace)
    headers = headers_of(known, known.tree.checksum or "")
    return represent({"reason": f"{what} workspace"}, headers=headers)
