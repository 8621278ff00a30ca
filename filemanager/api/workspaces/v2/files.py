"""Files, v2: raw bytes in and out, moved, deleted, brought back."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller, services
from filemanager.api.http.front.references import relative
from filemanager.api.http.operations import BYTES, Answer, View, operation
from filemanager.api.http.paging import entry_of, next_link
from filemanager.api.http.preconditions import ON_CHANGE, ON_DOWNLOAD, preconditions
from filemanager.api.http.preferences import (
    ensure_plain_body,
    prefers_minimal,
    wants_md5,
)
from filemanager.api.http.reads import read
from filemanager.api.http.requests import read_body
from filemanager.api.http.responses import OF_DIGESTED_BYTES, Shown, quoted, represent, send
from filemanager.api.workspaces.door import V2, door
from filemanager.api.workspaces.guard import Owns
from filemanager.api.workspaces.v2 import views, wishes
from filemanager.api.workspaces.v2.answers import (
    UNCHANGED,
    changes_of,
    living,
    shown,
    shown_again,
    view,
)
from filemanager.domain.caller import Scope
from filemanager.domain.ids import Digest, WorkspaceId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.errors import FileNotFound, PathRefused
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.listing import EntryPage, EntryQuery
from filemanager.domain.trees.tree import TreePath, locate
from filemanager.sanitize.inspection import Sent
from filemanager.services.downloads import Download
from filemanager.services.workspaces.files import Received
from filemanager.services.workspaces.upload import Conditions

files = Blueprint("files", __name__, url_prefix="/workspaces/<id:workspace_id>")

_SAFE_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "text/plain"})


@files.get("/entries")
@operation(
    guard=Owns(Scope.READ),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.EntryList, headers=("ETag", "Link")), 304: UNCHANGED},
)
def list_entries(workspace_id: int, query: wishes.EntryListQuery) -> ResponseReturnValue:
    """List the files with all that is known of them; removed ones with the reason."""
    identity = WorkspaceId(workspace_id)
    revision = door().reading.revision(identity, query.revision)
    page = door().reading.entries(
        identity,
        EntryQuery(
            revision=revision,
            area=query.area,
            kind=query.kind,
            contains=query.q,
            after=entry_of(query.cursor),
            limit=query.limit,
        ),
    )
    facts = door().facts.of([entry.digest for entry in page.entries])
    findings = _by_place(door().reading.findings(identity, revision)[1])
    listed = views.EntryList(
        revision=revision,
        entries=[
            views.entry_view(one, facts[one.digest], findings.get((one.area, one.path), []))
            for one in page.entries
        ],
    )
    # What becomes known later is told in the same revision.
    unknown = sum(one.md5 is None for one in facts.values())
    tag = f"{revision}-{unknown}" if unknown else revision
    return read(listed, tag=tag, headers=next_link(_following(page)))


@files.get("/files")
@operation(
    guard=Owns(Scope.READ),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.FileList, headers=("ETag", "Link")), 304: UNCHANGED},
)
def list_files(workspace_id: int, query: wishes.FileListQuery) -> ResponseReturnValue:
    """List what is in the files and where they lie in ``content.tar.gz``; no more is looked up."""
    identity = WorkspaceId(workspace_id)
    revision = door().reading.revision(identity, query.revision)
    asked = EntryQuery(revision=revision, after=entry_of(query.cursor), limit=query.limit)
    page = door().reading.entries(identity, asked)
    listed = views.file_list(revision, page)
    return read(listed, tag=f"{revision}-files", headers=next_link(_following(page)))


@files.put("/files/<public_path:path>")
@operation(
    guard=Owns(Scope.UPDATE),
    sends=BYTES,
    errors=(400, 404, 409, 412, 413, 415),
    accepts=(*ON_CHANGE, "Repr-Digest", "Content-Digest", "Prefer"),
    answers={201: Answer(views.UploadView, headers=("ETag", "Location", "Preference-Applied"))},
)
def put_file(workspace_id: int, path: str, query: wishes.UploadQuery) -> ResponseReturnValue:
    """Put the bytes of a file, or an archive to be unpacked beside that path.

    ``Location`` is what the file became, under the name that the checks gave it; none where they
    removed or unpacked it. There is an ``ETag`` only where the bytes are those sent. ``changes``
    tells all that the checks did.
    """
    workspace = door().workspaces.get(WorkspaceId(workspace_id))
    area, place = _place_of(path)
    ensure_plain_body()
    door().files.ensure_open(workspace)
    conditions = Conditions(of_file=preconditions(), wants_summary=False)
    with services().intake.spool(request.content_length) as spool:
        sent = Sent(area, place, read_body(spool), unpack=query.unpack)
        received = door().files.add(caller(), workspace, [sent], spool, conditions=conditions)
    return _put_answer(received, sent)


@files.get("/files/<public_path:path>")
@operation(
    guard=Owns(Scope.READ),
    errors=(404,),
    accepts=(*ON_DOWNLOAD, "Want-Repr-Digest"),
    answers={200: Answer(media="application/octet-stream", headers=OF_DIGESTED_BYTES)},
)
def get_file(workspace_id: int, path: str, query: wishes.InlineQuery) -> ResponseReturnValue:
    """Get the bytes of a file."""
    download = door().content.file(WorkspaceId(workspace_id), path)
    digest = Digest(download.tag)
    media = door().facts.media_type(digest)
    is_inline = query.inline and media in _SAFE_INLINE
    shown = Shown(tag=quoted(digest), media=media, is_attachment=not is_inline)
    response = send(download, shown)
    if wants_md5() and "Repr-Digest" in response.headers:
        md5 = door().facts.md5(digest)
        response.headers["Repr-Digest"] += f", md5=:{b64encode(bytes.fromhex(md5)).decode()}:"
    return response


@files.delete("/files/<public_path:path>")
@operation(
    guard=Owns(Scope.DELETE),
    errors=(404, 412),
    accepts=ON_CHANGE,
    answers={200: Answer(views.WorkspaceView, headers=("ETag",))},
)
def delete_file(workspace_id: int, path: str) -> ResponseReturnValue:
    """Delete a file, or with a closing slash a directory; it can be brought back.

    ``If-Match`` names the file's digest, for a directory the workspace's revision.
    """
    deleted = door().editing.delete(caller(), living(workspace_id), path, preconditions())
    return shown(deleted.workspace)


@files.post("/files:move")
@operation(
    guard=Owns(Scope.UPDATE),
    errors=(400, 404, 409, 412),
    accepts=ON_CHANGE,
    answers={200: Answer(views.WorkspaceView, headers=("ETag",))},
    again=shown_again,
)
def move_file(workspace_id: int, body: wishes.MoveWish) -> ResponseReturnValue:
    """Rename a file; never over another.

    ``If-Match`` names the file's digest or the workspace's revision.
    """
    paths = (body.source, body.target)
    moved = door().editing.move(caller(), living(workspace_id), paths, preconditions())
    return shown(moved.workspace)


@files.post("/files:undelete")
@operation(
    guard=Owns(Scope.UPDATE),
    errors=(400, 404, 409, 412, 413),
    accepts=ON_CHANGE,
    answers={200: Answer(views.WorkspaceView, headers=("ETag",))},
    again=shown_again,
)
def undelete_file(workspace_id: int, body: wishes.UndeleteWish) -> ResponseReturnValue:
    """Bring back what a person deleted or a check took for junk; never what a check refused.

    With a ``change`` of ``/changes``: the bytes that the file at the path had before it, for as
    long as the file is there, whatever name it has by now. No check rewrites them again.
    ``If-Match`` names the file's digest or the workspace's revision.
    """
    identity, asked = living(workspace_id), preconditions()
    if body.change is None:
        back = door().editing.undelete(caller(), identity, body.path, asked)
    else:
        back = door().editing.undo(caller(), identity, (body.path, body.change), asked)
    return shown(back.workspace)


def _archive(media: str) -> Callable[[View], View]:
    return operation(
        guard=Owns(Scope.READ),
        errors=(404,),
        accepts=ON_DOWNLOAD,
        answers={200: Answer(media=media, headers=OF_DIGESTED_BYTES)},
    )


@files.get("/content.tar.gz")
@_archive("application/gzip")
def get_content_tar(workspace_id: int) -> ResponseReturnValue:
    """Get all files as one tar.gz."""
    return _sent(door().content.archive(WorkspaceId(workspace_id)), "tgz1", "application/gzip")


@files.get("/content.zip")
@_archive("application/zip")
def get_content_zip(workspace_id: int) -> ResponseReturnValue:
    """Get all files as one zip, with their SHA-256 in ``manifest-sha256.txt``."""
    return _sent(door().content.zip_archive(WorkspaceId(workspace_id)), "zip1", "application/zip")


def _sent(archive: Download, form: str, media: str) -> Response:
    """The ETag names form and encoder: a resumed download never mixes two."""
    return send(archive, Shown(tag=quoted(f"{archive.tag}-{form}"), media=media))


def _place_of(path: str) -> tuple[Area, TreePath]:
    """A path in the URL that no tree can hold is an unknown one."""
    try:
        return locate(path)
    except PathRefused as refused:
        raise FileNotFound(refused.message) from refused


def _put_answer(received: Received, sent: Sent) -> Response:
    """The ETag names the bytes sent, so there is none where checks changed them."""
    headers = {}
    if (entry := received.entry) is not None:
        base = f"{V2}/workspaces/{received.workspace.id}/files"
        headers["Location"] = relative(f"{base}/{quote(entry.public_path)}")
        if entry.digest == sent.content.digest:
            headers["ETag"] = quoted(entry.digest)
    if prefers_minimal():
        headers["Preference-Applied"] = "return=minimal"
        return Response(status=HTTPStatus.CREATED, headers=headers)
    changes = changes_of(received.altered)
    body = views.UploadView(workspace=view(received.workspace), changes=changes)
    return represent(body, HTTPStatus.CREATED, headers)


def _following(page: EntryPage) -> list[str] | None:
    return page.next_after and [str(page.next_after[0]), page.next_after[1]]


def _by_place(findings: Sequence[Finding]) -> dict[tuple[Area | None, str | None], list[Finding]]:
    found: dict[tuple[Area | None, str | None], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.area, finding.path), []).append(finding)
    return found
