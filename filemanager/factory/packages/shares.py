"""The door of shares."""

from datetime import timedelta

from filemanager.api.http.converters import SlugConverter
from filemanager.api.shares.dialect import DIALECT
from filemanager.api.shares.door import SharedContents, SharesDoor
from filemanager.api.shares.mounting import capabilities, slugs
from filemanager.api.shares.owning import own, shares
from filemanager.api.shares.paths import (
    DocumentConverter,
    HexConverter,
    PackConverter,
)
from filemanager.domain.blobs.blob import KeptAs
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.packages.door import signer_of
from filemanager.factory.parts import clock
from filemanager.jobs.schedule import Periodic
from filemanager.services.committing import Committer
from filemanager.services.packages.stating import StatementService
from filemanager.services.shares.contents.archiving import ArchiveService
from filemanager.services.shares.contents.attesting import SharedStatements
from filemanager.services.shares.contents.cloning import CloneService
from filemanager.services.shares.contents.documents import DocumentService
from filemanager.services.shares.contents.fetching import DigestService
from filemanager.services.shares.contents.items import ItemService
from filemanager.services.shares.contents.listing import ListingService
from filemanager.services.shares.contents.packing import MAKE_PACKS, PackService
from filemanager.services.shares.contents.presigning import PresigningService
from filemanager.services.shares.contents.previews import PreviewService
from filemanager.services.shares.declaring import DeclaredShare, DeclaredShares
from filemanager.services.shares.keys import AccessKeys
from filemanager.services.shares.opening import ShareOpening
from filemanager.services.shares.owning import OwnedShares
from filemanager.services.shares.passwords import SharePasswords
from filemanager.services.shares.previewing import SharePreviews
from filemanager.services.shares.pruning import SharePruning
from filemanager.services.shares.unlocking import UnlockService
from filemanager.services.shares.visiting import VisitService
from filemanager.signing.passwords import Argon2Passwords


def shares_door(core: Core) -> Door:
    database = core.database
    passwords = SharePasswords(database, Argon2Passwords(), clock)
    opening = ShareOpening(database, passwords, clock)
    owned = owned_shares(core)
    committer = Committer(database, core.blobs, clock, KeptAs.RAW)
    packs = PackService(database, core.blobs, committer, core.parts.space)
    pruning = SharePruning(database, clock)
    return Door(
        stands_on=SharesDoor(
            opening=opening,
            unlocking=UnlockService(database, opening, passwords, clock),
            visits=VisitService(database, clock),
            owned=owned,
            keys=AccessKeys(database, clock),
            contents=_contents(core),
            previewing=share_previews(core),
            content_origin=_content_origin(core),
        ),
        blueprints=(own, shares, slugs, capabilities),
        converters={
            "share_slug": SlugConverter,
            "share_document": DocumentConverter,
            "share_pack": PackConverter,
            "share_hex": HexConverter,
        },
        dialect=DIALECT,
        handlers={MAKE_PACKS: packs.make},
        periodic=(Periodic("prune_shares", timedelta(hours=1), pruning.prune),),
        at_start=(_declared(core, owned).apply,),
    )


def owned_shares(core: Core) -> OwnedShares:
    database, hashes = core.database, Argon2Passwords()
    opening = ShareOpening(database, SharePasswords(database, hashes, clock), clock)
    return OwnedShares(database, opening, hashes, clock, core.settings.shares.max_shares)


def share_previews(core: Core) -> SharePreviews:
    database, items = core.database, _items(core)
    opening = ShareOpening(database, SharePasswords(database, Argon2Passwords(), clock), clock)
    return SharePreviews(database, opening, items, _previews(core, items), clock)


def _previews(core: Core, items: ItemService) -> PreviewService:
    return PreviewService(items, core.facts, has_tabs=_content_origin(core) is not None)


def _content_origin(core: Core) -> str | None:
    """It is of the pages, and off with them."""
    pages = core.settings.pages
    return pages.content_origin if pages.web else None


def _items(core: Core) -> ItemService:
    life = timedelta(seconds=core.settings.shares.share_url_seconds)
    return ItemService(core.database, core.blobs, core.sources, clock, life)


def _contents(core: Core) -> SharedContents:
    database, blobs, items = core.database, core.blobs, _items(core)
    listing = ListingService(database)
    statements = StatementService(database, signer_of(core.settings.packages))
    return SharedContents(
        items=items,
        presigning=PresigningService(items),
        listing=listing,
        documents=DocumentService(listing),
        archives=ArchiveService(database, blobs, listing),
        clones=CloneService(database, blobs, listing),
        digests=DigestService(database, items, listing),
        previews=_previews(core, items),
        statements=SharedStatements(database, statements),
    )


def _declared(core: Core, owned: OwnedShares) -> DeclaredShares:
    settings = core.settings
    declared = {
        slug: DeclaredShare(
            package_id=DataPackageId(share.package),
            number=None if share.version == "latest" else share.version,
            description=share.description,
        )
        for slug, share in (settings.shares.default_shares or {}).items()
    }
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    return DeclaredShares(core.database, owned, declared, base, clock)
