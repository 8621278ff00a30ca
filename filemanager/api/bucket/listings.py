"""Listings as pages, for people and for those who walk them: whole, with relative addresses.

They are sent as they are read, when the request is over for Flask: what they need of it is taken
before.
"""

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from flask import Response, current_app

from filemanager.api.bucket.door import door
from filemanager.api.bucket.pages import PAGE_HEADERS
from filemanager.api.http.front.references import address_of, relative
from filemanager.domain.bucket.drop import DropId
from filemanager.domain.workspaces.listing import MAX_LIMIT
from filemanager.services.bucket.paths import BLOB
from filemanager.services.bucket.reading import BucketReader, Child, Listing
from filemanager.services.downloads import Download

Row = tuple[str, str, int | None]
"""A name, its address below the place and its size; no size: a directory."""


def directory_page(place: str, children: Iterable[Child]) -> Response:
    """What lies at *place* below the door."""
    return _page(place, f"{door().prefix}/{place}", map(_row, children))


def drops_page(after: DropId | None) -> Response:
    """What was sent, each below the listing itself, where its bytes are as well."""
    return _page("What was sent", f"{door().prefix}/{BLOB}", _drop_rows(door().reader, after))


def every_child(first: Listing, look: Callable[[str], Download | Listing]) -> Iterator[Child]:
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
    """*rows* are all: crawlers follow no second page."""
    template = current_app.jinja_env.get_template("bucket_listing.html")
    base = relative(quote(f"{here}/")).removeprefix("./")
    style = address_of("static", "bucket.css")
    page = template.generate(title=title, rows=rows, base=base, style=style)
    return Response(page, mimetype="text/html", headers=PAGE_HEADERS)


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
