"""What the routes of shares stand on."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.services.shares.archiving import ArchiveService
from filemanager.services.shares.cloning import CloneService
from filemanager.services.shares.documents import DocumentService
from filemanager.services.shares.fetching import DigestService
from filemanager.services.shares.items import ItemService
from filemanager.services.shares.keys import AccessKeys
from filemanager.services.shares.listing import ListingService
from filemanager.services.shares.opening import ShareOpening
from filemanager.services.shares.owning import OwnedShares
from filemanager.services.shares.presigning import PresigningService
from filemanager.services.shares.previews import PreviewService
from filemanager.services.shares.unlocking import UnlockService
from filemanager.services.shares.visiting import VisitService


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContents:
    """What a share gives out."""

    items: ItemService
    presigning: PresigningService
    listing: ListingService
    documents: DocumentService
    archives: ArchiveService
    clones: CloneService
    digests: DigestService
    previews: PreviewService


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesDoor:
    opening: ShareOpening
    unlocking: UnlockService
    visits: VisitService
    owned: OwnedShares
    keys: AccessKeys
    contents: SharedContents


def door() -> SharesDoor:
    return door_of(SharesDoor)


def contents() -> SharedContents:
    return door().contents
