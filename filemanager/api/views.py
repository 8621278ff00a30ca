"""The JSON of requests and answers, as models: they parse, document, and render v2."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from filemanager.domain.areas import Area, public_path
from filemanager.domain.caller import subject_of
from filemanager.domain.checkpoint import Checkpoint
from filemanager.domain.findings import Finding, Readiness, Severity
from filemanager.domain.kinds import FileKind, SourceFormat
from filemanager.domain.listing import MAX_LIMIT, Difference
from filemanager.domain.log import LogLine
from filemanager.domain.tree import Alteration, Altered, Entry
from filemanager.domain.workspace import Status, Workspace
from filemanager.services.facts import Facts

Triple = tuple[Severity, str | None, str]


class View(BaseModel):
    """What we answer."""

    model_config = ConfigDict(frozen=True)


class Wish(BaseModel):
    """What a client sends: unknown fields are refused, not lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


# v2


class Problem(View):
    """RFC 9457, with a stable ``code``."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[dict[str, object]] = []


class LockView(View):
    by: str
    reason: str | None
    expires_at: datetime | None


class WorkspaceView(View):
    id: int
    owner: str
    name: str | None
    profile: str
    metadata: dict[str, object]
    status: Status
    lock: LockView | None
    revision: int
    readiness: Readiness
    source_format: SourceFormat
    file_count: int
    total_bytes: int
    max_bytes: int
    max_files: int
    created_at: datetime
    modified_at: datetime


def workspace_view(workspace: Workspace, max_bytes: int, max_files: int) -> WorkspaceView:
    lock, tree = workspace.lock, workspace.tree
    return WorkspaceView(
        id=workspace.id,
        owner=subject_of(workspace.owner),
        name=workspace.name,
        profile=workspace.profile,
        metadata=dict(workspace.metadata),
        status=workspace.status,
        lock=LockView(by=lock.by, reason=lock.reason, expires_at=lock.expires_at) if lock else None,
        revision=workspace.revision,
        readiness=workspace.readiness,
        source_format=workspace.source_format,
        file_count=tree.count(Area.SOURCE) + tree.count(Area.ANCILLARY),
        total_bytes=tree.total_bytes,
        max_bytes=max_bytes,
        max_files=max_files,
        created_at=workspace.created_at,
        modified_at=workspace.modified_at,
    )


class WorkspaceList(View):
    workspaces: list[WorkspaceView]


class FindingView(View):
    code: str
    severity: Severity
    path: str | None
    message: str
    persistent: bool
    help: str


def finding_view(finding: Finding) -> FindingView:
    return FindingView(
        code=finding.code,
        severity=finding.severity,
        path=None if finding.path is None else public_path(finding.area, finding.path),
        message=finding.message,
        persistent=finding.persistent,
        help=f"/docs#{finding.code}",
    )


class FindingList(View):
    findings: list[FindingView]


class EntryView(View):
    path: str
    area: Area
    kind: FileKind
    media_type: str
    size_bytes: int
    sha256: str
    md5: str
    modified_at: datetime
    name_as_sent: str | None
    reason: str | None
    code: str | None
    kept_by_owner: bool
    findings: list[FindingView]


def entry_view(entry: Entry, facts: Facts, findings: list[Finding]) -> EntryView:
    return EntryView(
        path=entry.public_path,
        area=entry.area,
        kind=entry.kind,
        media_type=facts.media_type,
        size_bytes=entry.size_bytes,
        sha256=entry.digest,
        md5=facts.md5,
        modified_at=entry.modified_at,
        name_as_sent=entry.name_as_sent,
        reason=entry.reason,
        code=entry.code,
        kept_by_owner=entry.kept_by_owner,
        findings=[finding_view(finding) for finding in findings],
    )


class EntryList(View):
    revision: int
    entries: list[EntryView]


class AlteredView(View):
    alteration: Alteration
    code: str
    before: str
    after: str | None
    before_sha256: str | None
    after_sha256: str | None
    message: str


def altered_view(altered: Altered) -> AlteredView:
    return AlteredView(
        alteration=altered.alteration,
        code=altered.code,
        before=altered.before,
        after=altered.after,
        before_sha256=altered.before_digest,
        after_sha256=altered.after_digest,
        message=altered.message,
    )


class AlteredList(View):
    changes: list[AlteredView]


class UploadView(View):
    """What became of an upload. ``summary`` fields of the workspace, and what checks changed."""

    workspace: WorkspaceView
    changes: list[AlteredView]


class CheckpointView(View):
    id: int
    name: str
    description: str | None
    revision: int
    checksum: str
    content_bytes: int
    source_format: SourceFormat
    created_by: str
    created_at: datetime


def checkpoint_view(checkpoint: Checkpoint) -> CheckpointView:
    return CheckpointView(
        id=checkpoint.id,
        name=checkpoint.name,
        description=checkpoint.description,
        revision=checkpoint.revision,
        checksum=checkpoint.checksum,
        content_bytes=checkpoint.content_bytes,
        source_format=checkpoint.source_format,
        created_by=checkpoint.created_by,
        created_at=checkpoint.created_at,
    )


class CheckpointList(View):
    checkpoints: list[CheckpointView]


class DifferenceView(View):
    path: str
    change: Literal["added", "removed", "changed"]
    old_bytes: int | None
    new_bytes: int | None
    old_sha256: str | None
    new_sha256: str | None


def difference_view(difference: Difference) -> DifferenceView:
    if difference.old_digest is None:
        change: Literal["added", "removed", "changed"] = "added"
    else:
        change = "changed" if difference.new_digest else "removed"
    return DifferenceView(
        path=difference.path,
        change=change,
        old_bytes=difference.old_bytes,
        new_bytes=difference.new_bytes,
        old_sha256=difference.old_digest,
        new_sha256=difference.new_digest,
    )


class DifferenceList(View):
    from_revision: int
    to_revision: int
    differences: list[DifferenceView]


class LogLineView(View):
    id: int
    at: datetime
    code: str
    text: str


def log_line_view(line: LogLine) -> LogLineView:
    return LogLineView(id=line.id or 0, at=line.at, code=line.code, text=line.text)


class LogLineList(View):
    lines: list[LogLineView]


class ProfileView(View):
    name: str
    title: str


class ProfileList(View):
    profiles: list[ProfileView]


class HealthView(View):
    ready: bool
    parts: dict[str, str] | None = None


Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str, Field(max_length=4000)]


class WorkspaceListQuery(Wish):
    owner: str | None = Field(None, max_length=500)
    status: Status | None = None
    updated_since: AwareDatetime | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class EntryListQuery(Wish):
    area: Area | None = None
    kind: FileKind | None = None
    q: str | None = Field(None, max_length=200)
    revision: str | None = Field(None, max_length=40)
    limit: Limit = 100
    cursor: Cursor | None = None


class FindingQuery(Wish):
    severity: Severity | None = None
    code: str | None = Field(None, max_length=100)


class PageQuery(Wish):
    limit: Limit = 100
    cursor: Cursor | None = None


class DifferenceQuery(Wish):
    from_: str = Field(alias="from", max_length=40)
    to: str | None = Field(None, max_length=40)


class UploadQuery(Wish):
    unpack: bool = True


class InlineQuery(Wish):
    inline: bool = False


class CheckQuery(Wish):
    dry_run: bool = False


class WorkspaceWish(Wish):
    name: str | None = Field(None, max_length=200)
    profile: str | None = Field(None, max_length=100)
    metadata: dict[str, object] | None = Field(None, max_length=100)


class MoveWish(Wish):
    source: str = Field(max_length=2000)
    target: str = Field(max_length=2000)


class UndeleteWish(Wish):
    path: str = Field(max_length=2000)


class CheckpointWish(Wish):
    name: str | None = Field(None, min_length=1, max_length=200)
    description: str | None = Field(None, max_length=4000)


class LockWish(Wish):
    reason: str | None = Field(None, max_length=1000)
    expires_at: AwareDatetime | None = None
