"""The worker threads of a process."""

import threading
import time
from collections.abc import Sequence
from datetime import timedelta

import structlog

from filemanager.domain.errors import FilemanagerError
from filemanager.jobs.bell import Bell
from filemanager.jobs.worker import Worker

_LOOK_EVERY = timedelta(seconds=1)
"""For tasks that other processes promised, and those that were put back."""


class Crew:
    """A thread for each worker; an idle one is woken by *bell* and looks once a second."""

    def __init__(self, workers: Sequence[Worker], bell: Bell) -> None:
        self._bell = bell
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(worker,), name="worker", daemon=True)
            for worker in workers
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: timedelta) -> bool:
        """Begin nothing more, and wait for what runs; False where something still does.

        That is lost with the process and done again by another worker.
        """
        self._stopping.set()
        self._bell.ring()
        deadline = time.monotonic() + timeout.total_seconds()
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, worker: Worker) -> None:
        while not self._stopping.is_set():
            heard = self._bell.heard()
            if not _has_worked(worker) and not self._stopping.is_set():
                self._bell.wait(heard, _LOOK_EVERY)


def _has_worked(worker: Worker) -> bool:
    try:
        return worker.run_next()
    except FilemanagerError as error:
        structlog.get_logger().warning("worker_failed", code=error.code)
    except Exception as error:  # noqa: BLE001  # the edge: the thread must outlive what it meets
        structlog.get_logger().error("unexpected", exc_info=error)
    return False
