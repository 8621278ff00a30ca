"""Repositories in a world, and those who look after them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from filemanager.domain.blobs.blob import KeptAs
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.quotas import Usage
from filemanager.domain.repositories.repository import (
    Package,
    PackageQuery,
    Repository,
    Visibility,
    repository_subject,
)
from filemanager.services.committing import Committer
from filemanager.services.repositories.keeping.browsing import RepositoryBrowser
from filemanager.services.repositories.keeping.history import HistoryService
from filemanager.services.repositories.keeping.promoting import PromotionService
from filemanager.services.repositories.keeping.purging import PurgeService
from filemanager.services.repositories.keeping.removing import RemovalService
from filemanager.services.repositories.keeping.restoring import RestoreService
from filemanager.services.repositories.keeping.retention import RetentionService
from filemanager.services.repositories.keeping.rules import Rules, RuleService
from filemanager.services.repositories.keeping.snapshots import SnapshotService
from worlds.repositories import ADMIN, EL7, FOCAL, Depot

STRANGER = replace(ADMIN, subject="eve", name="eve", granted=frozenset())


def bound_to(prefix: str, scope: Scope) -> Caller:
    return replace(STRANGER, granted=frozenset({GrantedScope(scope, prefix)}))


READER = bound_to("live/2.8", Scope.REPOSITORY_READ)
"""Reads everything of one series."""


@dataclass(slots=True)
class Keeper:
    depot: Depot

    def publish(self, files: Mapping[str, bytes], path: str = FOCAL) -> None:
        """Push and publish, with a product where that is wanted."""
        self.depot.push(files, path, product="tiny" if path != EL7 else None)
        self.depot.publish()

    def hide(self, path: str = FOCAL) -> None:
        self.rules.change(ADMIN, path, Rules(visibility=Visibility.PRIVATE))

    def package(self, name: str, path: str = FOCAL) -> Package:
        """The living one."""
        (found,) = self.browser.packages(ADMIN, path, PackageQuery(name=name))
        return found

    def living(self, path: str = FOCAL) -> list[str]:
        found = self.browser.packages(ADMIN, path, PackageQuery())
        return sorted(f"{one.name} {one.version} {one.arch}" for one in found)

    def repository(self, path: str = FOCAL) -> Repository:
        return self.browser.repository(ADMIN, path)

    def log(self) -> list[str]:
        with self.depot.world.database.read() as tx:
            return [line.text for line in tx.logs.page(None, 0, 100)]

    def usage(self, path: str = FOCAL) -> Usage:
        with self.depot.world.database.read() as tx:
            return tx.quotas.usage(repository_subject(path))

    @property
    def browser(self) -> RepositoryBrowser:
        return RepositoryBrowser(self.depot.world.database, self.depot.catalogue)

    @property
    def history(self) -> HistoryService:
        return HistoryService(self.depot.world.database, self.depot.catalogue)

    @property
    def promotion(self) -> PromotionService:
        world = self.depot.world
        committer = Committer(world.database, world.blobs, world.clock, KeptAs.RAW)
        return PromotionService(
            world.database, committer, self.depot.catalogue, self.depot.max_bytes, world.clock
        )

    @property
    def retention(self) -> RetentionService:
        world = self.depot.world
        return RetentionService(world.database, self.depot.catalogue, world.clock)

    @property
    def snapshots(self) -> SnapshotService:
        world = self.depot.world
        return SnapshotService(world.database, self.depot.catalogue, world.clock)

    @property
    def purging(self) -> PurgeService:
        world = self.depot.world
        return PurgeService(world.database, self.depot.catalogue, world.clock)

    @property
    def removal(self) -> RemovalService:
        world = self.depot.world
        return RemovalService(world.database, self.depot.catalogue, world.clock)

    @property
    def rules(self) -> RuleService:
        world = self.depot.world
        return RuleService(world.database, self.depot.catalogue, world.clock)

    @property
    def restoring(self) -> RestoreService:
        world = self.depot.world
        return RestoreService(
            world.database, self.depot.catalogue, self.depot.max_bytes, world.clock
        )
