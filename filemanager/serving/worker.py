"""A process of the server: gunicorn's signs of life and signals around our poller."""

import os
import resource
import socket
import time
from typing import Any

from gunicorn.workers import base

from filemanager.serving.answering import Answerer
from filemanager.serving.patience import MAX_CONNECTIONS, UNSENT_BYTES
from filemanager.serving.poller import Poller, Port

_TURN_SECONDS = 0.5


class Worker(base.Worker):  # type: ignore[misc]  # gunicorn has no types
    """Threads wait for bodies and answers alone; everything else is the poller's."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: drain. The signal itself wakes the poller, by gunicorn's pipe."""
        del sig, frame
        self.alive = False

    def run(self) -> None:
        patience = self.app.patience
        answerer = Answerer(self.wsgi, self.cfg)
        listeners = tuple(bound.sock for bound in self.sockets)
        poller = Poller(Port(listeners, *self.PIPE), answerer.answer, patience, _room())
        for listener in listeners:
            listener.settimeout(0)
            # Connections have it from their listener. The system would take megabytes for each
            # client that does not read, with all the work of making them.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
        while self.alive and self.ppid == os.getppid():
            self.notify()
            self.app.look()
            poller.turn(_TURN_SECONDS)
        answerer.is_closing = True
        poller.close_port()
        deadline = time.monotonic() + self.cfg.graceful_timeout
        while not poller.is_empty and time.monotonic() < deadline:
            self.notify()
            poller.turn(_TURN_SECONDS)
        poller.close()


def _room() -> int:
    """Threads, the database and the store need files as well."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_CONNECTIONS if files < 0 else min(MAX_CONNECTIONS, max(64, files // 2))
