"""What the routes of shares stand on."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.services.shares.contents.archiving import ArchiveService
from filemanager.services.shares.contents.attesting import SharedStatements
from filemanager.services.shares.contents.cloning import CloneService
from filemanager.services.shares.contents.documents import DocumentService
from filemanager.services.shares.contents.fetching import DigestService
from filemanager.services.shares.contents.items import ItemService
from filemanager.services.shares.contents.listing import ListingService
from filemanager.services.shares.contents.presigning import PresigningService
from filemanager.services.shares.contents.previews import PreviewService
from filemanager.services.shares.keys import AccessKeys
from filemanager.services.shares.opening import ShareOpening
from filemanager.services.shares.owning import OwnedShares
from filemanager.services.shares.previewing import SharePreviews
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
    statements: SharedStatements


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesDoor:
    """``content_origin`` None: items are shown as attachments at most."""

    opening: ShareOpening
    unlocking: UnlockService
    visits: VisitService
    owned: OwnedShares
    keys: AccessKeys
    contents: SharedContents
    previewing: SharePreviews
    content_origin: str | None


def door() -> SharesDoor:
    return door_of(SharesDoor)


def contents() -> SharedContents:
    return door().contents
