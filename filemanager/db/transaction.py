"""One transaction and what can be asked of it."""

from collections.abc import Mapping
from functools import cached_property

from sqlalchemy import Connection

from filemanager.db.blobs.blobs import SqlBlobs
from filemanager.db.blobs.small_packs import SqlSmallPacks
from filemanager.db.bucket.drops import SqlDrops
from filemanager.db.idempotency.keys import SqlIdempotencyKeys
from filemanager.db.jobs import progress
from filemanager.db.jobs.jobs import SqlJobs
from filemanager.db.jobs.outbox import SqlOutbox
from filemanager.db.jobs.slots import release_slot, slots, take_slot
from filemanager.db.packages.packages import SqlDataPackages
from filemanager.db.quotas.quotas import SqlQuotas
from filemanager.db.quotas.tallies import SqlTallies
from filemanager.db.rawstore.stored_files import SqlStoredFiles
from filemanager.db.repositories.repositories import SqlRepositories
from filemanager.db.schema import PINNING
from filemanager.db.sessions.sessions import SqlWebSessions
from filemanager.db.shares.shares import SqlShares
from filemanager.db.sources.blocked import SqlOwnersBlocked
from filemanager.db.sources.sources import SqlSources
from filemanager.db.trees.held import HeldTrees
from filemanager.db.trees.pins import SqlPins
from filemanager.db.trees.trees import SqlTrees
from filemanager.db.upkeep.table_rows import SqlRows
from filemanager.db.upkeep.upkeep import SqlUpkeep
from filemanager.db.uploads.uploads import SqlUploads
from filemanager.db.workspaces.checkpoints import SqlCheckpoints
from filemanager.db.workspaces.invitations.invitations import SqlInvitations
from filemanager.db.workspaces.logs import SqlLogs
from filemanager.db.workspaces.workspaces import SqlWorkspaces


class SqlTransaction:
    """Valid until its transaction ends. Each repository is built when it is first asked for."""

    def __init__(self, connection: Connection, log_lines_per_day: int | None = None) -> None:
        self._connection = connection
        self._log_lines_per_day = log_lines_per_day
        self._held = HeldTrees()
        self.findings_begun = self._held.begun
        """By severity."""

    @cached_property
    def workspaces(self) -> SqlWorkspaces:
        return SqlWorkspaces(self._connection, self._held)

    @cached_property
    def trees(self) -> SqlTrees:
        return SqlTrees(self._connection, self._held)

    @cached_property
    def pins(self) -> SqlPins:
        return SqlPins(self._connection, PINNING)

    @cached_property
    def blobs(self) -> SqlBlobs:
        return SqlBlobs(self._connection)

    @cached_property
    def small_packs(self) -> SqlSmallPacks:
        return SqlSmallPacks(self._connection)

    @cached_property
    def checkpoints(self) -> SqlCheckpoints:
        return SqlCheckpoints(self._connection)

    @cached_property
    def logs(self) -> SqlLogs:
        return SqlLogs(self._connection, self._log_lines_per_day)

    @cached_property
    def rows(self) -> SqlRows:
        return SqlRows(self._connection)

    @cached_property
    def upkeep(self) -> SqlUpkeep:
        return SqlUpkeep(self._connection)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self._connection)

    @cached_property
    def jobs(self) -> SqlJobs:
        return SqlJobs(self._connection)

    @cached_property
    def quotas(self) -> SqlQuotas:
        return SqlQuotas(self._connection)

    @cached_property
    def tallies(self) -> SqlTallies:
        return SqlTallies(self._connection)

    @cached_property
    def uploads(self) -> SqlUploads:
        return SqlUploads(self._connection)

    @cached_property
    def stored_files(self) -> SqlStoredFiles:
        return SqlStoredFiles(self._connection)

    @cached_property
    def drops(self) -> SqlDrops:
        return SqlDrops(self._connection)

    @cached_property
    def repositories(self) -> SqlRepositories:
        return SqlRepositories(self._connection)

    @cached_property
    def sources(self) -> SqlSources:
        return SqlSources(self._connection)

    @cached_property
    def blocked_owners(self) -> SqlOwnersBlocked:
        return SqlOwnersBlocked(self._connection)

    @cached_property
    def packages(self) -> SqlDataPackages:
        return SqlDataPackages(self._connection)

    @cached_property
    def shares(self) -> SqlShares:
        return SqlShares(self._connection)

    @cached_property
    def sessions(self) -> SqlWebSessions:
        return SqlWebSessions(self._connection)

    @cached_property
    def invitations(self) -> SqlInvitations:
        return SqlInvitations(self._connection)

    @cached_property
    def idempotency_keys(self) -> SqlIdempotencyKeys:
        return SqlIdempotencyKeys(self._connection)

    def take_slot(self, name: str, slot: int) -> bool:
        return take_slot(self._connection, name, slot)

    def release_slot(self, name: str, slot: int) -> None:
        release_slot(self._connection, name, slot)

    def slots(self) -> Mapping[str, int]:
        return slots(self._connection)

    def progress(self, name: str) -> str | None:
        return progress.find(self._connection, name)

    def save_progress(self, name: str, value: str) -> None:
        progress.save(self._connection, name, value)
