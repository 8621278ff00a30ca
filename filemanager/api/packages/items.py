"""The items of a package: texts and pointers, listed, put, read and deleted."""

from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.bodies import sent_bytes
from filemanager.api.http.context import caller, services
from filemanager.api.http.front.references import relative
from filemanager.api.http.operations import BYTES, Answer, Body, operation, parsed_body
from filemanager.api.http.paging import next_link
from filemanager.api.http.preconditions import ON_CHANGE, ON_DOWNLOAD, preconditions
from filemanager.api.http.preferences import ensure_plain_body
from filemanager.api.http.reads import read
from filemanager.api.http.requests import read_body
from filemanager.api.http.responses import OF_DIGESTED_BYTES, Shown, quoted, represent, send
from filemanager.api.http.wishes import MAX_BODY_BYTES
from filemanager.api.jobs.answers import JobView, accepted
from filemanager.api.packages import views, wishes
from filemanager.api.packages.door import ONE, PACKAGES, door
from filemanager.api.packages.guard import OwnsPackage
from filemanager.api.packages.paths import item_path
from filemanager.domain.caller import Scope
from filemanager.domain.jobs.job import Job, job_id_from
from filemanager.domain.packages.data_package import DataPackage, DataPackageId, Level
from filemanager.domain.packages.references import FILE_BYTES
from filemanager.domain.packages.texts import TEXT_BYTES, ensure_small
from filemanager.services.packages.browsing import Listed
from filemanager.services.packages.importing import ImportWish
from filemanager.services.packages.putting import Added
from filemanager.services.packages.texts import PutTexts, SentText

items = Blueprint("items", __name__, url_prefix=ONE)

POINTER = "application/vnd.filemanager.pointer+json"

_TEXT_OR_POINTER = Body(BYTES.media, or_model=(POINTER, wishes.PointerWish))
_READS, _WRITES = OwnsPackage(Scope.PACKAGE_READ), OwnsPackage(Scope.PACKAGE_WRITE)
_UNCHANGED = Answer(headers=("ETag",))
_ITEM = Answer(views.ItemView, headers=("ETag",))

_PACKAGE = Answer(views.DataPackageView, headers=("ETag",))
_ADDED = Answer(views.AddedView, headers=("ETag",))
_ADD_BYTES = 8 << 20
"""Of a JSON body that names as many keys as one may."""


def _package(package: DataPackage) -> Response:
    return represent(views.package_view(package), headers={"ETag": quoted(package.revision)})


def _package_again(kept: str, package_id: str, **_: object) -> Response:
    """The package as it is by now, where a change of it was sent again."""
    del kept
    return _package(door().keeper.get(caller(), DataPackageId(package_id)))


def _added(added: Added) -> Response:
    view = views.AddedView(added=added.count, revision=added.package.revision)
    headers = {"ETag": quoted(added.package.revision)}
    return represent(view, HTTPStatus.CREATED, headers)


def _added_again(kept: str, package_id: str, **_: object) -> Response:
    """The job, or that nothing more was added."""
    if kept:
        return accepted(door().jobs.get(caller(), job_id_from(kept)))
    return _added(Added(door().keeper.get(caller(), DataPackageId(package_id)), 0))


@items.get("/items")
@operation(
    guard=_READS,
    errors=(400, 404),
    accepts=("If-None-Match",),
    answers={200: Answer(views.ItemList, headers=("ETag", "Link")), 304: _UNCHANGED},
)
def list_items(package_id: str, query: wishes.ItemListQuery) -> ResponseReturnValue:
    """List the items of a package or of a version: all by path, or what lies in one directory."""
    identity, after = DataPackageId(package_id), wishes.after_of(query.cursor)
    browser = door().browser
    if query.directory is None:
        found = browser.items(caller(), identity, query.version, after, query.limit + 1)
        page = tuple(found.items[: query.limit])
        last = page[-1].path if len(found.items) > query.limit else None
        listed = views.item_list(found.edition, Level(items=page), found.sources)
        return read(listed, headers=next_link(last))
    directory = item_path(query.directory) if query.directory else ""
    shown = browser.level(caller(), identity, query.version, directory, (after, query.limit))
    listed = views.item_list(shown.edition, shown.level, shown.sources)
    return read(listed, headers=next_link(shown.level.next))


@items.get("/items/<public_path:path>")
@operation(
    guard=_READS,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: _ITEM, 304: _UNCHANGED},
)
def get_item(package_id: str, path: str, query: wishes.EditionQuery) -> ResponseReturnValue:
    """Show what is known of an item."""
    identity = DataPackageId(package_id)
    found = door().browser.item(caller(), identity, query.version, item_path(path))
    return read(_view(found), tag=_tag(found))


@items.put("/items/<public_path:path>")
@operation(
    guard=_WRITES,
    sends=_TEXT_OR_POINTER,
    errors=(400, 404, 409, 410, 412, 413, 415, 422, 429, 503),
    accepts=(*ON_CHANGE, "Repr-Digest", "Content-Digest"),
    answers={201: Answer(views.ItemView, headers=("ETag", "Location"))},
)
def put_item(package_id: str, path: str) -> ResponseReturnValue:
    """Put a text, or with the type `application/vnd.filemanager.pointer+json` a pointer.

    A pointer is `{source, key, version?}`, `{url, size, sha256}` or `{workspace, path}`; the last
    makes the file of the workspace one of the package. ``If-Match`` names the item's tag or the
    package's revision.
    """
    identity = DataPackageId(package_id)
    if request.mimetype == POINTER:
        body = parsed_body(wishes.PointerWish, MAX_BODY_BYTES)
        door().pointers.put(caller(), identity, path, body.wished, preconditions())
    else:
        _put_text(identity, path)
    made = door().browser.item(caller(), identity, None, item_path(path))
    place = relative(f"{PACKAGES}/{package_id}/items/{quote(item_path(path))}")
    headers = {"ETag": quoted(_tag(made)), "Location": place}
    return represent(_view(made), HTTPStatus.CREATED, headers)


@items.delete("/items/<public_path:path>")
@operation(
    guard=_WRITES,
    errors=(400, 404, 412, 413, 429),
    accepts=ON_CHANGE,
    answers={200: _PACKAGE},
)
def delete_item(package_id: str, path: str) -> ResponseReturnValue:
    """Delete an item, or with a closing slash a directory; versions keep what they hold.

    ``If-Match`` names the item's tag or the package's revision.
    """
    identity = DataPackageId(package_id)
    return _package(door().editor.delete(caller(), identity, path, preconditions()))


@items.post("/items:move")
@operation(
    guard=_WRITES,
    errors=(400, 404, 409, 412, 413, 415, 429),
    accepts=ON_CHANGE,
    answers={200: _PACKAGE},
    again=_package_again,
)
def move_items(package_id: str, body: wishes.ItemMoveWish) -> ResponseReturnValue:
    """Move an item, or a directory; never over another. A text keeps an extension of texts."""
    identity, paths = DataPackageId(package_id), (body.source, body.target)
    return _package(door().editor.move(caller(), identity, paths, preconditions()))


@items.post("/items:add")
@operation(
    guard=_WRITES,
    errors=(400, 404, 409, 410, 412, 413, 429, 503),
    accepts=ON_CHANGE,
    answers={
        201: _ADDED,
        202: Answer(JobView, headers=("Location", "Retry-After", "Preference-Applied")),
    },
    again=_added_again,
    most_bytes=_ADD_BYTES,
)
def add_items(package_id: str, body: wishes.AddBody) -> ResponseReturnValue:
    """Add pointers to objects of a source: up to 1,000 at once, more of a prefix by a job.

    An item's path is the key without the prefix, in the directory `to`. What is there already
    with the same version stays as it is.
    """
    identity = DataPackageId(package_id)
    added = door().adding.add(caller(), identity, body.wished, preconditions())
    return accepted(added) if isinstance(added, Job) else _added(added)


@items.post("/items:import")
@operation(
    guard=_WRITES,
    sends=BYTES,
    errors=(400, 404, 409, 410, 412, 413, 429, 503),
    accepts=ON_CHANGE,
    answers={201: _ADDED},
)
def import_items(package_id: str, query: wishes.ImportQuery) -> ResponseReturnValue:
    """Import a reference file: lines of paths, or a JSON array of `{name, url, size, sha256}`.

    All of it or nothing. What is no URL is an object of the `source`.
    """
    wish = ImportWish(references=sent_bytes(FILE_BYTES), source=query.source, to=query.to)
    added = door().importing.add(caller(), DataPackageId(package_id), wish, preconditions())
    return _added(added)


@items.get("/contents/<public_path:path>")
@operation(
    guard=_READS,
    errors=(403, 404),
    accepts=ON_DOWNLOAD,
    answers={200: Answer(media="application/octet-stream", headers=OF_DIGESTED_BYTES)},
)
def get_item_content(package_id: str, path: str) -> ResponseReturnValue:
    """Get the bytes of an item that is no pointer."""
    identity = DataPackageId(package_id)
    item, download = door().texts.open(caller(), identity, item_path(path))
    return send(download, Shown(tag=quoted(download.tag), media=item.media_type))


def _put_text(package_id: DataPackageId, path: str) -> None:
    ensure_plain_body()
    door().texts.ensure_writable(caller(), package_id, path)
    ensure_small(path, request.content_length or 0)
    request.max_content_length = TEXT_BYTES
    with services().intake.spool(request.content_length) as spool:
        asked = PutTexts(texts=[SentText(path, read_body(spool))], preconditions=preconditions())
        door().texts.put(caller(), package_id, asked)


def _view(found: Listed) -> views.ItemView:
    (item,) = found.items
    return views.item_view(item, found.sources)


def _tag(found: Listed) -> str:
    (item,) = found.items
    (tag,) = item.state.tags
    return tag
