"""What the routes of the repositories door stand on."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.api.repositories.passwords import PasswordVerifier
from filemanager.api.repositories.waiting import PublicationWait
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.services.repositories.fetching import FetchService
from filemanager.services.repositories.incoming import IncomingService
from filemanager.services.repositories.keeping.browsing import RepositoryBrowser
from filemanager.services.repositories.keeping.history import HistoryService
from filemanager.services.repositories.keeping.promoting import PromotionService
from filemanager.services.repositories.keeping.purging import PurgeService
from filemanager.services.repositories.keeping.removing import RemovalService
from filemanager.services.repositories.keeping.restoring import RestoreService
from filemanager.services.repositories.keeping.retention import RetentionService
from filemanager.services.repositories.keeping.rules import RuleService
from filemanager.services.repositories.keeping.snapshots import SnapshotService
from filemanager.services.repositories.publishing import Signers
from filemanager.services.repositories.pushing import PushService
from filemanager.services.repositories.reading import RepositoryReader


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryKeeping:
    """What looks after repositories."""

    browser: RepositoryBrowser
    fetching: FetchService
    history: HistoryService
    promotion: PromotionService
    purging: PurgeService
    removal: RemovalService
    restoring: RestoreService
    retention: RetentionService
    rules: RuleService
    snapshots: SnapshotService


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoriesDoor:
    keeping: RepositoryKeeping
    incoming: IncomingService
    pushes: PushService
    reader: RepositoryReader
    catalogue: Catalogue
    signers: Signers
    passwords: PasswordVerifier
    waiting: PublicationWait
    prefix: str
    max_push_bytes: int


def door() -> RepositoriesDoor:
    return door_of(RepositoriesDoor)
