"""One transaction and what can be asked of it."""

from sqlalchemy import Connection

from filemanager.db import progress
from filemanager.db.blobs import SqlBlobs
from filemanager.db.checkpoints import SqlCheckpoints
from filemanager.db.drops import SqlDrops
from filemanager.db.idempotency import SqlIdempotencyKeys
from filemanager.db.jobs import SqlJobs
from filemanager.db.logs import SqlLogs
from filemanager.db.outbox import SqlOutbox
from filemanager.db.quotas import SqlQuotas
from filemanager.db.schedule import take_slot
from filemanager.db.stored_files import SqlStoredFiles
from filemanager.db.table_rows import SqlRows
from filemanager.db.trees import SqlTrees
from filemanager.db.uploads import SqlUploads
from filemanager.db.workspaces import SqlWorkspaces


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
