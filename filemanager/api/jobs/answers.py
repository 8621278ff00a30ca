"""How a job is shown, and the answer that promises one."""

from datetime import datetime
from http import HTTPStatus

from flask import Response

from filemanager.api.http.front.references import relative
from filemanager.api.http.preferences import prefers_async
from filemanager.api.http.responses import represent
from filemanager.api.http.views import View
from filemanager.domain.jobs.job import Job, JobState

LOOK_AGAIN_SECONDS = 1


class JobError(View):
    code: str
    detail: str


class JobView(View):
    id: str
    kind: str
    state: JobState
    progress: int
    doing: str
    result: dict[str, object] | None
    error: JobError | None
    created_at: datetime
    changed_at: datetime


def job_view(job: Job) -> JobView:
    return JobView(
        id=job.id,
        kind=job.kind,
        state=job.state,
        progress=job.progress,
        doing=job.doing,
        result=None if job.result is None else dict(job.result),
        error=None if job.code is None else JobError(code=job.code, detail=job.message or ""),
        created_at=job.created_at,
        changed_at=job.changed_at,
    )


def job_path(job_id: str) -> str:
    return f"/jobs/{job_id}"


def accepted(job: Job, path: str | None = None) -> Response:
    """Answer 202: the work is promised, and *path*, or else the job's, shows how it goes on."""
    place = path or job_path(job.id)
    headers = {"Location": relative(place), "Retry-After": str(LOOK_AGAIN_SECONDS)}
    if prefers_async():
        headers["Preference-Applied"] = "respond-async"
    return represent(job_view(job), HTTPStatus.ACCEPTED, headers)
