"""Running the checks again as a job, for workspaces that take longer than a request should."""

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.jobs.job import Job, Lane, Task
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.workspaces.workspace import rights_in
from filemanager.services.jobs import JobService, Running, caller_of
from filemanager.services.workspaces.checking.again import Rechecked, RecheckingService
from filemanager.services.workspaces.summary import live

RECHECK = "recheck"


class RecheckJobs:
    def __init__(
        self, database: Database, jobs: JobService, rechecking: RecheckingService, clock: Clock
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._rechecking = rechecking
        self._clock = clock

    def promise(
        self, caller: Caller, workspace_id: WorkspaceId, preconditions: Preconditions
    ) -> Job:
        """Promise a check of every file; what would be refused now is refused at once.

        With *preconditions* the workspace must still be at its present revision when the job runs.
        """

        def work(tx: Transaction) -> Job:
            workspace = live(tx, workspace_id)
            preconditions.ensure(workspace.state)
            workspace.ensure_writable(self._clock())
            revision = None if preconditions == UNCONDITIONAL else str(workspace.revision)
            payload = {"workspace_id": workspace_id, "revision": revision}
            task = Task(kind=RECHECK, lane=Lane.LONG, payload=payload)
            return self._jobs.promise(tx, caller, task, rights_in(workspace_id))

        return self._database.write(work)

    def run(self, running: Running) -> None:
        """The handler. Rights and state are looked at again."""
        payload, caller = running.claimed.payload, caller_of(running.claimed)
        workspace_id = WorkspaceId(int(str(payload["workspace_id"])))
        revision = payload["revision"]
        with self._database.read() as tx:
            live(tx, workspace_id).ensure_allows(caller, Scope.UPDATE)
        running.report(0, "checking every file")

        def settle(tx: Transaction, rechecked: Rechecked) -> None:
            workspace = rechecked.workspace
            told = {"workspace_id": workspace.id, "revision": workspace.revision}
            running.settle(tx, {**told, "changes": len(rechecked.altered)})

        self._rechecking.check(
            caller,
            workspace_id,
            dry_run=False,
            preconditions=Preconditions(
                if_match=None if revision is None else frozenset({str(revision)})
            ),
            also=settle,
        )
