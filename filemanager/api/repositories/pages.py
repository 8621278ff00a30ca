"""Directories as pages: for people, and in the rows that the crawler of RWS reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import Response, g, render_template, request, url_for

from filemanager.api.http.context import base_url
from filemanager.api.http.front.references import relative
from filemanager.api.http.security import page_headers
from filemanager.api.repositories.door import door
from filemanager.services.repositories.finding import Row
from filemanager.services.repositories.reading import PublishedDirectory

PAGE_HEADERS = page_headers("style-src 'self'", "img-src 'self'")

_UNITS = ("B", "KiB", "MiB", "GiB")
_STEP = 1024


@dataclass(frozen=True, slots=True)
class ShownRow:
    """``icon`` and ``address`` are references; times are UTC."""

    icon: str
    kind: str
    address: str
    name: str
    modified: str
    size: str


def directory_page(directory: PublishedDirectory) -> Response:
    place = directory.path
    page = render_template(
        "repositories_listing.html",
        title=f"Index of /{place}/" if place else "Index of /",
        parent=_address(place.rpartition("/")[0]),
        back=_icon("back"),
        rows=_rows(directory),
    )
    privacy = "private, " if "caller" in g else ""
    headers = {**PAGE_HEADERS, "Cache-Control": f"{privacy}no-cache"}
    return Response(page, mimetype="text/html", headers=headers)


def _rows(directory: PublishedDirectory) -> Iterator[ShownRow]:
    below = _address(f"{directory.path}/" if directory.path else "")
    file, folder = _icon("file"), _icon("directory")
    for row in directory.rows:
        is_directory = row.size_bytes is None
        yield ShownRow(
            icon=folder if is_directory else file,
            kind="Directory" if is_directory else "File",
            address=f"{below}{quote(row.name)}",
            name=row.name,
            modified=f"{row.modified_at:%Y-%m-%d %H:%M:%S}" if row.modified_at else "",
            size=_size(row),
        )


def _address(path: str) -> str:
    return _reference(f"{door().prefix}/{quote(path)}")


def _reference(path: str) -> str:
    """*path*, absolute within this application, as a page tells it.

    At the root it is told as RWS did: the crawler puts its host before it, and nothing else.
    """
    return relative(path) if door().prefix else f"{urlsplit(base_url()).path}{path}"


def _icon(name: str) -> str:
    path = url_for("static", filename=f"icons/{name}.png")
    return _reference(path.removeprefix(request.script_root))


def _size(row: Row) -> str:
    if row.size_bytes is None:
        return ""
    size, unit = float(row.size_bytes), 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size, unit = size / _STEP, unit + 1
    return f"{size:.1f} {_UNITS[unit]}"
