"""The composition root: the one module that knows every part."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from filemanager.api.about import metrics
from filemanager.api.about.openapi import operations
from filemanager.api.about.routes import service
from filemanager.api.bucket.door import BucketDoor
from filemanager.api.bucket.routes import bucket
from filemanager.api.http import errors, request_ids
from filemanager.api.http.auth import TokenVerifier
from filemanager.api.http.context import EXTENSION, Services
from filemanager.api.http.converters import IdConverter, PublicPathConverter
from filemanager.api.http.rule_clashes import ensure_distinct
from filemanager.api.jobs.events import EventStreams
from filemanager.api.jobs.routes import jobs
from filemanager.api.rawstore.door import RawstoreDoor
from filemanager.api.rawstore.routes import rawstore
from filemanager.api.uploads.batches import uploads
from filemanager.api.uploads.direct import direct
from filemanager.api.uploads.grants import grants
from filemanager.api.uploads.tus.routes import tus
from filemanager.api.workspaces.drop_in.checkpoints import checkpoints
from filemanager.api.workspaces.drop_in.workspaces import workspaces
from filemanager.api.workspaces.v2.files import v2_files
from filemanager.api.workspaces.v2.reading import v2_reading
from filemanager.api.workspaces.v2.workspaces import v2_workspaces
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.db.database import SqlDatabase
from filemanager.domain.jobs.job import Lane
from filemanager.domain.named_objects import NamedObjects
from filemanager.domain.uploads.ports import DirectStore
from filemanager.domain.uploads.upload import DropTarget, PartTarget, WorkspaceTarget
from filemanager.factory.bucket import BucketParts, terms_of
from filemanager.factory.grants import GrantParts
from filemanager.factory.keys import keys
from filemanager.factory.limits import limits, patience, room
from filemanager.factory.rawstore import raw_objects, rawstore_door
from filemanager.factory.store import stores
from filemanager.jobs.background import Background
from filemanager.jobs.bell import Bell
from filemanager.jobs.crew import Crew
from filemanager.jobs.schedule import Periodic, Scheduler
from filemanager.jobs.worker import Habits, Worker
from filemanager.services.bucket.keeping import CHECKSUMS, EXPORT, BucketService
from filemanager.services.bucket.receiver import DropReceiver
from filemanager.services.committing import Committer
from filemanager.services.facts import FactService
from filemanager.services.health import HealthService
from filemanager.services.idempotency import IdempotencyService
from filemanager.services.intake import Intake
from filemanager.services.jobs import Handler, JobService
from filemanager.services.rawstore.settling import SETTLE, Settler
from filemanager.services.upkeep.sweep import Keeping, Sweeper
from filemanager.services.uploads.admission import Admission
from filemanager.services.uploads.receiving import RECEIVE, ReceivingService
from filemanager.services.uploads.resumable import UploadService
from filemanager.services.uploads.targets import PartReceiver, Targets
from filemanager.services.workspaces.advice import AdviceService
from filemanager.services.workspaces.checkpoints import CheckpointService
from filemanager.services.workspaces.content import ContentService
from filemanager.services.workspaces.editing import EditingService
from filemanager.services.workspaces.files import FileService
from filemanager.services.workspaces.life import WorkspaceService
from filemanager.services.workspaces.logs import LogService
from filemanager.services.workspaces.reading import ReadingService
from filemanager.services.workspaces.receiver import WorkspaceReceiver
from filemanager.services.workspaces.recheck_jobs import RECHECK, RecheckJobs
from filemanager.services.workspaces.rechecking import RecheckingService
from filemanager.services.workspaces.room import Room
from filemanager.settings.service import Settings
from filemanager.storage.blobs.objects import Objects
from filemanager.storage.blobs.packing import PackingBlobStore
from filemanager.storage.media_types import guess
from filemanager.storage.scratch.space import DiskScratchSpace

_BLUEPRINTS = (
    service,
    v2_workspaces,
    v2_files,
    v2_reading,
    checkpoints,
    jobs,
    workspaces,
    uploads,
    tus,
    grants,
    direct,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the commands and the server stand on."""

    settings: Settings
    database: SqlDatabase
    objects: Objects
    blobs: PackingBlobStore
    space: DiskScratchSpace
    raw: NamedObjects
    direct: DirectStore
    bell: Bell


def clock() -> datetime:
    """The time in UTC, cut to the milliseconds that the database keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def parts(settings: Settings) -> Parts:
    """Build the adapters; directories are made, nothing is connected."""
    settings.scratch.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "store").mkdir(parents=True, exist_ok=True)
    objects, direct_store = stores(settings, clock)
    share = settings.scratch_bytes // settings.workers
    # Each worker has a second thread, which renews; the schedule has one.
    threads = settings.threads + 2 * (settings.short_workers + settings.long_workers) + 1
    bell = Bell()
    return Parts(
        settings=settings,
        database=SqlDatabase(settings.database, pool_size=threads, when_promised=bell.ring),
        objects=objects,
        blobs=PackingBlobStore(objects),
        space=DiskScratchSpace(settings.scratch, share),
        raw=raw_objects(settings, clock),
        direct=direct_store,
        bell=bell,
    )


def services(made: Parts) -> Services:
    """Build the use cases."""
    settings, database, blobs = made.settings, made.database, made.blobs
    committer = Committer(database, blobs, clock)
    intake = Intake(made.space, ArchiveUnpacker(), limits(settings), clock)
    named = CheckpointService(database, clock, limit=settings.max_checkpoints)
    allowed = room(settings)
    rechecking = _rechecking(made, committer, intake)
    job_service = JobService(database, clock)
    files = FileService(database, committer, intake, allowed, clock)
    door = bucket_parts(made).door(committer, ArchiveUnpacker())
    targets = _targets(files, allowed, door.service)
    receiving = ReceivingService(database, blobs, intake, targets, job_service)
    return Services(
        verifier=_verifier(settings),
        workspaces=WorkspaceService(database, clock),
        files=files,
        uploads=UploadService(database, blobs, targets, patience(settings), clock),
        receiving=receiving,
        grants=grant_parts(made).grants(Admission(targets, patience(settings), clock), receiving),
        direct=grant_parts(made).direct(),
        editing=EditingService(database, committer, clock),
        content=ContentService(database, blobs, named),
        reading=ReadingService(database, blobs, named),
        rechecking=rechecking,
        recheck_jobs=RecheckJobs(database, job_service, rechecking, clock),
        jobs=job_service,
        checkpoints=named,
        logs=LogService(database, clock),
        facts=FactService(database, blobs, guess),
        advice=AdviceService(database, blobs),
        health=HealthService(database, blobs, made.space, clock),
        idempotency=IdempotencyService(database, clock),
        intake=intake,
        doors=_doors(made, door),
        public_url=settings.public_url,
        origins=settings.rawstore.origins,
    )


def _doors(made: Parts, bucket_door: BucketDoor) -> Mapping[type, object]:
    own = _verifier(made.settings)
    return {
        EventStreams: EventStreams(clock, time.sleep),
        BucketDoor: bucket_door,
        RawstoreDoor: rawstore_door(made.settings.rawstore, made.database, made.raw, own, clock),
    }


def _targets(files: FileService, allowed: Room, bucket: BucketService) -> Targets:
    return Targets(
        {
            WorkspaceTarget: WorkspaceReceiver(files, allowed, clock),
            DropTarget: DropReceiver(bucket),
            PartTarget: PartReceiver(allowed.max_owner_bytes),
        }
    )


def _rechecking(made: Parts, committer: Committer, intake: Intake) -> RecheckingService:
    return RecheckingService(
        database=made.database,
        blobs=made.blobs,
        committer=committer,
        intake=intake,
        workspaces=WorkspaceService(made.database, clock),
        room=room(made.settings),
        clock=clock,
    )


def _verifier(settings: Settings) -> TokenVerifier:
    allow_endless = settings.allow_endless_tokens
    return TokenVerifier(list(keys(settings)), clock, allow_endless=allow_endless)


def sweeper(made: Parts) -> Sweeper:
    settings = made.settings
    keeping = Keeping(
        grace=timedelta(hours=settings.sweep_grace_hours),
        history=timedelta(days=settings.history_days),
    )
    return Sweeper(made.database, made.blobs, keeping, clock)


def bucket_parts(made: Parts) -> BucketParts:
    settings = made.settings
    terms = terms_of(settings.bucket, limits(settings), settings.max_owner_bytes)
    return BucketParts(settings.bucket, terms, made.database, made.blobs, clock)


def grant_parts(made: Parts) -> GrantParts:
    return GrantParts(made.settings, made.database, made.blobs, made.direct, clock)


def handlers(made: Parts, use_cases: Services) -> Mapping[str, Handler]:
    """What does the tasks of each kind."""
    return {
        RECHECK: use_cases.recheck_jobs.run,
        RECEIVE: use_cases.receiving.run,
        EXPORT: bucket_parts(made).export().run,
        CHECKSUMS: bucket_parts(made).upkeep().work_out_checksums,
        SETTLE: Settler(made.database, made.raw, clock).run,
    }


def background(made: Parts) -> Background:
    """The workers and the schedule of a process; nothing has begun."""
    use_cases = services(made)
    crew = _crew(made, handlers(made, use_cases))
    return Background(crew, Scheduler(made.database, periodic(made, use_cases), clock))


def _crew(made: Parts, known: Mapping[str, Handler]) -> Crew:
    settings = made.settings
    lease = timedelta(seconds=settings.lease_seconds)
    habits = Habits(lease=lease, clock=clock, jitter=random.random)
    lanes = [Lane.SHORT] * settings.short_workers + [Lane.LONG] * settings.long_workers
    return Crew([Worker(made.database, known, lane, habits) for lane in lanes], made.bell)


def periodic(made: Parts, use_cases: Services) -> tuple[Periodic, ...]:
    """The work that one process of all nodes does in each slot."""
    sweep = sweeper(made)
    keep = timedelta(days=made.settings.service_log_days)
    return (
        Periodic("sweep", timedelta(hours=1), sweep.sweep),
        Periodic("sweep_uploads", timedelta(minutes=10), use_cases.uploads.sweep),
        Periodic("sweep_parts", timedelta(hours=1), grant_parts(made).sweep().sweep),
        Periodic("prune_service_log", timedelta(days=1), lambda: use_cases.logs.prune(keep)),
        Periodic("expire_drops", timedelta(hours=1), bucket_parts(made).upkeep().expire),
        Periodic("prune_idempotency_keys", timedelta(hours=1), use_cases.idempotency.prune),
        Periodic("prune_jobs", timedelta(days=1), use_cases.jobs.prune),
    )


def create_app(settings: Settings) -> Flask:
    """The application, with adapters of its own."""
    return app_on(parts(settings))


def app_on(made: Parts) -> Flask:
    """The application. A route without ``@operation`` stops the start."""
    app = Flask(
        "filemanager", template_folder=_beside("templates"), static_folder=_beside("static")
    )
    app.config["MAX_CONTENT_LENGTH"] = made.settings.max_request_bytes
    app.config["BUCKET_PREFIX"] = made.settings.bucket.bucket_prefix
    app.url_map.merge_slashes = False
    app.url_map.converters.update(id=IdConverter, public_path=PublicPathConverter)
    app.extensions[EXTENSION] = services(made)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(rawstore, url_prefix=f"/{made.settings.rawstore.service_name}")
    app.register_blueprint(bucket, url_prefix=made.settings.bucket.bucket_prefix or None)
    ensure_distinct(app)
    errors.install(app)
    metrics.install(app)
    request_ids.install(app)
    for _ in operations(app):
        pass
    return app


def _beside(name: str) -> str:
    return str(Path(__file__).parents[1] / "api" / name)
