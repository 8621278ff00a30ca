"""One transaction and what can be asked of it."""

from sqlalchemy import Connection

from filemanager.db import progress
from filemanager.db.blobs import SqlBlobs
from filemanager.db.checkpoints import SqlCheckpoints
from filemanager.db.logs import SqlLogs
from filemanager.db.schedule import take_slot
from filemanager.db.table_rows import SqlRows
from filemanager.db.trees import SqlTrees
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

    def take_slot(self, name: str, slot: int) -> bool:
        return take_slot(self._connection, name, slot)

    def progress(self, name: str) -> str | None:
        return progress.find(self._connection, name)

    def save_progress(self, name: str, value: str) -> None:
        progress.save(self._connection, name, value)
