"""What is answered about shares, as JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from filemanager.api.http.context import services
from filemanager.api.http.views import View
from filemanager.domain.packages.data_package import Folder, Item, PackageEdition
from filemanager.domain.shares.capability import ShareCapability
from filemanager.domain.shares.share import Share
from filemanager.domain.shares.visit import ShareAccess
from filemanager.services.shares.contents.presigning import NotPresigned, Presigned

Shown = int | Literal["latest"]


class ShareView(View):
    """Never the password, nor anything that opens what it protects."""

    slug: str
    url: str
    version: Shown
    expires: datetime | None
    has_password: bool
    description: str
    listing: bool
    audience: list[str]
    visits: int
    max_visits: int | None
    created_at: datetime


class ShareList(View):
    shares: list[ShareView]


class AccessKeyView(View):
    id: int
    name: str
    created_at: datetime
    expires: datetime | None
    is_alive: bool


class NewAccessKeyView(AccessKeyView):
    """``base`` is told once: it opens the share for whoever has it."""

    base: str


class AccessKeyList(View):
    keys: list[AccessKeyView]


class AccessView(View):
    """``network`` is the address without its end; ``bytes`` what was asked for, if that is
    known.
    """

    at: datetime
    item: str
    visit: int | None
    bytes: int | None
    agent: str
    network: str


class AccessList(View):
    accesses: list[AccessView]


class UnlockedView(View):
    base: str
    expires: datetime | None


class SharedFolderView(View):
    path: str
    items: int | None
    bytes: int | None


class SharedItemView(View):
    """``sha256`` and ``md5`` null: not known. ``url`` is a reference to its bytes."""

    path: str
    bytes: int
    sha256: str | None
    md5: str | None
    media_type: str
    url: str


class SharedLevelView(View):
    """A page of one directory; the next is in the ``Link`` of the answer."""

    name: str
    description: str
    license: str
    creators: list[str]
    doi: str
    keywords: list[str]
    version: Shown
    digest: str | None
    frozen_at: datetime
    items: int
    bytes: int
    directory: str
    folders: list[SharedFolderView]
    entries: list[SharedItemView]


class PresignedView(View):
    path: str
    url: str
    expires: datetime | None


class NotPresignedView(View):
    path: str
    code: str
    detail: str


class PresignedList(View):
    """In the order that was asked for; ``refused`` are those that cannot be had."""

    urls: list[PresignedView]
    refused: list[NotPresignedView]


def share_view(share: Share) -> ShareView:
    return ShareView(
        slug=share.slug,
        url=share.url,
        version=share.number or "latest",
        expires=share.expires_at,
        has_password=share.password is not None,
        description=share.description,
        listing=share.is_listed,
        audience=sorted(share.audience),
        visits=share.visits,
        max_visits=share.max_visits,
        created_at=share.created_at,
    )


def key_view(key: ShareCapability) -> AccessKeyView:
    return AccessKeyView(
        id=key.id,
        name=key.name or "",
        created_at=key.created_at,
        expires=key.expires_at,
        is_alive=key.is_alive(services().clock()),
    )


def access_view(access: ShareAccess) -> AccessView:
    return AccessView(
        at=access.at,
        item=access.item,
        visit=access.visit_id,
        bytes=access.size_bytes,
        agent=access.agent,
        network=access.network,
    )


def folder_view(directory: str, folder: Folder) -> SharedFolderView:
    path = f"{directory}/{folder.name}" if directory else folder.name
    return SharedFolderView(path=path, items=folder.items, bytes=folder.size_bytes)


def item_view(item: Item, url: str) -> SharedItemView:
    return SharedItemView(
        path=item.path,
        bytes=item.size_bytes,
        sha256=item.sha256,
        md5=item.md5,
        media_type=item.media_type,
        url=url,
    )


def presigned_list(found: Iterable[Presigned | NotPresigned]) -> PresignedList:
    urls, refused = [], []
    for one in found:
        if isinstance(one, Presigned):
            urls.append(PresignedView(path=one.path, url=one.url, expires=one.ends_at))
        else:
            code, detail = one.refusal.code, one.refusal.message
            refused.append(NotPresignedView(path=one.path, code=code, detail=detail))
    return PresignedList(urls=urls, refused=refused)


def creators_of(edition: PackageEdition) -> list[str]:
    return [] if edition.is_anonymous else list(edition.described.creators)
