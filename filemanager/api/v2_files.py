"""Files, v2: raw bytes in and out, moved, deleted, brought back."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from filemanager.api import views
from filemanager.api.context import caller, services
from filemanager.api.dialects import V2
from filemanager.api.guards import Owns
from filemanager.api.operations import BYTES, Answer, operation
from filemanager.api.paging import next_link, place_of
from filemanager.api.requests import read_body, tags_of
from filemanager.api.responses import Shown, not_modified, quoted, represent, send
from filemanager.api.v2_workspaces import shown, view
from filemanager.domain.areas import Area
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Malformed
from filemanager.domain.findings import Finding
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.listing import EntryQuery
from filemanager.domain.tree import locate
from filemanager.sanitize.inspection import Sent
from filemanager.services.files import Received, Terms

v2_files = Blueprint("v2_files", __name__, url_prefix=f"{V2}/workspaces/<id:workspace_id>")

_READ = ("If-None-Match", "If-Match", "Range", "If-Range")
_BYTES = ("ETag", "Content-Length", "Accept-Ranges", "Repr-Digest", "Content-Disposition")
_SAFE_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "text/plain"})


@v2_files.get("/entries")
@operation(
    guard=Owns(Scope.READ),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.EntryList, headers=("ETag", "Link"))},
)
def entries(workspace_id: int, query: views.EntryListQuery) -> ResponseReturnValue:
    """List the files with all that is known of them; removed ones with the reason."""
    identity = WorkspaceId(workspace_id)
    revision = services().reading.revision(identity, query.revision)
    page = services().reading.entries(
        identity,
        EntryQuery(
            revision=revision,
            area=query.area,
            kind=query.kind,
            contains=query.q,
            after=_after(query.cursor),
            limit=query.limit,
        ),
    )
    facts = services().facts.of([entry.digest for entry in page.entries])
    findings = _by_place(services().reading.findings(identity)[1])
    listed = views.EntryList(
        revision=revision,
        entries=[
            views.entry_view(one, facts[one.digest], findings.get((one.area, one.path), []))
            for one in page.entries
        ],
    )
    after = page.next_after and [str(page.next_after[0]), page.next_after[1]]
    headers = {"ETag": quoted(revision), **next_link(after)}
    return not_modified(quoted(revision)) or represent(listed, headers=headers)


@v2_files.put("/files/<public_path:path>")
@operation(
    guard=Owns(Scope.UPDATE),
    sends=BYTES,
    errors=(400, 404, 409, 412, 413, 503),
    accepts=("If-Match", "If-None-Match", "Repr-Digest", "Content-Digest", "Prefer"),
    answers={201: Answer(views.UploadView, headers=("ETag", "Location"))},
)
def put(workspace_id: int, path: str, query: views.UploadQuery) -> ResponseReturnValue:
    """Put the bytes of a file, or an archive to be unpacked beside that path."""
    identity = WorkspaceId(workspace_id)
    area, place = locate(path)
    services().files.ensure_writable(identity)
    terms = Terms(
        if_match=tags_of("If-Match"),
        is_new=tags_of("If-None-Match") == frozenset("*"),
        wants_summary=False,
    )
    with services().intake.spool(request.content_length) as spool:
        sent = Sent(area, place, read_body(spool), unpack=query.unpack)
        received = services().files.add(caller(), identity, sent, spool, terms=terms)
    return _put_answer(received, sent)


@v2_files.get("/files/<public_path:path>")
@operation(
    guard=Owns(Scope.READ),
    errors=(404, 412, 416),
    accepts=_READ,
    answers={
        200: Answer(media="application/octet-stream", headers=_BYTES),
        206: Answer(media="application/octet-stream", headers=(*_BYTES, "Content-Range")),
        304: Answer(headers=("ETag",)),
    },
)
def get(workspace_id: int, path: str, query: views.InlineQuery) -> ResponseReturnValue:
    """Get the bytes of a file."""
    download = services().content.file(WorkspaceId(workspace_id), path)
    media = services().facts.media_type(download.tag)
    is_inline = query.inline and media in _SAFE_INLINE
    return send(download, Shown(tag=quoted(download.tag), media=media, is_attachment=not is_inline))


@v2_files.delete("/files/<public_path:path>")
@operation(
    guard=Owns(Scope.DELETE),
    errors=(404, 412),
    accepts=("If-Match",),
    answers={200: Answer(views.WorkspaceView, headers=("ETag",))},
)
def delete(workspace_id: int, path: str) -> ResponseReturnValue:
    """Delete a file, or with a closing slash a directory; it can be brought back."""
    tags = tags_of("If-Match")
    return shown(
        services().editing.delete(caller(), WorkspaceId(workspace_id), path, tags).workspace
    )


@v2_files.post("/files:move")
@operation(
    guard=Owns(Scope.UPDATE),
    errors=(400, 404, 409, 412),
    accepts=("If-Match",),
    answers={200: Answer(views.WorkspaceView, headers=("ETag",))},
)
def move(workspace_id: int, body: views.MoveWish) -> ResponseReturnValue:
    """Rename a file; never over another."""
    paths = (body.source, body.target)
    tags = tags_of("If-Match")
    return shown(
        services().editing.move(caller(), WorkspaceId(workspace_id), paths, tags).workspace
    )


@v2_files.post("/files:undelete")
@operation(
    guard=Owns(Scope.UPDATE),
    errors=(400, 404, 409, 412),
    answers={200: Answer(views.WorkspaceView, headers=("ETag",))},
)
def undelete(workspace_id: int, body: views.UndeleteWish) -> ResponseReturnValue:
    """Bring back what a person deleted or a check took for junk."""
    back = services().editing.undelete(caller(), WorkspaceId(workspace_id), body.path)
    return shown(back.workspace)


@v2_files.get("/content.tar.gz")
@operation(
    guard=Owns(Scope.READ),
    errors=(404, 412, 416),
    accepts=_READ,
    answers={
        200: Answer(media="application/gzip", headers=_BYTES),
        206: Answer(media="application/gzip", headers=(*_BYTES, "Content-Range")),
        304: Answer(headers=("ETag",)),
    },
)
def content_tar(workspace_id: int) -> ResponseReturnValue:
    """Get all files as one tar.gz."""
    download = services().content.archive(WorkspaceId(workspace_id))
    return send(download, Shown(tag=quoted(f"{download.tag}-tgz1"), media="application/gzip"))


@v2_files.get("/content.zip")
@operation(
    guard=Owns(Scope.READ),
    errors=(404, 412, 416),
    accepts=_READ,
    answers={
        200: Answer(media="application/zip", headers=_BYTES),
        206: Answer(media="application/zip", headers=(*_BYTES, "Content-Range")),
        304: Answer(headers=("ETag",)),
    },
)
def content_zip(workspace_id: int) -> ResponseReturnValue:
    """Get all files as one zip, with their SHA-256 in ``manifest-sha256.txt``."""
    download = services().content.zip_archive(WorkspaceId(workspace_id))
    return send(download, Shown(tag=quoted(f"{download.tag}-zip1"), media="application/zip"))


def _put_answer(received: Received, sent: Sent) -> Response:
    """The ETag names the bytes sent, so there is none where checks changed them."""
    changes = [views.altered_view(altered) for altered in received.altered]
    headers = {}
    entry = received.entry
    if entry is not None:
        headers["Location"] = f"{request.path.rpartition('/files/')[0]}/files/{entry.public_path}"
        if entry.digest == sent.content.digest:
            headers["ETag"] = quoted(entry.digest)
    if request.headers.get("Prefer") == "return=minimal":
        return Response(status=HTTPStatus.CREATED, headers=headers)
    body = views.UploadView(workspace=view(received.workspace), changes=changes)
    return represent(body, HTTPStatus.CREATED, headers)


def _after(cursor: str | None) -> tuple[Area, str] | None:
    place = place_of(cursor)
    if place is None:
        return None
    match place:
        case [str(area), str(path)] if area in set(Area):
            return Area(area), path
    raise Malformed("The cursor is not one that this list gave out.")


def _by_place(findings: Sequence[Finding]) -> dict[tuple[Area | None, str | None], list[Finding]]:
    found: dict[tuple[Area | None, str | None], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.area, finding.path), []).append(finding)
    return found
