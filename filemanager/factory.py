"""The composition root: the one module that knows every part."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
from flask import Flask
from jwt.algorithms import get_default_algorithms

from filemanager.api import errors, metrics, request_ids
from filemanager.api.auth import Key, TokenVerifier
from filemanager.api.checkpoints import checkpoints
from filemanager.api.context import EXTENSION, Services
from filemanager.api.converters import IdConverter, PublicPathConverter
from filemanager.api.openapi import operations
from filemanager.api.service import service
from filemanager.api.v2_files import v2_files
from filemanager.api.v2_reading import v2_reading
from filemanager.api.v2_workspaces import v2_workspaces
from filemanager.api.workspaces import workspaces
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.config import Settings
from filemanager.db.database import SqlDatabase
from filemanager.domain.budget import Limits
from filemanager.jobs.schedule import Periodic
from filemanager.services.checkpoints import CheckpointService
from filemanager.services.committing import Committer
from filemanager.services.content import ContentService
from filemanager.services.editing import EditingService
from filemanager.services.facts import FactService
from filemanager.services.files import FileService, Room
from filemanager.services.health import HealthService
from filemanager.services.intake import Intake
from filemanager.services.logs import LogService
from filemanager.services.reading import ReadingService
from filemanager.services.rechecking import RecheckingService
from filemanager.services.sweep import Keeping, Sweeper
from filemanager.services.workspaces import WorkspaceService
from filemanager.storage.filesystem import FileSystemObjects
from filemanager.storage.media_types import guess
from filemanager.storage.objects import Objects
from filemanager.storage.packing import PackingBlobStore
from filemanager.storage.s3 import S3Objects
from filemanager.storage.s3_client import S3Access, s3_client
from filemanager.storage.scratch import DiskScratchSpace

_BLUEPRINTS = (service, v2_workspaces, v2_files, v2_reading, checkpoints, workspaces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the commands and the server stand on."""

    settings: Settings
    database: SqlDatabase
    objects: Objects
    blobs: PackingBlobStore
    space: DiskScratchSpace


def clock() -> datetime:
    """The time in UTC, cut to the milliseconds that the database keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def parts(settings: Settings) -> Parts:
    """Build the adapters; directories are made, nothing is connected."""
    settings.scratch.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "store").mkdir(parents=True, exist_ok=True)
    objects = _objects(settings)
    share = settings.scratch_bytes // settings.workers
    return Parts(
        settings=settings,
        database=SqlDatabase(settings.database, pool_size=settings.threads + 1),
        objects=objects,
        blobs=PackingBlobStore(objects),
        space=DiskScratchSpace(settings.scratch, share),
    )


def services(made: Parts) -> Services:
    """Build the use cases."""
    settings, database, blobs = made.settings, made.database, made.blobs
    committer = Committer(database, blobs, clock)
    intake = Intake(made.space, ArchiveUnpacker(), _limits(settings), clock)
    named = CheckpointService(database, clock, limit=settings.max_checkpoints)
    workspace_service = WorkspaceService(database, clock)
    room = Room(
        max_bytes=settings.max_workspace_bytes,
        max_files=settings.max_workspace_files,
        max_checkpoints=settings.max_checkpoints,
    )
    allow_endless = settings.allow_endless_tokens
    return Services(
        verifier=TokenVerifier(list(_keys(settings)), clock, allow_endless=allow_endless),
        workspaces=workspace_service,
        files=FileService(database, committer, intake, room, clock),
        editing=EditingService(database, committer, clock),
        content=ContentService(database, blobs, named),
        reading=ReadingService(database, blobs, named),
        rechecking=RecheckingService(
            database=database,
            blobs=blobs,
            committer=committer,
            intake=intake,
            workspaces=workspace_service,
            room=room,
            clock=clock,
        ),
        checkpoints=named,
        logs=LogService(database, clock),
        facts=FactService(database, blobs, guess),
        health=HealthService(database, blobs, made.space, clock),
        intake=intake,
        public_url=settings.public_url,
    )


def sweeper(made: Parts) -> Sweeper:
    settings = made.settings
    keeping = Keeping(
        grace=timedelta(hours=settings.sweep_grace_hours),
        history=timedelta(days=settings.history_days),
    )
    return Sweeper(made.database, made.blobs, keeping, clock)


def periodic(made: Parts) -> tuple[Periodic, ...]:
    """The work that one process of all nodes does in each slot."""
    sweep = sweeper(made)
    logs = LogService(made.database, clock)
    keep = timedelta(days=made.settings.service_log_days)
    return (
        Periodic("sweep", timedelta(hours=1), sweep.sweep),
        Periodic("prune_service_log", timedelta(days=1), lambda: logs.prune(keep)),
    )


def create_app(settings: Settings) -> Flask:
    """The application. A route without ``@operation`` stops the start."""
    app = Flask(
        "filemanager", template_folder=_beside("templates"), static_folder=_beside("static")
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.max_request_bytes
    app.url_map.merge_slashes = False
    app.url_map.converters.update(id=IdConverter, public_path=PublicPathConverter)
    app.extensions[EXTENSION] = services(parts(settings))
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    errors.install(app)
    metrics.install(app)
    request_ids.install(app)
    for _ in operations(app):
        pass
    return app


def _beside(name: str) -> str:
    return str(Path(__file__).parent / "api" / name)


def _objects(settings: Settings) -> Objects:
    if settings.s3_bucket is None:
        return FileSystemObjects(settings.data_dir / "store")
    key, secret = settings.s3_access_key, settings.s3_secret_key
    access = S3Access(
        endpoint_url=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=key.get_secret_value() if key else None,
        secret_key=secret.get_secret_value() if secret else None,
    )
    return S3Objects(
        s3_client(access), settings.s3_bucket, settings.s3_prefix, staging=str(settings.scratch)
    )


def _limits(settings: Settings) -> Limits:
    return Limits(unpacked_bytes=settings.max_unpacked_bytes, entries=settings.max_unpacked_entries)


def _keys(settings: Settings) -> Iterator[Key]:
    """Each key with the algorithms that fit its type, and no others."""
    issuer = settings.jwt_issuer
    if settings.jwt_secret:
        yield Key(issuer, settings.jwt_secret.get_secret_value().encode(), ("HS256",))
    if settings.jwt_public_key:
        pem = settings.jwt_public_key.get_secret_value()
        for name in ("RS256", "ES256", "EdDSA"):
            try:
                material = get_default_algorithms()[name].prepare_key(pem)
            except (jwt.InvalidKeyError, TypeError, ValueError):
                continue
            yield Key(issuer, material, (name,))
    if settings.jwt_jwks:
        for one in jwt.PyJWKSet.from_dict(json.loads(settings.jwt_jwks.get_secret_value())).keys:
            if one.algorithm_name in ("RS256", "ES256", "EdDSA"):
                yield Key(issuer, one.key, (one.algorithm_name,), one.key_id)
