"""What everybody who has the link sees: pages, items, lists."""

import json
from dataclasses import replace
from urllib.parse import quote

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.front.references import absolute, relative
from filemanager.api.http.operations import ELSEWHERE, Answer, operation
from filemanager.api.http.preconditions import ON_DOWNLOAD
from filemanager.api.http.reads import read_text
from filemanager.api.http.responses import Shown, not_modified, quoted, represent, send
from filemanager.api.http.security import SANDBOXED
from filemanager.api.shares.door import contents, door
from filemanager.api.shares.guard import OpensShare, opened, wants_markup
from filemanager.api.shares.paths import item_path, storable_path
from filemanager.api.shares.sending import BYTES, REFUSALS, sent_item
from filemanager.api.shares.showing.levels import json_level
from filemanager.api.shares.showing.pages import (
    content_address,
    index_page,
    preview_page,
    share_page,
)
from filemanager.api.shares.showing.signposting import LINKSET_MEDIA, linkset
from filemanager.api.shares.views import PresignedList, presigned_list
from filemanager.api.shares.visiting import NEVER_KEPT, base_of, count, sent_ahead, sent_to
from filemanager.api.shares.wishes import LevelQuery, PresignWish
from filemanager.domain.packages.data_package import ItemNotFound
from filemanager.domain.packages.pointer import pointer_file
from filemanager.domain.shares.errors import PointerUnknown
from filemanager.services.downloads import Download
from filemanager.services.shares.contents.items import SharedItem
from filemanager.services.shares.contents.listing import edition_under, ensure_listed
from filemanager.services.shares.visiting import Fetch

shared = Blueprint("shared", __name__)

_PAGE = OpensShare("who was given the link sees what it opens", is_page=True)
_FETCH = OpensShare("who was given the link fetches what it opens")
_HTML = "text/html"
_ZIP = "application/zip"
_DSSE = "application/vnd.dsse.envelope.v1+json"


@shared.get("/")
@operation(
    guard=_PAGE,
    errors=REFUSALS,
    answers={200: Answer(media=_HTML, headers=("Link",), or_media=("application/json",))},
)
def open_share(query: LevelQuery) -> ResponseReturnValue:
    """See a share, a directory of it at a time: a page, or JSON for who asks for that."""
    response = share_page(query) if wants_markup() else json_level(query)
    response.vary.add("Accept")
    return response


@shared.get("/f/")
@operation(guard=_PAGE, errors=REFUSALS, answers={200: Answer(media=_HTML)})
def show_top_index() -> ResponseReturnValue:
    """List all that lies at the top, for programs that follow links."""
    return index_page("")


@shared.get("/f/<public_path:path>")
@operation(
    guard=_PAGE,
    accepts=ON_DOWNLOAD,
    errors=REFUSALS,
    answers={200: BYTES, 302: ELSEWHERE, 303: ELSEWHERE},
)
def get_shared_item(path: str) -> ResponseReturnValue:
    """Get an item, from us or from where it lies; with a closing slash, list a directory."""
    if path.endswith("/"):
        return index_page(item_path(path[:-1]))
    found = contents().items.find(opened(), item_path(path))
    if ahead := sent_ahead():
        return ahead
    count(f"f/{found.item.path}", found.item.size_bytes)
    return sent_item(found)


@shared.get("/p/<public_path:path>.pointer")
@operation(
    guard=_FETCH,
    accepts=("If-None-Match",),
    errors=REFUSALS,
    answers={200: Answer(media="text/plain", headers=("ETag",)), 304: Answer(headers=("ETag",))},
)
def get_pointer(path: str) -> ResponseReturnValue:
    """Get the three lines that stand for an item in Git LFS."""
    item = contents().items.find(opened(), item_path(path)).item
    if item.sha256 is None:
        raise PointerUnknown(path)
    tag = quoted(item.sha256)
    if unchanged := not_modified(tag):
        return unchanged
    body = pointer_file(item.sha256, item.size_bytes)
    return Response(body, mimetype="text/plain", headers={"ETag": tag, **SANDBOXED})


@shared.get("/<share_document:name>")
@operation(
    guard=_FETCH,
    accepts=ON_DOWNLOAD,
    errors=REFUSALS,
    answers={
        200: replace(BYTES, media="text/plain", or_media=("application/json",)),
        303: ELSEWHERE,
    },
)
def get_document(name: str) -> ResponseReturnValue:
    """Get everything as a list for a downloader, or in a format for packages."""
    share = opened()
    ensure_listed(share)
    if ahead := sent_ahead():
        return ahead
    found = contents().documents.document(share, base_of(share), name)
    count(name, found.download.size_bytes)
    shown = replace(_shown(found.download, found.media_type), is_attachment=False)
    return send(found.download, shown)


@shared.get("/package.zip")
@operation(
    guard=_FETCH,
    accepts=ON_DOWNLOAD,
    errors=REFUSALS,
    answers={200: replace(BYTES, media=_ZIP), 303: ELSEWHERE},
)
def get_archive() -> ResponseReturnValue:
    """Get a bag (RFC 8493) as a zip: texts and small files, and where to fetch the rest."""
    share = opened()
    ensure_listed(share)
    if ahead := sent_ahead():
        return ahead
    download = contents().archives.archive(share, base_of(share))
    count("package.zip", download.size_bytes)
    return send(download, _shown(download, _ZIP))


@shared.get("/statement.json")
@operation(
    guard=_FETCH,
    accepts=("If-None-Match",),
    errors=REFUSALS,
    answers={
        200: Answer(media=_DSSE, headers=("ETag",)),
        303: ELSEWHERE,
        304: Answer(headers=("ETag",)),
    },
)
def get_statement() -> ResponseReturnValue:
    """Get what was frozen, signed: a DSSE envelope over an in-toto Statement."""
    signed = contents().statements.envelope(opened())
    if ahead := sent_ahead():
        return ahead
    count("statement.json", None)
    return read_text(json.dumps(signed), _DSSE)


@shared.get("/linkset.json")
@operation(
    guard=_FETCH,
    errors=REFUSALS,
    answers={200: Answer(media=LINKSET_MEDIA), 303: ELSEWHERE},
)
def get_linkset() -> ResponseReturnValue:
    """Get links to every item, and to what describes them (RFC 9264)."""
    share, items = opened(), contents().listing.items(opened())
    if ahead := sent_ahead():
        return ahead
    count("linkset.json", None)
    body = linkset(edition_under(share, base_of(share)), items())
    return Response(body, mimetype=LINKSET_MEDIA)


@shared.get("/v/<public_path:path>")
@operation(guard=_PAGE, errors=REFUSALS, answers={200: Answer(media=_HTML), 303: ELSEWHERE})
def preview_item(path: str) -> ResponseReturnValue:
    """Show a text or a picture of a share as a page."""
    found = _promised(path)
    if ahead := sent_ahead():
        return ahead
    count(f"v/{found.item.path}", found.item.size_bytes)
    return preview_page(found, contents().previews.of(found))


@shared.get("/o/<public_path:path>")
@operation(guard=_PAGE, errors=REFUSALS, answers={303: ELSEWHERE})
def open_shared_item(path: str) -> ResponseReturnValue:
    """Lead to an item where a browser shows it, however old the page is that the link was on."""
    found = _promised(path)
    if ahead := sent_ahead():
        return ahead
    count(f"o/{found.item.path}", found.item.size_bytes)
    return sent_to(
        content_address(found) or relative(f"{opened().place}f/{quote(found.item.path)}")
    )


@shared.post("/presign")
@operation(guard=_FETCH, errors=REFUSALS, most_bytes=4 << 20, answers={200: Answer(PresignedList)})
def presign_items(body: PresignWish) -> ResponseReturnValue:
    """Get short-lived addresses of up to 1,000 items at once."""
    share, paths = opened(), [storable_path(path) for path in body.paths]
    door().visits.fetch(share, Fetch(item=f"presign ({len(paths)})", size_bytes=None))
    base = absolute(door().visits.place(share, door().visits.begin(share)))
    found = contents().presigning.presign(share, paths, base)
    return represent(presigned_list(found), headers=NEVER_KEPT)


def _promised(path: str) -> SharedItem:
    """Raises ``ItemNotFound`` for what is not shown, too."""
    found = contents().items.find(opened(), item_path(path))
    if contents().previews.promised(found) is None:
        raise ItemNotFound(path)
    return found


def _shown(download: Download, media: str) -> Shown:
    """Digests become known in what a package holds now without another date."""
    is_frozen = opened().edition.number is not None
    return Shown(tag=quoted(download.tag), media=media, has_settled=is_frozen)
