"""The JSON of the drop-in routes, as the original wrote it."""

from datetime import datetime
from typing import Literal

from filemanager.api.http.views import View
from filemanager.domain.trees.findings import Readiness, Severity
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.workspaces.workspace import Status

Triple = tuple[Severity, str | None, str]


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
