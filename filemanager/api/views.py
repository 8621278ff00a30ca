"""The JSON that every door answers with: the drop-in summaries, refusals, probes."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from filemanager.domain.findings import Readiness, Severity
from filemanager.domain.kinds import FileKind, SourceFormat
from filemanager.domain.workspace import Status

Triple = tuple[Severity, str | None, str]


class View(BaseModel):
    """What we answer."""

    model_config = ConfigDict(frozen=True)


# The drop-in answers; they are rendered by hand (``drop_in.py``) and described here.


class Reason(View):
    reason: str


class ServiceStatus(View):
    database: bool


class DropInFile(View):
    name: str
    public_filepath: str
    size: int
    type: FileKind
    modified_datetime: datetime
    errors: list[Triple]


class DropInSummary(View):
    checksum: str
    completion_datetime: datetime
    created_datetime: datetime
    errors: list[Triple]
    files: list[DropInFile]
    lock_state: Literal["LOCKED", "UNLOCKED"]
    modified_datetime: datetime
    readiness: Readiness
    source_format: SourceFormat
    start_datetime: datetime
    upload_compressed_size: int
    upload_id: int
    upload_status: Status
    upload_total_size: int


class EditedSummary(DropInSummary):
    reason: str


class DropInCheckpoint(View):
    name: str
    size: int
    checksum: str
    modified_datetime: datetime


class DropInCheckpoints(View):
    upload_id: int
    checkpoints: list[DropInCheckpoint]


# For every door.


class FieldError(View):
    """One thing wrong with a request: a place in its body (RFC 6901) or a query parameter."""

    pointer: str | None = None
    parameter: str | None = None
    detail: str


class Problem(View):
    """RFC 9457, with a stable ``code``."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldError] = []


class LoadView(View):
    tasks_due: int
    oldest_due_seconds: float
    tasks_failed: int
    open_uploads: int


class HealthView(View):
    """``load`` is what waits for workers and clients; it makes no node unready."""

    ready: bool
    parts: dict[str, str] | None = None
    load: LoadView | None = None


class Description(View):
    """An OpenAPI document; its own specification says the rest."""

    openapi: str
    info: dict[str, object]
    paths: dict[str, object]
    components: dict[str, object]
    tags: list[dict[str, str]]
