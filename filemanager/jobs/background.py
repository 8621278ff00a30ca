"""All that a process does besides answering: its workers and its periodic work."""

import time
from datetime import timedelta

from filemanager.jobs.crew import Crew
from filemanager.jobs.schedule import Scheduler


class Background:
    def __init__(self, crew: Crew, scheduler: Scheduler) -> None:
        self._crew = crew
        self._scheduler = scheduler

    def start(self) -> None:
        self._crew.start()
        self._scheduler.start()

    def stop(self, timeout: timedelta) -> bool:
        """Begin nothing more, and wait for what runs; False where something still does."""
        deadline = time.monotonic() + timeout.total_seconds()
        self._scheduler.stop(timedelta())
        is_idle = self._crew.stop(timeout)
        left = timedelta(seconds=max(0.0, deadline - time.monotonic()))
        return self._scheduler.stop(left) and is_idle
