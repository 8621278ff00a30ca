"""What grants answer with."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal

from filemanager.api.http.front.references import absolute
from filemanager.api.http.views import View
from filemanager.api.jobs.answers import job_path
from filemanager.domain.uploads.grant import Leave
from filemanager.domain.uploads.targets import PackageTarget, RepositoryTarget, WorkspaceTarget
from filemanager.domain.uploads.upload import Upload, UploadId, UploadState, name_of
from filemanager.services.uploads.plans import Grant, part_sizes


class PutView(View):
    """Send the bytes by PUT, with all of these headers."""

    url: str
    headers: Mapping[str, str]
    expires_at: datetime


class PartPutView(PutView):
    number: int
    size: int


class PartPuts(View):
    parts: list[PartPutView]


class MultipartView(View):
    """Every part but the last has ``part_size`` bytes; URLs are given out for as many as wanted."""

    part_size: int
    parts: int


class ThereView(View):
    """Nothing is to be put."""

    path: str
    exists: Literal[True]


class PutFileView(View):
    path: str
    put: PutView


class PartedFileView(View):
    path: str
    multipart: MultipartView


GrantedFile = ThereView | PutFileView | PartedFileView


class GrantView(View):
    id: str
    expires_at: datetime
    files: list[GrantedFile]


class FileState(View):
    """``arrived``: nothing is left to be put."""

    path: str
    size: int
    arrived: bool
    result: dict[str, object] | None = None


class GrantStateView(View):
    id: str
    workspace: int | None
    repository: str | None
    package: str | None
    state: UploadState
    expires_at: datetime
    job: str | None
    code: str | None
    detail: str | None
    files: list[FileState]


def grant_view(grant: Grant) -> GrantView:
    return GrantView(
        id=grant.id,
        expires_at=grant.uploads[0].expires_at,
        files=[_granted(upload, grant.leaves.get(upload.id)) for upload in grant.uploads],
    )


def _granted(upload: Upload, leave: Leave | None) -> GrantedFile:
    path = name_of(upload)
    if leave is not None:
        return PutFileView(path=path, put=put_view(leave))
    if upload.state is not UploadState.OPEN or upload.part_bytes is None:
        return ThereView(path=path, exists=True)
    parts = MultipartView(part_size=upload.part_bytes, parts=len(part_sizes(upload)))
    return PartedFileView(path=path, multipart=parts)


def put_view(leave: Leave) -> PutView:
    return PutView(url=_absolute(leave.url), headers=leave.headers, expires_at=leave.expires_at)


def part_puts(leaves: Sequence[Leave]) -> PartPuts:
    return PartPuts(
        parts=[
            PartPutView(
                number=leave.portion.number,
                size=leave.portion.size_bytes,
                url=_absolute(leave.url),
                headers=leave.headers,
                expires_at=leave.expires_at,
            )
            for leave in leaves
        ]
    )


def state_view(uploads: Sequence[Upload], arrived: Collection[UploadId]) -> GrantStateView:
    """All files of a grant are received or refused together, so one of them tells."""
    waiting = [upload for upload in uploads if upload.state is UploadState.OPEN]
    first = (waiting or list(uploads))[0]
    to = first.target
    return GrantStateView(
        id=first.batch,
        workspace=to.workspace_id if isinstance(to, WorkspaceTarget) else None,
        repository=to.repository if isinstance(to, RepositoryTarget) else None,
        package=to.package_id if isinstance(to, PackageTarget) else None,
        state=first.state,
        expires_at=first.expires_at,
        job=None if first.job_id is None else absolute(job_path(first.job_id)),
        code=first.code,
        detail=first.message,
        files=[_file_state(upload, upload.id in arrived) for upload in uploads],
    )


def _file_state(upload: Upload, arrived: bool) -> FileState:  # noqa: FBT001  # a value, no switch
    result = None if upload.result is None else dict(upload.result)
    size = upload.size_bytes or 0
    return FileState(path=name_of(upload), size=size, arrived=arrived, result=result)


def _absolute(url: str) -> str:
    """A store has its own; those of this service are paths."""
    return absolute(url) if url.startswith("/") else url
