"""Jobs: how long work goes on, for those who asked for it."""

from functools import partial

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.guards import AnyToken
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.reads import read
from filemanager.api.jobs.answers import LOOK_AGAIN_SECONDS, JobView, job_view
from filemanager.api.jobs.door import door
from filemanager.api.jobs.events import MEDIA
from filemanager.domain.jobs.job import job_id_from

jobs = Blueprint("jobs", __name__, url_prefix="/jobs")

_GUARD = AnyToken("A job is its owner's, whatever scopes the token has.")


@jobs.get("/<job_id>")
@operation(
    guard=_GUARD,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={
        200: Answer(JobView, headers=("ETag", "Retry-After")),
        304: Answer(headers=("ETag", "Retry-After")),
    },
)
def get_job(job_id: str) -> ResponseReturnValue:
    """Show a job: its state, how far it is, and what came of it.

    ``Retry-After`` is there until it is over. Jobs are kept for a week after that.
    """
    found = door().jobs.get(caller(), job_id_from(job_id))
    response = read(job_view(found), tag=found.version)
    if not found.is_over:
        response.headers["Retry-After"] = str(LOOK_AGAIN_SECONDS)
    return response


@jobs.get("/<job_id>/events")
@operation(
    guard=_GUARD,
    errors=(404,),
    accepts=("Last-Event-ID",),
    answers={200: Answer(media=MEDIA), 204: Answer()},
)
def watch_job(job_id: str) -> ResponseReturnValue:
    """Watch a job: server-sent events, each with the job as its data, until it is over.

    A stream ends after half a minute, and clients connect again; at most four are open in each
    process.
    """
    look = partial(door().jobs.get, caller(), job_id_from(job_id))
    return door().streams.answer(look, request.headers.get("Last-Event-ID"))
