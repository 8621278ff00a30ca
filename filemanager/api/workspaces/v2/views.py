"""The JSON that v2 answers with, rendered from domain values."""

from datetime import datetime
from typing import Literal

from filemanager.api.http.front.references import absolute
from filemanager.api.http.views import View
from filemanager.archives.out.tar_gz import FIRST_ENTRY_AT
from filemanager.domain.caller import subject_of
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.findings import Finding, Readiness, Severity
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.trees.listing import Difference, EntryPage
from filemanager.domain.trees.tree import Alteration, Altered, Entry
from filemanager.domain.workspaces.checkpoint import Checkpoint
from filemanager.domain.workspaces.log import LogLine
from filemanager.domain.workspaces.workspace import Status, Workspace
from filemanager.sanitize.hints import hint_on
from filemanager.services.facts import Facts


class LockView(View):
    by: str
    reason: str | None
    expires_at: datetime | None


class WorkspaceView(View):
    """``readiness`` is ``EMPTY`` where no file is in the source, ancillary ones or not."""

    id: int
    owner: str
    name: str | None
    profile: str
    metadata: dict[str, object]
    status: Status
    lock: LockView | None
    revision: int
    readiness: Readiness | Literal["EMPTY"]
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
        readiness=workspace.readiness if tree.count(Area.SOURCE) else "EMPTY",
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
    hint: str | None
    help: str


def finding_view(finding: Finding) -> FindingView:
    return FindingView(
        code=finding.code,
        severity=finding.severity,
        path=None if finding.path is None else public_path(finding.area, finding.path),
        message=finding.message,
        persistent=finding.persistent,
        hint=hint_on(finding.code),
        help=absolute(f"/docs/findings/{finding.code}"),
    )


class FindingList(View):
    findings: list[FindingView]


class EntryView(View):
    """``md5`` is null for a large file whose MD5 nobody has asked for yet, which a HEAD of the
    drop-in file does, or a GET of the file with ``Want-Repr-Digest: md5=1``.
    """

    path: str
    area: Area
    kind: FileKind
    media_type: str
    size_bytes: int
    sha256: str
    md5: str | None
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


class FileView(View):
    """``packed_bytes`` are the file's part of ``content.tar.gz``."""

    path: str
    size_bytes: int
    sha256: str
    packed_bytes: int


class FileList(View):
    """The parts of ``content.tar.gz`` follow one another in this order from byte ``first_at`` on.

    Each can be inflated alone (raw deflate, RFC 1951): to a tar header, the bytes and zeros up to
    a multiple of 512.
    """

    revision: int
    first_at: int = FIRST_ENTRY_AT
    files: list[FileView]


def file_list(revision: int, page: EntryPage) -> FileList:
    files = [
        FileView(
            path=entry.public_path,
            size_bytes=entry.size_bytes,
            sha256=entry.digest,
            packed_bytes=entry.packed_bytes,
        )
        for entry in page.entries
    ]
    return FileList(revision=revision, files=files)


class AlteredView(View):
    id: str | None
    alteration: Alteration
    code: str
    before: str
    after: str | None
    before_sha256: str | None
    after_sha256: str | None
    message: str


def altered_view(altered: Altered) -> AlteredView:
    return AlteredView(
        id=altered.id,
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
