"""A file as a page: its lines with what was found in them, its versions, what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.front.references import relative
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.preconditions import ON_DOWNLOAD
from filemanager.api.http.responses import OF_DIGESTED_BYTES, Shown, quoted, send
from filemanager.api.pages.texts import shown_moment, shown_size
from filemanager.domain.blobs.shown import PDF, PICTURES, shown_as
from filemanager.domain.caller import Scope
from filemanager.domain.ids import Digest, WorkspaceId
from filemanager.domain.trees.errors import FileNotFound, PathRefused
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.tree import Alteration, Entry
from filemanager.services.workspaces.versions import MAX_SHOWN_BYTES, FileVersion
from filemanager.web.door import door
from filemanager.web.session.guard import OpensWorkspace
from filemanager.web.session.pages import MOVED, PAGE, moved, moved_away, page
from filemanager.web.session.previews import preview_address
from filemanager.web.workspaces.changes import changes
from filemanager.web.workspaces.findings import grouped, lines_of
from filemanager.web.workspaces.showing import heading

reading = Blueprint("files", __name__, url_prefix="/w/<id:workspace_id>")


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """``compare`` None: it is the same as now; ``is_there`` False: there was none then."""

    name: str
    at: str
    is_there: bool
    compare: str | None


@reading.get("/f/<public_path:path>")
@operation(guard=OpensWorkspace(Scope.READ), errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_file_page(workspace_id: int, path: str) -> ResponseReturnValue:
    """Show a file: its text with line numbers, or the picture, findings, and versions."""
    identity = WorkspaceId(workspace_id)
    uses = door().workspaces
    workspace = uses.life.get(identity)
    entry = entry_at(identity, path)
    _at, altered = uses.reading.altered(identity, entry.public_path)
    found = _findings(identity, entry)
    media = uses.facts.media_type(entry.digest)
    is_text = media not in PICTURES and media != PDF
    return page(
        "file.html",
        **heading(workspace),
        entry=entry,
        file_size=shown_size(entry.size_bytes),
        media=media,
        raw=_raw(workspace_id, entry),
        picture=_picture(workspace_id, entry) if media in PICTURES else None,
        lines=_lines(entry, found) if is_text else None,
        opened=_opened(workspace_id, entry, media),
        most_shown=shown_size(MAX_SHOWN_BYTES),
        groups=list(grouped(workspace_id, found)),
        changes=changes([one for one in altered if one.alteration is Alteration.REWRITTEN]),
        versions=[
            _version(workspace_id, entry, one)
            for one in uses.versions.versions(identity, entry.public_path)
        ],
    )


@reading.get("/open/<public_path:path>")
@operation(guard=OpensWorkspace(Scope.READ), errors=(403, 404), answers={303: MOVED})
def open_file(workspace_id: int, path: str) -> ResponseReturnValue:
    """Lead to a file where a browser shows it, however old the page is that the link was on."""
    identity = WorkspaceId(workspace_id)
    entry = entry_at(identity, path)
    address = preview_address(identity, entry)
    return moved(_raw(workspace_id, entry)) if address is None else moved_away(address)


@reading.get("/raw/<public_path:path>")
@operation(
    guard=OpensWorkspace(Scope.READ),
    errors=(403, 404),
    accepts=ON_DOWNLOAD,
    answers={200: Answer(media="application/octet-stream", headers=OF_DIGESTED_BYTES), 303: MOVED},
)
def download_by_page(workspace_id: int, path: str) -> ResponseReturnValue:
    """Get the bytes of a file as a download: on our own origin a browser shows nobody's pages."""
    download = door().workspaces.content.file(WorkspaceId(workspace_id), path)
    digest = Digest(download.tag)
    media = door().workspaces.facts.media_type(digest)
    return send(download, Shown(tag=quoted(digest), media=media))


def entry_at(identity: WorkspaceId, path: str) -> Entry:
    """Raises ``FileNotFound``, for what no tree can hold too."""
    try:
        entry = door().workspaces.reading.entry(identity, path)
    except PathRefused as refused:
        raise FileNotFound(refused.message) from refused
    if entry is None:
        raise FileNotFound(f"File '{path}' not found.")
    return entry


def _raw(workspace_id: int, entry: Entry) -> str:
    return f"/w/{workspace_id}/raw/{quote(entry.public_path)}"


def _picture(workspace_id: int, entry: Entry) -> str:
    """On our own origin it is an attachment, which browsers show in a page all the same."""
    address = preview_address(WorkspaceId(workspace_id), entry)
    return address or relative(_raw(workspace_id, entry))


def _opened(workspace_id: int, entry: Entry, media: str) -> str | None:
    """None: a browser is not to show it, or there is nowhere to."""
    is_shown = door().content_origin is not None and shown_as(media) is not None
    return f"/w/{workspace_id}/open/{quote(entry.public_path)}" if is_shown else None


def _findings(identity: WorkspaceId, entry: Entry) -> Sequence[Finding]:
    revision, found = door().workspaces.reading.findings(identity)
    every = (*found, *door().workspaces.advice.of(identity, revision))
    return [one for one in every if (one.area, one.path) == (entry.area, entry.path)]


def _lines(entry: Entry, findings: Sequence[Finding]) -> list[Line] | None:
    text = door().workspaces.versions.text(entry.digest)
    if text is None:
        return None
    marked = {line for finding in findings for line in lines_of(finding)}
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return [
        Line(number, line.removesuffix("\r"), number in marked)
        for number, line in enumerate(lines, 1)
    ]


def _version(workspace_id: int, entry: Entry, version: FileVersion) -> ShownVersion:
    then, checkpoint = version.entry, version.checkpoint
    is_same = then is not None and then.digest == entry.digest
    asked = urlencode({"from": f"checkpoint:{checkpoint.id}", "path": entry.public_path})
    return ShownVersion(
        name=checkpoint.name,
        at=shown_moment(checkpoint.created_at),
        is_there=then is not None,
        compare=None if is_same else f"/w/{workspace_id}/diff?{asked}",
    )
