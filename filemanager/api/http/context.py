"""What a request can reach: the services, and its caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import current_app, g

from filemanager.api.http.auth import TokenVerifier
from filemanager.domain.caller import Caller
from filemanager.services.facts import FactService
from filemanager.services.health import HealthService
from filemanager.services.idempotency import IdempotencyService
from filemanager.services.intake import Intake
from filemanager.services.jobs import JobService
from filemanager.services.uploads.direct import DirectService
from filemanager.services.uploads.grants import GrantService
from filemanager.services.uploads.receiving import ReceivingService
from filemanager.services.uploads.resumable import UploadService
from filemanager.services.workspaces.advice import AdviceService
from filemanager.services.workspaces.checkpoints import CheckpointService
from filemanager.services.workspaces.content import ContentService
from filemanager.services.workspaces.editing import EditingService
from filemanager.services.workspaces.files import FileService
from filemanager.services.workspaces.life import WorkspaceService
from filemanager.services.workspaces.logs import LogService
from filemanager.services.workspaces.reading import ReadingService
from filemanager.services.workspaces.recheck_jobs import RecheckJobs
from filemanager.services.workspaces.rechecking import RecheckingService

EXTENSION = "filemanager"

Door = TypeVar("Door")


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every use case that the doors call. ``public_url`` None: links follow the request's host.

    Pages of ``origins`` may upload from browsers.
    """

    verifier: TokenVerifier
    workspaces: WorkspaceService
    files: FileService
    editing: EditingService
    content: ContentService
    reading: ReadingService
    rechecking: RecheckingService
    recheck_jobs: RecheckJobs
    jobs: JobService
    uploads: UploadService
    receiving: ReceivingService
    grants: GrantService
    direct: DirectService
    checkpoints: CheckpointService
    logs: LogService
    facts: FactService
    advice: AdviceService
    health: HealthService
    idempotency: IdempotencyService
    intake: Intake
    doors: Mapping[type, object]
    public_url: str | None = None
    origins: tuple[str, ...] = ()


def services() -> Services:
    return cast("Services", current_app.extensions[EXTENSION])  # put there by the factory alone


def door_of(kind: type[Door]) -> Door:
    """What the routes of a door stand on; put there by the factory, by its type."""
    return cast("Door", services().doors[kind])


def caller() -> Caller:
    """Who asks; set by the route's guard before the view runs."""
    return cast("Caller", g.caller)  # the guard's own value
