"""The bucket's pages for people, and who gets one; no outside request is made by them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response, request

from filemanager.api.bucket.door import door
from filemanager.api.bucket.views import FileReceived, Inspected, Known, UploadReceived
from filemanager.api.http.dialects import Refusal
from filemanager.api.http.front.references import relative
from filemanager.api.pages.frames import framed, framed_as_read, page_headers
from filemanager.api.pages.refusals import title_of
from filemanager.api.pages.texts import _, said, shown_size
from filemanager.domain.bucket.access import Access
from filemanager.services.bucket.paths import BLOB, REPLICA

_HEADERS = page_headers("script-src 'self'", "connect-src 'self'")


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link, ``address`` as seen from the page."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDrop:
    """One that was sent, and where it is."""

    name: str
    size: str
    sha256: str
    checksum: str
    address: str
    unpacked: str | None
    labels: tuple[PageLink, ...]


def wants_page() -> bool:
    """JSON is for those who name it above HTML: browsers, ``*/*`` and nothing at all get a page."""
    asked = {
        value.partition(";")[0].strip().lower(): quality
        for value, quality in reversed(list(request.accept_mimetypes))
    }
    json, html = asked.get("application/json", 0), asked.get("text/html", asked.get("text/*"))
    if html is None:
        return not json or json < asked.get("*/*", 0)
    return json <= html


def front_page() -> Response:
    return _page("bucket.html")


def form_page(*, is_trial: bool) -> Response:
    return _page(
        "bucket_form.html",
        is_trial=is_trial,
        action="bucket.inspect_upload" if is_trial else "bucket.upload_drops",
        most=shown_size(door().max_bytes),
        most_files=door().service.terms.form_drops,
    )


def received_page(received: UploadReceived, headers: dict[str, str]) -> Response:
    files = [_shown(one) for one in received.files]
    return _page("bucket_received.html", headers, files=files, algorithm=_algorithm())


def inspected_page(seen: Inspected, headers: dict[str, str]) -> Response:
    return _page("bucket_inspected.html", headers, names=seen.files)


def search_page() -> Response:
    return _page("bucket_search.html")


def known_page(known: Known) -> Response:
    return _page(
        "bucket_known.html", known=known, size=shown_size(known.size), address=_address(known.path)
    )


def listing_page(title: str, rows: Iterable[object], base: str) -> Response:
    """*rows* are all: crawlers follow no second page."""
    return framed_as_read(
        "bucket_listing.html",
        "bucket_rows.html",
        _HEADERS,
        ways=_ways(),
        title=title,
        rows=rows,
        base=base,
        nothing=_("Nothing"),
    )


def refused_page(refusal: Refusal) -> Response:
    return framed(
        "refusal.html",
        refusal.status,
        _HEADERS,
        frame="bucket_base.html",
        ways=_ways(),
        title=title_of(refusal.status),
        message=said(refusal.message),
    )


def _page(template: str, headers: dict[str, str] | None = None, **values: object) -> Response:
    return framed(template, 200, {**_HEADERS, **(headers or {})}, ways=_ways(), **values)


def _ways() -> list[PageLink]:
    """To what somebody without a token may see: a browser sends none."""
    return [PageLink(name, relative(f"{door().prefix}/{path}")) for name, path in _places()]


def _places() -> Iterator[tuple[str, str]]:
    yield _("Drop box"), ""
    yield _("Add files"), "upload"
    if door().access is not Access.NONE:
        yield _("Search by checksum"), "checksum"
        yield _("What was sent"), f"{BLOB}/"
        yield _("By label"), f"{REPLICA}/"


def _shown(received: FileReceived) -> ShownDrop:
    archive, labels = received.path.archive, received.path.replicas or ()
    return ShownDrop(
        name=received.name,
        size=shown_size(received.size),
        sha256=received.sha256,
        checksum=received.checksum.blob,
        address=_address(str(received.path.blob)),
        unpacked=None if archive is None else f"{_address(archive)}/",
        labels=tuple(PageLink(one.partition(f"{REPLICA}/")[2], _address(one)) for one in labels),
    )


def _address(path: str) -> str:
    """Of what an answer tells: whole where the door has a URI of its own."""
    return path if door().uri else relative(f"{door().prefix}/{quote(path)}")


def _algorithm() -> str:
    return door().service.terms.algorithm
