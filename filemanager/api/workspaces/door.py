"""What the routes of workspaces stand on, and where they are."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.services.facts import FactService
from filemanager.services.health import HealthService
from filemanager.services.workspaces.advice import AdviceService
from filemanager.services.workspaces.checking.again import RecheckingService
from filemanager.services.workspaces.checking.jobs import RecheckJobs
from filemanager.services.workspaces.checkpoints import CheckpointService
from filemanager.services.workspaces.content import ContentService
from filemanager.services.workspaces.editing import EditingService
from filemanager.services.workspaces.files import FileService
from filemanager.services.workspaces.life import WorkspaceService
from filemanager.services.workspaces.logs import LogService
from filemanager.services.workspaces.reading import ReadingService
from filemanager.services.workspaces.receipt import WorkspaceReceipts

API = "/filemanager/api"
V2 = f"{API}/v2"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacesDoor:
    workspaces: WorkspaceService
    files: FileService
    editing: EditingService
    content: ContentService
    reading: ReadingService
    rechecking: RecheckingService
    recheck_jobs: RecheckJobs
    checkpoints: CheckpointService
    logs: LogService
    facts: FactService
    advice: AdviceService
    health: HealthService
    receipts: WorkspaceReceipts


def door() -> WorkspacesDoor:
    return door_of(WorkspacesDoor)
