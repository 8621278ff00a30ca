"""What the drop-in routes answer with."""

import json
from functools import lru_cache
from http import HTTPStatus

from flask import Response

from filemanager.api.http.context import caller
from filemanager.api.http.front.references import absolute
from filemanager.api.http.operations import Answer
from filemanager.api.http.preconditions import preconditions
from filemanager.api.http.responses import Shown, represent, represent_text, send
from filemanager.api.http.views import Reason
from filemanager.api.workspaces.door import API, door
from filemanager.api.workspaces.drop_in.summary import changed_at, headers_of, summary_of
from filemanager.api.workspaces.drop_in.views import DropInSummary
from filemanager.domain.caller import Caller
from filemanager.domain.requests.preconditions import State
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

_RENDERED = 256


def tarball(download: Download) -> Response:
    """As the original sent packages and, oddly, logs too: clients know this type."""
    return send(download, Shown(tag=download.tag, media="application/tar+gzip", is_drop_in=True))


def uploaded(received: Received) -> Response:
    assert received.summary is not None  # noqa: S101  # the drop-in preconditions always ask for it
    response = summarized(received.summary)
    response.status_code = HTTPStatus.CREATED
    response.headers["Location"] = workspace_url(received.workspace)
    return response


def workspace_url(workspace: Workspace) -> str:
    """Absolute: clients of the original split it at the host."""
    return absolute(f"{API}/{workspace.id}")


def summarized(shown: Summary, reason: str | None = None) -> Response:
    body = summary_of(shown, locked=door().workspaces.is_locked(shown.workspace))
    if reason is not None:
        body["reason"] = reason
    return represent(body, headers=headers_of(shown.workspace, shown.checksum))


def summarized_unless_known(shown: Summary) -> Response:
    """The summary; 304 by the date alone, since a lock or a finding changes no tag of content."""
    asked = preconditions()
    state = State(frozenset({shown.checksum}), changed_at(shown.workspace))
    asked.ensure_current(state)
    if asked.if_none_match is None and asked.is_known(state):
        headers = headers_of(shown.workspace, shown.checksum)
        return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    text = _rendered(shown, caller(), locked=door().workspaces.is_locked(shown.workspace))
    return represent_text(text, headers_of(shown.workspace, shown.checksum))


@lru_cache(maxsize=_RENDERED)
def _rendered(shown: Summary, _for: Caller, *, locked: bool) -> str:
    """Who asks is told what they were told before, and nobody else is."""
    return json.dumps(summary_of(shown, locked=locked))


def turned(workspace: Workspace, what: str) -> Response:
    known = door().workspaces.named(workspace)
    headers = headers_of(known, known.tree.checksum or "")
    return represent({"reason": f"{what} workspace"}, headers=headers)
