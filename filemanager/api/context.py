"""What a request can reach: the services, and its caller."""

from dataclasses import dataclass
from typing import cast

from flask import current_app, g

from filemanager.api.auth import TokenVerifier
from filemanager.domain.caller import Caller
from filemanager.services.checkpoints import CheckpointService
from filemanager.services.content import ContentService
from filemanager.services.editing import EditingService
from filemanager.services.facts import FactService
from filemanager.services.files import FileService
from filemanager.services.health import HealthService
from filemanager.services.intake import Intake
from filemanager.services.logs import LogService
from filemanager.services.reading import ReadingService
from filemanager.services.rechecking import RecheckingService
from filemanager.services.workspaces import WorkspaceService

EXTENSION = "filemanager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every use case that the doors call. ``public_url`` None: links follow the request's host."""

    verifier: TokenVerifier
    workspaces: WorkspaceService
    files: FileService
    editing: EditingService
    content: ContentService
    reading: ReadingService
    rechecking: RecheckingService
    checkpoints: CheckpointService
    logs: LogService
    facts: FactService
    health: HealthService
    intake: Intake
    public_url: str | None = None


def services() -> Services:
    return cast("Services", current_app.extensions[EXTENSION])  # put there by the factory alone


def caller() -> Caller:
    """Who asks; set by the route's guard before the view runs."""
    return cast("Caller", g.caller)  # the guard's own value
