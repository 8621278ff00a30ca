"""The service about itself."""

import os
import resource
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from filemanager.api.about.door import AboutDoor
from filemanager.api.about.figures import Figure
from filemanager.api.about.routes import about
from filemanager.domain.trees.findings import Severity
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.parts import Parts

_MEMORY = Path("/proc/self/statm")
_FILES = Path("/proc/self/fd")


def about_door(core: Core, periods: Mapping[str, timedelta]) -> Door:
    """*periods* are those of all periodic work."""
    token = core.settings.metrics_token
    stands_on = AboutDoor(
        health=core.health,
        periods=periods,
        metrics_token=None if token is None else token.get_secret_value(),
    )
    return Door(stands_on=stands_on, blueprints=(about,))


def figures(parts: Parts) -> Sequence[Figure]:
    """What each process tells of itself."""
    share = parts.settings.scratch_bytes // parts.settings.workers
    return (
        Figure("processes", "Server processes.", lambda: 1),
        Figure("process_cpu_seconds", "CPU time of processes.", time.process_time, is_total=True),
        Figure("process_resident_memory_bytes", "Memory of processes.", _resident_bytes),
        Figure("process_open_fds", "Open files of processes.", _open_files),
        Figure("process_threads", "Threads of processes.", threading.active_count),
        Figure("scratch_claimed_bytes", "Held by running uploads.", parts.space.claimed_bytes),
        Figure("scratch_capacity_bytes", "What they may hold.", lambda: share),
        Figure("scratch_free_bytes", "What more is taken.", parts.space.free_bytes),
        Figure(
            "database_connections_in_use", "By transactions.", parts.database.connections_in_use
        ),
        *(
            Figure(
                "findings",
                "Findings that checks have said.",
                partial(parts.said.of, severity),
                is_total=True,
                label=("severity", severity),
            )
            for severity in Severity
        ),
    )


def _resident_bytes() -> int:
    try:
        return int(_MEMORY.read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _open_files() -> int:
    try:
        return len(os.listdir(_FILES))  # noqa: PTH208  # names alone
    except OSError:
        return 0
