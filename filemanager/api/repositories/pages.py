"""Directories as pages: for people, and in the rows that the crawler of RWS reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import Response, g, request, url_for

from filemanager.api.http.context import base_url
from filemanager.api.http.front.references import relative
from filemanager.api.pages.frames import framed, page_headers
from filemanager.api.pages.texts import _, said, shown_moment, with_decimal_point
from filemanager.api.repositories.door import door
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.signer import PublicKey
from filemanager.services.repositories.addresses import Inside, located
from filemanager.services.repositories.finding import Row
from filemanager.services.repositories.reading import PublishedDirectory

_HEADERS = page_headers("img-src 'self'")

_UNITS = ("B", "KiB", "MiB", "GiB")
_STEP = 1024
_CLIENT_FILES = {Base.DEB: "client.sources", Base.RPM: "client.repo"}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """``icon`` and ``address`` are references; times are UTC."""

    icon: str
    kind: str
    address: str
    name: str
    modified: str
    size: str


@dataclass(frozen=True, slots=True)
class ShownSnapshot:
    name: str
    address: str
    made: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutRepository:
    """What lies beside a repository; addresses are references. ``client`` None: of none alone."""

    keys: Sequence[PublicKey]
    key_address: str
    client: str | None = None
    snapshots: Sequence[ShownSnapshot] = ()


def directory_page(directory: PublishedDirectory) -> Response:
    place = directory.path
    privacy = "private, " if "caller" in g else ""
    return framed(
        "repositories_listing.html",
        headers={**_HEADERS, "Cache-Control": f"{privacy}no-cache"},
        title=_("Index of %(path)s") % {"path": f"/{place}/" if place else "/"},
        top=_address(""),
        parent=_address(place.rpartition("/")[0]),
        back=_icon("back"),
        rows=_rows(directory),
        about=_about(place),
    )


def error_page(status: int, message: str) -> Response:
    return framed(
        "repositories_error.html",
        status,
        _HEADERS,
        top=_address(""),
        index=_address("index"),
        code=status,
        message=said(message),
    )


def _about(place: str) -> AboutRepository | None:
    """At the top of a repository, and of all."""
    where = located(door().catalogue, place)
    if isinstance(where, Inside):
        return _about_one(where) if _is_top(where) else None
    keys = door().signers.default.keys
    return None if place else AboutRepository(keys=keys, key_address=_address("KEY.asc"))


def _is_top(where: Inside) -> bool:
    """Those of apt are in two directories: ``dists/<version>`` and ``pool/<version>``."""
    is_apt = where.address.base is Base.DEB
    return where.path.count("/") == 1 if is_apt else not where.path


def _about_one(where: Inside) -> AboutRepository:
    path = where.address.path
    return AboutRepository(
        keys=door().signers.of(path).keys,
        key_address=_address(f"{path}/KEY.asc"),
        client=_address(f"api/{path}/{_CLIENT_FILES[where.address.base]}"),
        snapshots=list(_snapshots(where.address, where.path)),
    )


def _snapshots(address: Address, inner: str) -> Iterator[ShownSnapshot]:
    """The newest first, each with the same directory of it."""
    below = f"{address.place}/{inner}".rstrip("/")
    for pin in reversed(door().keeping.snapshots.of(g.get("caller"), address.path)):
        name = str(pin.name)
        yield ShownSnapshot(name, _address(f"@{name}/{below}"), shown_moment(pin.created_at))


def _rows(directory: PublishedDirectory) -> Iterator[ShownRow]:
    below = _address(f"{directory.path}/" if directory.path else "")
    file, folder = _icon("file"), _icon("directory")
    for row in directory.rows:
        is_directory = row.size_bytes is None
        yield ShownRow(
            icon=folder if is_directory else file,
            kind=_("Directory") if is_directory else _("File"),
            address=f"{below}{quote(row.name)}",
            name=row.name,
            modified=f"{row.modified_at:%Y-%m-%d %H:%M:%S}" if row.modified_at else "",
            size=_size(row),
        )


def _address(path: str) -> str:
    return _reference(f"{door().prefix}/{quote(path, safe='/@')}")


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
    return f"{with_decimal_point(f'{size:.1f}')} {_UNITS[unit]}"
