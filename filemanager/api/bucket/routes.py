"""The bucket: a drop box with checksums, exploded archives and replicas, as http-bucket's."""

from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from filemanager.api.bucket.door import door
from filemanager.api.bucket.form import read_files
from filemanager.api.bucket.guard import OfBucket, limit_headers, rate_headers
from filemanager.api.bucket.listings import drops_page, exploded, labelled, sent
from filemanager.api.bucket.pages import (
    form_page,
    front_page,
    inspected_page,
    known_page,
    received_page,
    search_page,
    wants_page,
)
from filemanager.api.bucket.views import (
    BucketConfig,
    Deleted,
    DirectoryList,
    DropList,
    Inspected,
    Known,
    UploadReceived,
    config_view,
    drops_view,
    known_view,
    upload_view,
)
from filemanager.api.http.context import caller, services
from filemanager.api.http.errors import refused
from filemanager.api.http.front.references import relative
from filemanager.api.http.guards import Holds, Public
from filemanager.api.http.operations import OCTETS, Answer, Body, operation
from filemanager.api.http.preconditions import ON_CHANGE, ON_DOWNLOAD, preconditions
from filemanager.api.http.preferences import names_html
from filemanager.api.http.requests import ensure_fits
from filemanager.api.http.responses import quoted, represent
from filemanager.domain.bucket.drop import DropId, UploadsExceeded
from filemanager.domain.caller import Scope
from filemanager.domain.workspaces.listing import MAX_LIMIT
from filemanager.services.bucket.paths import ensure_sharded
from filemanager.services.bucket.stages import SentFile
from filemanager.services.intake import Spool

bucket = Blueprint("bucket", __name__)

_READ = OfBucket(Scope.BUCKET_READ)
_WRITE = OfBucket(Scope.BUCKET_WRITE)
_PAGE = Answer(media="text/html")
_FORM = Body(
    "multipart/form-data",
    {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "array", "items": OCTETS},
        },
    },
)
_NEGOTIATED = {"Vary": "Accept"}
_OCTETS = "application/octet-stream"
_HTML = "text/html"
_BYTES = Answer(
    media=_OCTETS,
    headers=("ETag", "Last-Modified", "Content-Length", "Content-Disposition", "Accept-Ranges"),
)
_LISTING = Answer(DirectoryList, headers=("Vary",), or_media=(_HTML,))
_FILE_OR_LISTING = Answer(
    DirectoryList, headers=(*_BYTES.headers, "Vary"), or_media=(_HTML, _OCTETS)
)
_UPLOAD_ERRORS = (400, 413, 429, 503)


class DropQuery(BaseModel):
    limit: int = Field(100, ge=1, le=MAX_LIMIT)
    after: int | None = Field(None, ge=0, le=2**63 - 1)


class ChecksumQuery(BaseModel):
    checksum: str = Field("", max_length=500)


class LabelQuery(BaseModel):
    after: str = Field("", max_length=700)


@bucket.get("/")
@operation(guard=Public("says only that the door is there"), answers={200: _PAGE})
def show_bucket() -> ResponseReturnValue:
    """Say what this is; to browsers with the ways that lead on."""
    if names_html():
        return front_page()
    return Response("http-bucket server", mimetype="text/html", headers=_NEGOTIATED)


@bucket.get("/config")
@operation(guard=_READ, answers={200: Answer(BucketConfig)})
def show_bucket_config() -> ResponseReturnValue:
    """Show the settings that clients need."""
    return represent(config_view(door()))


@bucket.get("/upload")
@operation(guard=Public("an empty form"), answers={200: _PAGE})
def show_upload_form() -> ResponseReturnValue:
    """Show a form for files and folders."""
    return form_page(is_trial=False)


@bucket.post("/upload")
@operation(
    guard=_WRITE,
    sends=_FORM,
    errors=_UPLOAD_ERRORS,
    answers={200: Answer(UploadReceived, headers=("Vary",), or_media=(_HTML,))},
)
def upload_drops() -> ResponseReturnValue:
    """Keep files; take archives apart, and label them by request headers.

    Every part ``file`` of the form is taken, with the relative path in its name; all are kept or
    none. Who names HTML is answered by a page.
    """
    labels = {name: request.headers[name] for name in door().labels if name in request.headers}
    request.max_content_length = door().max_bytes
    ensure_fits()
    with services().intake.spool(request.content_length) as spool:
        files = _files(spool)
        dropped = door().service.receive(g.get("caller"), files, labels, spool.scratch)
    received = upload_view(door(), dropped)
    if names_html():
        return received_page(received, rate_headers())
    return represent(received, headers={**_NEGOTIATED, **rate_headers()})


def _files(spool: Spool) -> list[SentFile]:
    terms = door().service.terms
    return read_files(spool, terms.algorithm, terms.drops_at_once(g.get("caller")))


@bucket.get("/upload/inspect")
@operation(guard=Public("an empty form"), answers={200: _PAGE})
def show_inspection_form() -> ResponseReturnValue:
    """Show a form for a trial, of which nothing is kept."""
    return form_page(is_trial=True)


@bucket.post("/upload/inspect")
@operation(
    guard=_WRITE,
    sends=_FORM,
    errors=_UPLOAD_ERRORS,
    answers={200: Answer(Inspected, headers=("Vary",), or_media=(_HTML,))},
)
def inspect_upload() -> ResponseReturnValue:
    """Read an upload and keep nothing of it."""
    request.max_content_length = door().max_bytes
    ensure_fits()
    with services().intake.spool(request.content_length) as spool:
        names = [str(one.path) for one in _files(spool)]
    seen = Inspected(file=names[0], status="file not retained", files=names)
    if names_html():
        return inspected_page(seen, rate_headers())
    return represent(seen, headers={**_NEGOTIATED, **rate_headers()})


@bucket.get("/checksum")
@operation(guard=Public("an empty form"), answers={200: _PAGE, 303: Answer(headers=("Location",))})
def search_by_checksum(query: ChecksumQuery) -> ResponseReturnValue:
    """Show a form for a checksum, which leads to what is known of it."""
    asked = query.checksum.strip()
    if not asked:
        return search_page()
    place = relative(f"{door().prefix}/checksum/{quote(asked, safe='')}")
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": place})


@bucket.get("/checksum/<checksum>")
@operation(
    guard=_READ,
    errors=(404,),
    answers={200: Answer(Known, headers=("Location", "ETag", "Vary"), or_media=(_HTML,))},
)
def find_by_checksum(checksum: str) -> ResponseReturnValue:
    """Say whether bytes with a checksum are here: of the door's algorithm, SHA-256 or others."""
    found = door().reader.find(checksum)
    if names_html():
        return known_page(known_view(door(), found))
    own = relative(f"{door().prefix}/{found.path}")
    location = str(door().link(found.path)) if door().uri else own
    headers = {"Location": location, "ETag": quoted(found.digest), **_NEGOTIATED}
    return represent(known_view(door(), found), headers=headers)


@bucket.get("/blob/")
@operation(guard=_READ, answers={200: Answer(DropList, headers=("Vary",), or_media=(_HTML,))})
def list_drops(query: DropQuery) -> ResponseReturnValue:
    """List what was sent, the newest first."""
    after = None if query.after is None else DropId(query.after)
    if wants_page():
        return drops_page(after)
    page = door().reader.page(after, query.limit)
    return represent(drops_view(door(), page), headers=_NEGOTIATED)


@bucket.get("/blob/<checksum>")
@operation(guard=_READ, errors=(404,), accepts=ON_DOWNLOAD, answers={200: _BYTES})
def get_blob(checksum: str) -> ResponseReturnValue:
    """Get bytes by a checksum."""
    return sent(door().reader.blob(checksum))


@bucket.get("/blob/<first>/<second>/<checksum>")
@operation(guard=_READ, errors=(404,), accepts=ON_DOWNLOAD, answers={200: _BYTES})
def get_sharded_blob(first: str, second: str, checksum: str) -> ResponseReturnValue:
    """Get bytes by the path of an upload's answer."""
    ensure_sharded(first, second, checksum)
    return sent(door().reader.blob(checksum))


@bucket.delete("/blob/<checksum>")
@operation(
    guard=Holds(Scope.BUCKET_WRITE),
    errors=(404,),
    accepts=ON_CHANGE,
    answers={200: Answer(Deleted)},
)
def delete_drops(checksum: str) -> ResponseReturnValue:
    """Take out what one sent with these bytes, with its replicas; an admin takes out all."""
    count = door().reader.delete(caller(), checksum, preconditions())
    return represent(Deleted(status="Success", code=HTTPStatus.OK, deleted=count))


@bucket.delete("/blob/<first>/<second>/<checksum>")
@operation(
    guard=Holds(Scope.BUCKET_WRITE),
    errors=(404,),
    accepts=ON_CHANGE,
    answers={200: Answer(Deleted)},
)
def delete_sharded_drops(first: str, second: str, checksum: str) -> ResponseReturnValue:
    """Take out what one sent, by the path of an upload's answer."""
    ensure_sharded(first, second, checksum)
    count = door().reader.delete(caller(), checksum, preconditions())
    return represent(Deleted(status="Success", code=HTTPStatus.OK, deleted=count))


@bucket.get("/explode/<first>/<second>/<checksum>/", strict_slashes=False)
@operation(guard=_READ, errors=(404,), answers={200: _LISTING})
def list_exploded_archive(first: str, second: str, checksum: str) -> ResponseReturnValue:
    """List the top directory of an archive that was taken apart."""
    return exploded(first, second, checksum, "")


@bucket.get("/explode/<first>/<second>/<checksum>/<path:path>")
@operation(guard=_READ, errors=(404,), accepts=ON_DOWNLOAD, answers={200: _FILE_OR_LISTING})
def get_exploded_file(first: str, second: str, checksum: str, path: str) -> ResponseReturnValue:
    """Get a file of an archive that was taken apart, or list a directory of it."""
    return exploded(first, second, checksum, path)


@bucket.get("/replica/")
@operation(guard=_READ, answers={200: _LISTING})
def list_replicas(query: LabelQuery) -> ResponseReturnValue:
    """List the first segments of all replicas."""
    return labelled("", query.after)


@bucket.get("/replica/<path:path>")
@operation(guard=_READ, errors=(404,), accepts=ON_DOWNLOAD, answers={200: _FILE_OR_LISTING})
def get_replica(path: str, query: LabelQuery) -> ResponseReturnValue:
    """Get what a replica leads to, or list what lies below."""
    return labelled(path, query.after)


@bucket.errorhandler(UploadsExceeded)
def refuse_throttled(error: UploadsExceeded) -> Response:
    response = refused(error)
    response.headers.update(limit_headers(0))
    return response
