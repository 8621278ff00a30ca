"""What pages stand on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from filemanager.api.http.context import door_of
from filemanager.api.http.front.hosts import Hosts
from filemanager.domain.sources.addresses import ListedHosts
from filemanager.services.facts import FactService
from filemanager.services.health import HealthService
from filemanager.services.jobs import JobService
from filemanager.services.packages.adding import AddService
from filemanager.services.packages.browsing import PackageBrowser
from filemanager.services.packages.checkpointing import CheckpointedPackages
from filemanager.services.packages.editing import ItemEditor
from filemanager.services.packages.freezing import FreezeService
from filemanager.services.packages.importing import ImportService
from filemanager.services.packages.keeping import PackageKeeper
from filemanager.services.packages.pointing import PointerService
from filemanager.services.packages.stating import StatementService
from filemanager.services.packages.texts import TextService
from filemanager.services.sessions.by_provider import ProviderSignIn
from filemanager.services.sessions.local_user import LocalUser
from filemanager.services.sessions.previews import SessionPreviews
from filemanager.services.sessions.signing_in import SessionService
from filemanager.services.sessions.web_tokens import WebTokenService
from filemanager.services.shares.keys import AccessKeys
from filemanager.services.shares.owning import OwnedShares
from filemanager.services.shares.previewing import SharePreviews
from filemanager.services.sources.blocking import OwnerBlocking
from filemanager.services.sources.keeping import SourceService
from filemanager.services.upkeep.overview import Overview
from filemanager.services.workspaces.checking.again import RecheckingService
from filemanager.services.workspaces.checking.looking import PageAdvice
from filemanager.services.workspaces.checking.missing import MissingFiles
from filemanager.services.workspaces.checkpoints import CheckpointService
from filemanager.services.workspaces.content import ContentService
from filemanager.services.workspaces.editing import EditingService
from filemanager.services.workspaces.files import FileService
from filemanager.services.workspaces.invitations.inviting import InvitationService
from filemanager.services.workspaces.invitations.opening import InvitationOpening
from filemanager.services.workspaces.invitations.own import HandInService
from filemanager.services.workspaces.invitations.whole import WholeHandIn
from filemanager.services.workspaces.invitations.withdrawing import WithdrawService
from filemanager.services.workspaces.life import WorkspaceService
from filemanager.services.workspaces.reading import ReadingService
from filemanager.services.workspaces.receipt import WorkspaceReceipts
from filemanager.services.workspaces.versions import VersionService


@dataclass(frozen=True, slots=True)
class DoorLink:
    """A door that is on, and its address within the application."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceUses:
    """What pages do with workspaces."""

    life: WorkspaceService
    files: FileService
    editing: EditingService
    content: ContentService
    reading: ReadingService
    rechecking: RecheckingService
    checkpoints: CheckpointService
    versions: VersionService
    facts: FactService
    advice: PageAdvice
    missing: MissingFiles
    receipts: WorkspaceReceipts


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationUses:
    """What pages do for guests of invitations, and for who invited them."""

    opening: InvitationOpening
    own: HandInService
    withdrawing: WithdrawService
    whole: WholeHandIn
    inviting: InvitationService
    guests_known_for: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageUses:
    """What pages do with data packages, their sources and their shares."""

    keeper: PackageKeeper
    browser: PackageBrowser
    texts: TextService
    adding: AddService
    editor: ItemEditor
    freezing: FreezeService
    sources: SourceService
    shares: OwnedShares
    keys: AccessKeys
    importing: ImportService
    pointers: PointerService
    checkpointed: CheckpointedPackages
    statements: StatementService


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrationUses:
    """What pages show to whoever looks after the service, and do for them.

    ``periods`` are those of periodic work by name; ``settings`` variables and values, secrets
    masked. ``listed_hosts`` are those of sources that pages connect.
    """

    health: HealthService
    jobs: JobService
    overview: Overview
    blocking: OwnerBlocking
    sources: SourceService
    listed_hosts: ListedHosts
    periods: Mapping[str, timedelta]
    settings: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebDoor:
    """``store_origins`` are those that scripts send bytes to, beside our own. ``provider`` None:
    nobody signs in by one. ``content_origin`` None: files are shown as attachments at most.
    """

    sessions: SessionService
    tokens: WebTokenService
    previews: SessionPreviews
    share_previews: SharePreviews
    hosts: Hosts
    local_user: LocalUser
    workspaces: WorkspaceUses
    invitations: InvitationUses
    packages: PackageUses
    administration: AdministrationUses
    doors: Sequence[DoorLink]
    provider: ProviderSignIn | None = None
    content_origin: str | None = None
    store_origins: Sequence[str] = ()


def door() -> WebDoor:
    return door_of(WebDoor)
