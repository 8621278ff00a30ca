"""What the routes of jobs stand on."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.api.jobs.events import EventStreams
from filemanager.services.jobs import JobService


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsDoor:
    jobs: JobService
    streams: EventStreams


def door() -> JobsDoor:
    return door_of(JobsDoor)
