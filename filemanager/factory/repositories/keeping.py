"""What looks after repositories."""

from datetime import timedelta

from filemanager.api.repositories.door import RepositoryKeeping
from filemanager.factory.core import Core
from filemanager.factory.parts import clock
from filemanager.jobs.schedule import Periodic
from filemanager.services.committing import Committer
from filemanager.services.repositories.fetching import FetchService
from filemanager.services.repositories.keeping.browsing import RepositoryBrowser
from filemanager.services.repositories.keeping.history import HistoryService
from filemanager.services.repositories.keeping.promoting import PromotionService
from filemanager.services.repositories.keeping.purging import PurgeService
from filemanager.services.repositories.keeping.removing import RemovalService
from filemanager.services.repositories.keeping.restoring import RestoreService
from filemanager.services.repositories.keeping.retention import RetentionService
from filemanager.services.repositories.keeping.rules import RuleService
from filemanager.services.repositories.keeping.snapshots import SnapshotService
from filemanager.services.repositories.pushing import PushService
from filemanager.services.repositories.tasks import Announce


def keeping_of(
    core: Core, committer: Committer, pushes: PushService, announce: Announce
) -> RepositoryKeeping:
    settings, database = core.settings.repositories, core.database
    catalogue, max_bytes = settings.catalogue, settings.repositories_max_bytes
    return RepositoryKeeping(
        browser=RepositoryBrowser(database, catalogue),
        fetching=FetchService(database, core.blobs, core.intake, pushes, catalogue),
        history=HistoryService(database, catalogue),
        promotion=PromotionService(database, committer, catalogue, max_bytes, clock),
        purging=PurgeService(database, catalogue, clock, announce),
        removal=RemovalService(database, catalogue, clock),
        restoring=RestoreService(database, catalogue, max_bytes, clock),
        retention=RetentionService(database, catalogue, clock),
        rules=RuleService(database, catalogue, clock, announce),
        snapshots=SnapshotService(database, catalogue, clock),
    )


def rules_applied(keeping: RepositoryKeeping) -> Periodic:
    return Periodic("retain_packages", timedelta(hours=1), keeping.retention.apply_rules)
