"""The workspaces door."""

from datetime import timedelta

from filemanager.api.workspaces.door import V2, WorkspacesDoor
from filemanager.api.workspaces.drop_in.checkpoints import checkpoints
from filemanager.api.workspaces.drop_in.dialect import DIALECT
from filemanager.api.workspaces.drop_in.files import files
from filemanager.api.workspaces.drop_in.logs import logs
from filemanager.api.workspaces.drop_in.workspaces import workspaces
from filemanager.api.workspaces.v2.routes import v2
from filemanager.domain.uploads.targets import WorkspaceTarget
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.limits import room
from filemanager.factory.packages.door import signer_of
from filemanager.factory.parts import clock
from filemanager.jobs.schedule import Periodic
from filemanager.services.workspaces.advice import AdviceService
from filemanager.services.workspaces.bundles import Bundles
from filemanager.services.workspaces.checking.again import RecheckingService
from filemanager.services.workspaces.checking.jobs import RECHECK, RecheckJobs
from filemanager.services.workspaces.checkpoints import CheckpointService
from filemanager.services.workspaces.content import ContentService
from filemanager.services.workspaces.editing import EditingService
from filemanager.services.workspaces.files import FileService
from filemanager.services.workspaces.life import WorkspaceService
from filemanager.services.workspaces.logs import LogService
from filemanager.services.workspaces.reading import ReadingService
from filemanager.services.workspaces.receipt import WorkspaceReceipts
from filemanager.services.workspaces.receiver import WorkspaceReceiver


def workspaces_door(core: Core) -> Door:
    made = workspace_services(core)
    bundles = Bundles(core.database, core.blobs, core.intake)
    keep = timedelta(days=core.settings.service_log_days)
    return Door(
        stands_on=made,
        blueprints=(v2, workspaces, files, checkpoints, logs),
        dialect=DIALECT,
        cross_origin=(V2,),
        receivers={WorkspaceTarget: WorkspaceReceiver(made.files, bundles, made.files.room, clock)},
        handlers={RECHECK: made.recheck_jobs.run},
        periodic=(Periodic("prune_service_log", timedelta(days=1), lambda: made.logs.prune(keep)),),
    )


def workspace_services(core: Core) -> WorkspacesDoor:
    database, blobs = core.database, core.blobs
    named = CheckpointService(database, clock, limit=core.settings.max_checkpoints)
    rechecking = _rechecking(core)
    return WorkspacesDoor(
        workspaces=WorkspaceService(database, room(core.settings), clock),
        files=FileService(database, core.committer, core.intake, room(core.settings), clock),
        editing=EditingService(database, core.committer, room(core.settings), clock),
        content=ContentService(database, blobs, named),
        reading=ReadingService(database, blobs, named),
        rechecking=rechecking,
        recheck_jobs=RecheckJobs(database, core.jobs, rechecking, clock),
        checkpoints=named,
        logs=LogService(database, clock),
        facts=core.facts,
        advice=AdviceService(database, blobs),
        health=core.health,
        receipts=WorkspaceReceipts(database, signer_of(core.settings.packages), clock),
    )


def _rechecking(core: Core) -> RecheckingService:
    return RecheckingService(
        database=core.database,
        blobs=core.blobs,
        committer=core.committer,
        intake=core.intake,
        workspaces=WorkspaceService(core.database, room(core.settings), clock),
        room=room(core.settings),
        clock=clock,
    )
