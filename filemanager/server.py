"""gunicorn, set up for the service: threads, draining, metrics of all workers, jobs."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from gunicorn.app.base import BaseApplication
from prometheus_client import values

from filemanager.connections import Worker, limit_stalls, whole_bodies
from filemanager.factory import application as factory
from filemanager.factory.parts import Parts, parts_of
from filemanager.jobs.background import Background
from filemanager.log_events import configure, dictionary
from filemanager.settings.service import Settings

DRAIN = timedelta(seconds=30)
_METRICS = "PROMETHEUS_MULTIPROC_DIR"


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Runs until SIGTERM, then finishes the requests it has, for at most 30 seconds."""

    def __init__(self, settings: Settings, when_ready: Callable[[str], None]) -> None:
        self._settings = settings
        self._when_ready = when_ready
        self._parts: Parts | None = None
        self._background: Background | None = None
        super().__init__()

    def load_config(self) -> None:
        settings = self._settings
        chosen: dict[str, Any] = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": settings.workers,
            "threads": settings.threads,
            "worker_class": Worker,
            "graceful_timeout": int(DRAIN.total_seconds()),
            # A worker that streams a large body is alive; gthread answers the arbiter by itself.
            "timeout": 120,
            "keepalive": 65,
            "logconfig_dict": dictionary(),
            "control_socket_disable": True,
            "worker_tmp_dir": str(settings.scratch.resolve()),
            "when_ready": self._tell,
            "post_worker_init": self._start_jobs,
            "worker_exit": self._stop_jobs,
            "child_exit": _forget_metrics,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        configure()
        self._parts = parts_of(self._settings)
        return whole_bodies(factory.app_on(self._parts))

    def _tell(self, arbiter: Any) -> None:
        for listener in arbiter.LISTENERS:
            limit_stalls(listener, self._settings.stall_seconds)
        host, port = arbiter.LISTENERS[0].sock.getsockname()[:2]
        self._when_ready(f"http://{host}:{port}")

    def _start_jobs(self, worker: Any) -> None:
        del worker
        if self._settings.jobs and self._parts is not None:
            self._background = factory.background(self._parts)
            self._background.start()

    def _stop_jobs(self, arbiter: Any, worker: Any) -> None:
        del arbiter, worker
        if self._background is not None:
            self._background.stop(DRAIN)


def serve(settings: Settings, when_ready: Callable[[str], None]) -> None:
    """Serve until told to stop; *when_ready* gets the address once connections are taken."""
    settings.scratch.mkdir(parents=True, exist_ok=True)
    directory = settings.data_dir / "metrics"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    os.environ[_METRICS] = str(directory)
    # The library chose where counters live when it was imported, which is before this is known.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # it has no types here
    Server(settings, when_ready).run()


def _forget_metrics(arbiter: Any, worker: Any) -> None:
    del arbiter
    from prometheus_client import multiprocess  # noqa: PLC0415  # reads its directory when imported

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # the library has no types here
