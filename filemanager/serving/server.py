"""gunicorn, set up for the service: threads, draining, metrics of all workers, jobs."""

import os
import resource
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from filemanager.api.about.metrics import figures_of
from filemanager.factory import application as factory
from filemanager.factory.parts import Parts, parts_of
from filemanager.jobs.background import Background
from filemanager.serving.board import Board
from filemanager.serving.log_events import configure, dictionary
from filemanager.serving.patience import LINE_BYTES, Patience
from filemanager.serving.worker import Worker
from filemanager.settings.service import Settings

DRAIN = timedelta(seconds=30)
_MEMORY = Path("/dev/shm")  # noqa: S108  # the system's memory, where a file cannot be in the way


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Runs until SIGTERM, then finishes the requests it has, for at most 30 seconds."""

    def __init__(self, settings: Settings, when_ready: Callable[[str], None]) -> None:
        self._settings = settings
        self._when_ready = when_ready
        self._parts: Parts | None = None
        self._background: Background | None = None
        self._board = Board(settings.workers)
        self.patience = Patience.of(settings)
        self.look: Callable[[], None] = _nothing
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
            "limit_request_line": LINE_BYTES,
            # Nobody is believed here: proxies are, by a setting, in the application.
            "secure_scheme_headers": {},
            "forwarder_headers": "",
            "logconfig_dict": dictionary(settings.log_level),
            "control_socket_disable": True,
            # Of nobody, since there is nothing to say: so no address is looked at for it.
            "forwarded_allow_ips": "*",
            "worker_tmp_dir": _place_of_signs(settings),
            "pre_fork": self._give_page,
            "when_ready": self._tell,
            "post_worker_init": self._start_jobs,
            "worker_exit": self._stop_jobs,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        configure(self._settings.log_level)
        self._parts = parts_of(self._settings)
        app = factory.app_on(self._parts, self._board.pages)
        self.look = figures_of(app).look
        return app

    def _give_page(self, arbiter: Any, worker: Any) -> None:
        self._board.give_page(worker, arbiter.WORKERS.values())

    def _tell(self, arbiter: Any) -> None:
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


def _nothing() -> None:
    """Before there is an application."""


def serve(settings: Settings, when_ready: Callable[[str], None]) -> None:
    """Serve until told to stop; *when_ready* gets the address once connections are taken."""
    # Each connection is an open file, and a thread may have more of them.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    Server(settings, when_ready).run()


def _place_of_signs(settings: Settings) -> str:
    """Where processes show that they are alive; a full disk must not make them look dead."""
    is_there = os.access(_MEMORY, os.W_OK)
    return str(_MEMORY if is_there else settings.scratch.resolve())
