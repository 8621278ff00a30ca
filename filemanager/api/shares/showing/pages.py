"""Shares as pages: for people, without scripts, and for programs that follow links."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Response

from filemanager.api.http.front.hosts import CONTENT
from filemanager.api.http.front.references import relative
from filemanager.api.http.paging import cursor_of
from filemanager.api.pages.frames import framed, framed_as_read, page_headers
from filemanager.api.pages.texts import shown_moment, shown_size
from filemanager.api.shares.door import contents, door
from filemanager.api.shares.guard import opened
from filemanager.api.shares.showing.commands import commands_of
from filemanager.api.shares.showing.levels import asked_level
from filemanager.api.shares.showing.markdown import rendered_markdown
from filemanager.api.shares.showing.signposting import signposts
from filemanager.api.shares.views import creators_of
from filemanager.api.shares.visiting import base_of
from filemanager.api.shares.wishes import LevelQuery
from filemanager.domain.packages.data_package import BlobBehind, Level
from filemanager.services.shares.contents.items import SharedItem
from filemanager.services.shares.contents.previews import ItemPreview, PreviewKind
from filemanager.services.shares.opening import Opened

PAGE_HEADERS = {
    **page_headers("img-src 'self'"),
    "Cache-Control": "private, no-cache",
}


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """``size`` is for people; ``preview`` None: a browser is shown none."""

    name: str
    address: str
    size: str
    items: int | None = None
    preview: str | None = None


@dataclass(frozen=True, slots=True)
class Crumb:
    name: str
    address: str


def share_page(query: LevelQuery) -> Response:
    share = opened()
    if not share.share.is_listed:
        return framed("share_page.html", 200, PAGE_HEADERS, **_told(share), is_listed=False)
    directory, level = asked_level(query)
    return framed(
        "share_page.html",
        200,
        {**PAGE_HEADERS, **signposts(share)},
        **_told(share),
        is_listed=True,
        crumbs=_crumbs(directory),
        directory=directory,
        folders=[_folder(directory, one.name, one.items, one.size_bytes) for one in level.folders],
        files=[_file(one) for one in contents().items.shared(share, level.items)],
        next=_next(directory, level),
        commands=commands_of(share, base_of(share)),
        readme=_readme(share, level),
    )


def preview_page(shared: SharedItem, preview: ItemPreview) -> Response:
    """A text, or a picture: on our own origin an attachment, which browsers show in a page."""
    share, item = opened(), shared.item
    kind, text = preview.kind, preview.text
    file = relative(f"{share.place}f/{quote(item.path)}")
    return framed(
        "share_preview.html",
        headers=_preview_headers(),
        described=share.edition.described,
        edition=share.edition,
        top=relative(share.place),
        item=item,
        size=shown_size(item.size_bytes),
        kind=kind,
        text=text,
        markdown=rendered_markdown(text) if text and kind is PreviewKind.MARKDOWN else None,
        picture=(content_address(shared) or file) if kind is PreviewKind.PICTURE else None,
        tab=relative(f"{share.place}o/{quote(item.path)}"),
        file=file,
        back=relative(f"{share.place}?{urlencode({'directory': item.path.parent})}"),
    )


def content_address(shared: SharedItem) -> str | None:
    """Of an item that the share shows; it is good for some minutes. None: there is no content
    origin.
    """
    origin = door().content_origin
    if origin is None:
        return None
    return f"{origin}{CONTENT}/s/{door().previewing.token(opened(), shared)}"


def index_page(directory: str) -> Response:
    """Every name in a directory, by references that are right below it."""
    share = opened()
    levels = contents().listing.levels(share, directory)
    return framed_as_read(
        "share_index.html",
        "share_names.html",
        PAGE_HEADERS,
        title=f"{share.edition.described.name}/{directory}".rstrip("/"),
        edition=share.edition,
        is_top=not directory,
        names=_names(levels),
    )


def _told(share: Opened) -> dict[str, object]:
    edition = share.edition
    return {
        "top": relative(share.place),
        "described": edition.described,
        "description": rendered_markdown(edition.described.description),
        "about_share": share.share.description,
        "creators": creators_of(edition),
        "edition": edition,
        "size": shown_size(edition.size_bytes),
        "frozen": shown_moment(edition.frozen_at),
        "ends": share.ends_at and shown_moment(share.ends_at),
        "max_visits": share.share.max_visits,
        "is_protected": share.share.is_protected,
    }


def _names(levels: Iterator[Level]) -> Iterator[str]:
    for level in levels:
        yield from (f"{folder.name}/" for folder in level.folders)
        yield from (item.path.name for item in level.items)


def _folder(directory: str, name: str, items: int | None, size_bytes: int | None) -> ShownEntry:
    path = f"{directory}/{name}" if directory else name
    query = urlencode({"directory": path}, quote_via=quote)
    return ShownEntry(f"{name}/", f"?{query}", shown_size(size_bytes), items=items)


def _file(shared: SharedItem) -> ShownEntry:
    item = shared.item
    path = quote(item.path)
    preview = f"v/{path}" if contents().previews.promised(shared) is not None else None
    return ShownEntry(item.path.name, f"f/{path}", shown_size(item.size_bytes), preview=preview)


def _crumbs(directory: str) -> list[Crumb]:
    parts = directory.split("/") if directory else []
    above = ["/".join(parts[: index + 1]) for index in range(len(parts))]
    return [
        Crumb(part, f"?{urlencode({'directory': path}, quote_via=quote)}")
        for part, path in zip(parts, above, strict=True)
    ]


def _next(directory: str, level: Level) -> str | None:
    if level.next is None:
        return None
    return f"?{urlencode({'directory': directory, 'cursor': cursor_of(level.next)})}"


def _readme(share: Opened, level: Level) -> object:
    """Of the directory. Where visits are counted it is fetched like any other item."""
    if share.share.max_visits is not None:
        return None
    for item in level.items:
        if item.path.name.lower() in ("readme.md", "readme.markdown"):
            return _rendered(contents().items.shared(share, [item])[0])
    return None


def _rendered(shared: SharedItem) -> object:
    """Of what we keep: a page of names does not wait for another place."""
    is_kept = isinstance(shared.item.behind, BlobBehind)
    if not is_kept or contents().previews.promised(shared) is not PreviewKind.MARKDOWN:
        return None
    text = contents().previews.of(shared).text
    return None if text is None else rendered_markdown(text)


def _preview_headers() -> dict[str, str]:
    """A picture comes from our own origin, or the content origin, and from nowhere else."""
    origin = door().content_origin
    images = "img-src 'self'" if origin is None else f"img-src 'self' {origin}"
    return {**PAGE_HEADERS, **page_headers(images)}
