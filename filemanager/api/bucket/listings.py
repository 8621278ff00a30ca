"""What lies at a place of the bucket: bytes, or a listing.

Listings as pages are for people and for those who walk them: whole, with relative addresses.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from urllib.parse import quote

from flask import Response
from flask.typing import ResponseReturnValue

from filemanager.api.bucket.door import door
from filemanager.api.bucket.pages import listing_page, wants_page
from filemanager.api.bucket.views import directory_view
from filemanager.api.http.front.references import relative
from filemanager.api.http.responses import Shown, quoted, represent, send
from filemanager.api.pages.texts import _
from filemanager.domain.bucket.drop import DropId
from filemanager.domain.workspaces.listing import MAX_LIMIT
from filemanager.services.bucket.paths import BLOB, EXPLODE, REPLICA, ensure_sharded, sharded
from filemanager.services.bucket.reading import BucketReader, Child, Listing
from filemanager.services.downloads import Download

Row = tuple[str, str, int | None]
"""A name, its address below the place and its size; no size: a directory."""


def labelled(path: str, after: str) -> ResponseReturnValue:
    """What a replica leads to, or what lies below *path* behind *after*."""
    look = partial(door().reader.labelled, path)
    found = look(after)
    if isinstance(found, Listing) and wants_page():
        return _directory_page(_place(REPLICA, path), _every_child(found, look))
    return _found(found, REPLICA, path)


def exploded(first: str, second: str, checksum: str, path: str) -> ResponseReturnValue:
    """Of an archive that was taken apart, by the shards of its checksum."""
    ensure_sharded(first, second, checksum)
    return _found(door().reader.exploded(checksum, path), sharded(EXPLODE, checksum), path)


def _found(found: Download | Listing, top: str, path: str) -> ResponseReturnValue:
    if isinstance(found, Download):
        return sent(found)
    place = _place(top, path)
    if wants_page():
        return _directory_page(place, found.children)
    return represent(directory_view(place, found), headers={"Vary": "Accept"})


def _place(top: str, path: str) -> str:
    return "/".join(part for part in (top, path.strip("/")) if part)


def sent(download: Download) -> Response:
    """Never shown by a browser: the bytes are anybody's."""
    return send(download, Shown(tag=quoted(download.tag), media="application/octet-stream"))


def _directory_page(place: str, children: Iterable[Child]) -> Response:
    """What lies at *place* below the door."""
    return _page(place, f"{door().prefix}/{place}", map(_row, children))


def drops_page(after: DropId | None) -> Response:
    """What was sent, each below the listing itself, where its bytes are as well."""
    return _page(_("What was sent"), f"{door().prefix}/{BLOB}", _drop_rows(door().reader, after))


def _every_child(first: Listing, look: Callable[[str], Download | Listing]) -> Iterator[Child]:
    """Those of the *first* page and of all behind it; a directory on two of them comes once."""
    found: Download | Listing = first
    last = ""
    while isinstance(found, Listing):
        yield from (one for one in found.children if one.name != last)
        if found.next_after is None:
            return
        last = found.children[-1].name
        found = look(found.next_after)


def _page(title: str, here: str, rows: Iterable[Row]) -> Response:
    return listing_page(title, rows, relative(quote(f"{here}/")).removeprefix("./"))


def _row(child: Child) -> Row:
    slash = "/" if child.size_bytes is None else ""
    return child.name, f"{quote(child.name)}{slash}", child.size_bytes


def _drop_rows(reader: BucketReader, after: DropId | None) -> Iterator[Row]:
    while True:
        page = reader.page(after, MAX_LIMIT)
        for drop, path in page.drops:
            yield drop.path, path.rpartition("/")[2], drop.size_bytes
        after = page.next_after
        if after is None:
            return
