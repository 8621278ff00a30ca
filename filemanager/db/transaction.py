"""One transaction and what can be asked of it."""

from sqlalchemy import Connection

from filemanager.db.blobs.blobs import SqlBlobs
from filemanager.db.bucket.drops import SqlDrops
from filemanager.db.idempotency.keys import SqlIdempotencyKeys
from filemanager.db.jobs import progress
from filemanager.db.jobs.jobs import SqlJobs
from filemanager.db.jobs.outbox import SqlOutbox
from filemanager.db.jobs.slots import take_slot
from filemanager.db.quotas.quotas import SqlQuotas
from filemanager.db.rawstore.stored_files import SqlStoredFiles
from filemanager.db.trees.trees import SqlTrees
from filemanager.db.upkeep.table_rows import SqlRows
from filemanager.db.upkeep.upkeep import SqlUpkeep
from filemanager.db.uploads.uploads import SqlUploads
from filemanager.db.workspaces.checkpoints import SqlCheckpoints
from filemanager.db.workspaces.logs import SqlLogs
from filemanager.db.workspaces.workspaces import SqlWorkspaces


class SqlTransaction:
    """Valid until its transaction ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.workspaces = SqlWorkspaces(connection)
        self.trees = SqlTrees(connection)
        self.blobs = SqlBlobs(connection)
        self.checkpoints = SqlCheckpoints(connection)
        self.logs = SqlLogs(connection)
        self.rows = SqlRows(connection)
        self.upkeep = SqlUpkeep(connection)
        self.outbox = SqlOutbox(connection)
        self.jobs = SqlJobs(connection)
        self.quotas = SqlQuotas(connection)
        self.uploads = SqlUploads(connection)
        self.stored_files = SqlStoredFiles(connection)
        self.drops = SqlDrops(connection)
        self.idempotency_keys = SqlIdempotencyKeys(connection)

    def take_slot(self, name: str, slot: int) -> bool:
        return take_slot(self._connection, name, slot)

    def progress(self, name: str) -> str | None:
        return progress.find(self._connection, name)

    def save_progress(self, name: str, value: str) -> None:
        progress.save(self._connection, name, value)
