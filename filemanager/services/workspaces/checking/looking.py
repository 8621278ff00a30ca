"""What pages say of files: of so many as a page has time for, and of the rest once it was read."""

from collections.abc import Sequence

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import Revision, WorkspaceId
from filemanager.domain.jobs.job import Lane, Task
from filemanager.domain.ports import Clock, Database
from filemanager.domain.trees.findings import Finding
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.services.jobs import Running
from filemanager.services.remembering import remember
from filemanager.services.workspaces.advice import AdviceService

LOOK_THROUGH = "look_through"

SHOWN_FILES = 200
SHOWN_BYTES = 32 << 20
"""How much is read for one page, at most: a paper, and not a thesis with all its data."""

_EVERYTHING = 1 << 62


class PageAdvice:
    """Advice as pages show it: none waits for a thousand files that nobody has looked at yet.

    Those are promised to a worker, so that the page has all a little later.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        clock: Clock,
        *,
        max_new_files: int = SHOWN_FILES,
    ) -> None:
        self._database = database
        self._clock = clock
        self._some = AdviceService(
            database, blobs, max_new_bytes=SHOWN_BYTES, max_new_files=max_new_files
        )
        self._all = AdviceService(
            database, blobs, max_new_bytes=_EVERYTHING, max_new_files=_EVERYTHING
        )

    def of(self, workspace_id: WorkspaceId, revision: Revision) -> Sequence[Finding]:
        """``AdviceService.of``; what was not looked at yet is counted in a finding."""
        return self._some.of(workspace_id, revision, left=lambda: self._promise(workspace_id))

    def look_through(self, running: Running) -> None:
        """The handler: look at all that the workspace has by now."""
        workspace_id = WorkspaceId(int(running.claimed.payload["workspace_id"] or 0))
        try:
            with self._database.read() as tx:
                revision = tx.workspaces.get(workspace_id).revision
            self._all.of(workspace_id, revision)
        except WorkspaceNotFound:
            pass  # it was deleted meanwhile, so that nobody asks
        self._database.write(running.settle)

    def _promise(self, workspace_id: WorkspaceId) -> None:
        task = Task(
            kind=LOOK_THROUGH,
            lane=Lane.LONG,
            payload={"workspace_id": workspace_id},
            key=f"look through {workspace_id}",
        )
        remember(self._database, lambda tx: tx.outbox.add(task, self._clock()))
