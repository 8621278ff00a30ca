"""A package as a page: what it holds by directories, one item of it, and its versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller
from filemanager.api.http.operations import operation
from filemanager.api.http.paging import cursor_of, number_of, text_of
from filemanager.api.http.wishes import Cursor, PublicPath, Wish
from filemanager.api.pages.texts import _, shown_moment, shown_size
from filemanager.domain.caller import Scope
from filemanager.domain.ids import MAX_ID
from filemanager.domain.packages.data_package import (
    BlobBehind,
    DataPackageId,
    Folder,
    Item,
    ItemNotFound,
    Level,
    PackageEdition,
)
from filemanager.domain.packages.pointer import ObjectPlace
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import TreePath
from filemanager.services.packages.browsing import SourceNames
from filemanager.web.door import door
from filemanager.web.packages.guard import OpensPackage
from filemanager.web.packages.heading import heading, state_word
from filemanager.web.session.pages import MOVED, PAGE, page

showing = Blueprint("package", __name__, url_prefix="/packages/<package:package_id>")

_READS = OpensPackage(Scope.PACKAGE_READ)
_ITEMS = 1000
_VERSIONS = 100
_SHOWN_BYTES = 256 << 10
"""Of a text; a form that changes it is larger, and still bounded."""


class PackagePageQuery(Wish):
    directory: str = Field("", max_length=2000)
    version: int | None = Field(None, ge=1, le=MAX_ID)
    cursor: Cursor | None = None
    done: str | None = Field(None, max_length=40, description="What was done just now.")


class ItemPageQuery(Wish):
    path: PublicPath


class VersionPageQuery(Wish):
    cursor: Cursor | None = None
    done: str | None = Field(None, max_length=40, description="What was done just now.")


@dataclass(frozen=True, slots=True)
class ShownFolder:
    name: str
    path: str
    address: str
    size: str
    items: int | None


@dataclass(frozen=True, slots=True)
class ShownItem:
    """``address`` None: one of a version, which has no page of its own."""

    name: str
    path: str
    address: str | None
    place: str
    size: str
    state: str


@dataclass(frozen=True, slots=True)
class ShownEdition:
    address: str
    name: str
    number: int
    statement: str
    items: int
    pending: int
    size: str
    digest: str
    frozen: str


@showing.get("")
@operation(guard=_READS, errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_package_page(package_id: str, query: PackagePageQuery) -> ResponseReturnValue:
    """Show a package, or a version of it: what lies in one directory, and what can be done."""
    after = text_of(query.cursor) or None
    found = door().packages.browser.level(
        caller(),
        DataPackageId(package_id),
        query.version,
        path_from(query.directory) if query.directory else "",
        (after, _ITEMS),
    )
    is_now = query.version is None
    return page(
        "package.html",
        **heading(package_id, query.done),
        version=None if is_now else found.edition,
        directory=query.directory,
        crumbs=_crumbs(query),
        folders=[_folder(query, one) for one in found.level.folders],
        items=[_item(one, found.sources, is_now=is_now) for one in found.level.items],
        next_page=_next(query, found.level),
    )


@showing.get("/item")
@operation(guard=_READS, errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_item_page(package_id: str, query: ItemPageQuery) -> ResponseReturnValue:
    """Show an item: where its bytes lie, what is known of them, and a text in a form."""
    identity, path = DataPackageId(package_id), path_from(query.path)
    found = door().packages.browser.item(caller(), identity, None, path)
    (item,) = found.items
    return page(
        "package_item.html",
        **heading(package_id),
        item=item,
        item_size=shown_size(item.size_bytes),
        place=place_word(item, found.sources),
        state=state_word(item.digest_state),
        tag=next(iter(item.state.tags)),
        text=_text(identity, item),
        back=f"?{urlencode({'directory': item.path.parent})}",
    )


@showing.get("/versions")
@operation(guard=_READS, errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_versions_page(package_id: str, query: VersionPageQuery) -> ResponseReturnValue:
    """Show the versions of a package, newest first."""
    before = number_of(query.cursor) or None
    identity = DataPackageId(package_id)
    found = door().packages.browser.versions(caller(), identity, before, _VERSIONS + 1)
    shown = found[:_VERSIONS]
    return page(
        "package_versions.html",
        **heading(package_id, query.done),
        versions=[_version(one) for one in shown],
        is_signed=door().packages.statements.signs,
        more=f"?cursor={cursor_of(shown[-1].number)}" if len(found) > _VERSIONS else None,
    )


def path_from(text: str) -> TreePath:
    """What no package can hold is an unknown one. Raises ``ItemNotFound``."""
    try:
        return TreePath.parse(text)
    except PathRefused as refused:
        raise ItemNotFound(text) from refused


def _text(identity: DataPackageId, item: Item) -> str | None:
    """None: no text of the package, or none that a page shows."""
    behind = item.behind
    if not isinstance(behind, BlobBehind) or item.size_bytes > _SHOWN_BYTES:
        return None
    _item, download = door().packages.texts.open(caller(), identity, item.path)
    try:
        return b"".join(download.stream(0, download.size_bytes)).decode()
    except UnicodeDecodeError:
        return None


def _query(query: PackagePageQuery, **more: str) -> str:
    version = {} if query.version is None else {"version": query.version}
    return f"?{urlencode({**version, **more})}"


def _crumbs(query: PackagePageQuery) -> Sequence[tuple[str, str]]:
    parts = query.directory.split("/") if query.directory else []
    above = ["/".join(parts[: at + 1]) for at in range(len(parts))]
    return [(part, _query(query, directory=path)) for part, path in zip(parts, above, strict=True)]


def _next(query: PackagePageQuery, level: Level) -> str | None:
    if level.next is None:
        return None
    return _query(query, directory=query.directory, cursor=cursor_of(level.next))


def _folder(query: PackagePageQuery, folder: Folder) -> ShownFolder:
    path = f"{query.directory}/{folder.name}" if query.directory else folder.name
    return ShownFolder(
        name=f"{folder.name}/",
        path=f"{path}/",
        address=_query(query, directory=path),
        size=shown_size(folder.size_bytes),
        items=folder.items,
    )


def _item(item: Item, sources: SourceNames, *, is_now: bool) -> ShownItem:
    return ShownItem(
        name=item.path.name,
        path=item.path,
        address=f"/item?{urlencode({'path': item.path})}" if is_now else None,
        place=place_word(item, sources),
        size=shown_size(item.size_bytes),
        state=state_word(item.digest_state),
    )


def place_word(item: Item, sources: SourceNames) -> str:
    """Where the bytes of an item lie, for people."""
    behind = item.behind
    if isinstance(behind, BlobBehind):
        return _("Kept with the package") if behind.is_text else _("File of a workspace")
    if isinstance(behind.place, ObjectPlace):
        source = sources[behind.place.source_id]
        return f"{source}: {behind.place.pinned.key}"
    return behind.place.url


def _version(version: PackageEdition) -> ShownEdition:
    number = version.number or 0
    return ShownEdition(
        address=f"/packages/{version.package_id}?version={number}",
        name=version.name,
        number=number,
        statement=f"/packages/{version.package_id}/versions/{number}/statement.json",
        items=version.items,
        pending=version.pending,
        size=shown_size(version.size_bytes),
        digest=version.digest or "",
        frozen=shown_moment(version.frozen_at),
    )
