"""Jobs: what owners see of them, and the processes' workers."""

import random
import time
from collections.abc import Mapping
from datetime import timedelta

from filemanager.api.jobs.door import JobsDoor
from filemanager.api.jobs.events import EventStreams
from filemanager.api.jobs.routes import jobs
from filemanager.domain.jobs.job import Lane
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.parts import Parts, clock
from filemanager.jobs.crew import Crew
from filemanager.jobs.schedule import Periodic
from filemanager.jobs.worker import Habits, Worker
from filemanager.services.jobs import Handler


def jobs_door(core: Core) -> Door:
    return Door(
        stands_on=JobsDoor(jobs=core.jobs, streams=EventStreams(clock, time.sleep)),
        blueprints=(jobs,),
        cross_origin=("/jobs",),
        periodic=(Periodic("prune_jobs", timedelta(days=1), core.jobs.prune),),
    )


def crew(parts: Parts, handlers: Mapping[str, Handler]) -> Crew:
    settings = parts.settings
    lease = timedelta(seconds=settings.lease_seconds)
    habits = Habits(lease=lease, clock=clock, jitter=random.random)
    counts = {
        Lane.SHORT: settings.short_workers,
        Lane.LONG: settings.long_workers,
        Lane.HASH: settings.packages.hash_workers,
    }
    lanes = [lane for lane, count in counts.items() for _ in range(count)]
    return Crew([Worker(parts.database, handlers, lane, habits) for lane in lanes], parts.bell)
