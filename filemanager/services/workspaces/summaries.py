"""Summaries that a process has read, each good for as long as its workspace is the same."""

from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Database
from filemanager.services.workspaces.summary import Summary, live, summarize

_REMEMBERED = 256
_LARGEST = 100
"""Files and findings of one that is remembered: of a paper, and not of a data set."""


class Summaries:
    """The row is read each time. What a tree holds at a revision never changes, so that files and
    findings need not be read again where the whole row, its revision with it, is as it was.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[WorkspaceId, Summary] = {}

    def of(self, workspace_id: WorkspaceId) -> Summary:
        """Without transient findings. Raises ``WorkspaceNotFound``."""
        known = self._known.get(workspace_id)
        if known is not None and known.workspace == self._row(workspace_id):
            return known
        with self._database.read() as tx:
            found = summarize(tx, live(tx, workspace_id), transient=False)
        self._remember(found)
        return found

    def _row(self, workspace_id: WorkspaceId) -> object:
        with self._database.glance() as tx:
            return live(tx, workspace_id)

    def _remember(self, found: Summary) -> None:
        if len(found.entries) + len(found.findings) > _LARGEST:
            return
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[found.workspace.id] = found
