"""The JSON of data packages, rendered from domain values."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from filemanager.api.http.views import View
from filemanager.domain.packages.data_package import (
    BlobBehind,
    DataPackage,
    Description,
    Item,
    ItemDifference,
    Level,
    PackageEdition,
)
from filemanager.domain.packages.pointer import ObjectPlace, PointerState
from filemanager.services.packages.browsing import SourceNames


class DescribedView(View):
    """What people said of a package; empty where they said nothing."""

    name: str
    description: str
    license: str
    creators: list[str]
    doi: str
    keywords: list[str]


class DataPackageView(DescribedView):
    """``bytes`` are those of all items, wherever they lie; ``text_bytes`` those that are kept."""

    id: str
    revision: int
    items: int
    bytes: int
    text_bytes: int
    anonymous: bool
    created_at: datetime
    changed_at: datetime


class DataPackageList(View):
    packages: list[DataPackageView]


class CheckpointedView(View):
    """A package by its id, and the number of the version that was made with it."""

    id: str
    version: int


class ItemKind(StrEnum):
    """``text``: of the package. ``file``: of a workspace. The others lie elsewhere."""

    TEXT = "text"
    FILE = "file"
    OBJECT = "object"
    URL = "url"


class ItemView(View):
    """``state`` says what is known of the digests: pending ones are being worked out."""

    path: str
    kind: ItemKind
    media_type: str
    bytes: int
    sha256: str | None
    md5: str | None
    state: PointerState
    source: str | None
    key: str | None
    version: str | None
    etag: str | None
    url: str | None


class FolderView(View):
    """A directory right below the one that was asked for; null: not reckoned."""

    name: str
    items: int | None
    bytes: int | None


class AddedView(View):
    """``added`` items are new, or others than before."""

    added: int
    revision: int


class ItemList(View):
    """``version`` null: what is there now. ``directories`` where one directory was asked for."""

    version: int | None
    revision: int
    directories: list[FolderView]
    items: list[ItemView]


class VersionView(View):
    """``described`` is what was said when it was frozen. ``pending`` items have no digests here."""

    package: str
    number: int
    name: str
    revision: int
    items: int
    bytes: int
    pending: int
    digest: str
    frozen_at: datetime
    described: DescribedView


class VersionList(View):
    versions: list[VersionView]


class SignatureView(View):
    keyid: str
    sig: str


class EnvelopeView(View):
    """DSSE v1; ``payload`` and ``sig`` are base64."""

    payload: str
    payloadType: str  # noqa: N815  # as DSSE names it
    signatures: list[SignatureView]


class StatementKeyView(View):
    """RFC 8037."""

    kty: str
    crv: str
    alg: str
    use: str
    kid: str
    x: str


class StatementKeys(View):
    keys: list[StatementKeyView]


class ItemDifferenceView(View):
    path: str
    old: ItemView | None
    new: ItemView | None


class VersionDifferenceView(View):
    differences: list[ItemDifferenceView]


def package_view(package: DataPackage) -> DataPackageView:
    return DataPackageView(
        **_said(package.described),
        id=package.id,
        revision=package.revision,
        items=package.items,
        bytes=package.size_bytes,
        text_bytes=package.text_bytes,
        anonymous=package.is_anonymous,
        created_at=package.created_at,
        changed_at=package.changed_at,
    )


def item_view(item: Item, sources: SourceNames) -> ItemView:
    return ItemView(
        path=item.path,
        media_type=item.media_type,
        bytes=item.size_bytes,
        sha256=item.sha256,
        md5=item.md5,
        state=item.digest_state,
        **_place(item, sources),
    )


def item_list(edition: PackageEdition, level: Level, sources: SourceNames) -> ItemList:
    return ItemList(
        version=edition.number,
        revision=edition.revision,
        directories=[
            FolderView(name=one.name, items=one.items, bytes=one.size_bytes)
            for one in level.folders
        ],
        items=[item_view(one, sources) for one in level.items],
    )


def version_view(version: PackageEdition) -> VersionView:
    return VersionView(
        described=DescribedView(**_said(version.described)),
        package=version.package_id,
        number=version.number or 0,
        name=version.name,
        revision=version.revision,
        items=version.items,
        bytes=version.size_bytes,
        pending=version.pending,
        digest=version.digest or "",
        frozen_at=version.frozen_at,
    )


def difference_view(found: ItemDifference, sources: SourceNames) -> ItemDifferenceView:
    return ItemDifferenceView(
        path=found.path,
        old=found.old and item_view(found.old, sources),
        new=found.new and item_view(found.new, sources),
    )


def _said(described: Description) -> dict[str, Any]:
    return {
        "name": described.name,
        "description": described.description,
        "license": described.license,
        "creators": list(described.creators),
        "doi": described.doi,
        "keywords": list(described.keywords),
    }


def _place(item: Item, sources: SourceNames) -> dict[str, Any]:
    behind = item.behind
    place = dict.fromkeys(("source", "key", "version", "etag", "url"))
    if isinstance(behind, BlobBehind):
        return {**place, "kind": ItemKind.TEXT if behind.is_text else ItemKind.FILE}
    if isinstance(behind.place, ObjectPlace):
        pinned = behind.place.pinned
        return {
            "kind": ItemKind.OBJECT,
            "source": sources[behind.place.source_id],
            "key": pinned.key,
            "version": pinned.version,
            "etag": pinned.etag,
            "url": None,
        }
    return {**place, "kind": ItemKind.URL, "url": behind.place.url}
