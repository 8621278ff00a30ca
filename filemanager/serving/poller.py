"""All connections that no thread has: accepted, read up to a whole head, drained, let go."""

import os
import select
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from filemanager.serving.answering import Answered
from filemanager.serving.connection import Connection, Stage, is_decided
from filemanager.serving.crowd import Crowd
from filemanager.serving.pace import Clients
from filemanager.serving.patience import (
    HEAD_BYTES,
    KEPT_SECONDS,
    LINGER_BYTES,
    LINGER_SECONDS,
    Patience,
)
from filemanager.serving.turns import HURRY_SECONDS, Askers

_ONCE = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLONESHOT
_SWEEP_SECONDS = 0.5
_MOMENT_MILLISECONDS = 1


@dataclass(frozen=True, slots=True)
class Port:
    """What the poller listens on, the two ends of the pipe that wakes it, and its clock."""

    listeners: tuple[socket.socket, ...]
    wake_reader: int
    wake_writer: int
    clock: Callable[[], float] = time.monotonic


class Poller:
    """Run by one thread. A thread that has answered hands its connection back by itself."""

    def __init__(
        self,
        port: Port,
        answer: Callable[[Connection, Clients], Answered | None],
        patience: Patience,
        max_connections: int,
    ) -> None:
        self._port = port
        self._answer = answer
        self._patience = patience
        self._max_connections = max_connections
        self._threads = ThreadPoolExecutor(patience.threads, thread_name_prefix="request")
        self._turns = Askers(self._begin)
        self._clock = port.clock
        self._clients = Clients(patience, Crowd(patience.slow_bodies), self._turns, port.clock)
        self._epoll = select.epoll()
        self._listeners = {listener.fileno(): listener for listener in port.listeners}
        self._connections: dict[int, Connection] = {}
        self._lock = threading.Lock()
        self._busy = 0
        self._is_accepting = False
        self._kept_seconds = KEPT_SECONDS
        self._next_sweep = 0.0
        self._epoll.register(port.wake_reader, select.EPOLLIN)

    @property
    def is_empty(self) -> bool:
        return not self._connections

    def turn(self, seconds: float) -> None:
        """Wait for so long, or until something happens, and do what is due."""
        self._accept_where_served()
        for number, _ in self._epoll.poll(self._until_due(seconds)):
            if number in self._listeners:
                self._accept(self._listeners[number])
            elif number in self._connections:
                self._look_at(self._connections[number])
            elif number == self._port.wake_reader:
                os.read(number, HEAD_BYTES)
            # Else room was made of it, by one that was accepted just before.
        self._turns.hurry()
        now = self._clock()
        if now >= self._next_sweep:
            self._next_sweep = now + _SWEEP_SECONDS
            self._sweep(now)

    def close_port(self) -> None:
        """Take who is connected already, and nobody else; idle connections have little time left.

        The port is free at once: clients that connect later could go to another node.
        """
        self._kept_seconds = LINGER_SECONDS
        soon = self._clock() + LINGER_SECONDS
        for number, listener in self._listeners.items():
            while self._accept(listener):
                pass
            if self._is_accepting:
                self._epoll.unregister(number)
            listener.close()
        self._listeners = {}
        for connection in self._connections.values():
            if connection.stage is Stage.HEAD:
                connection.deadline = min(connection.deadline, soon)

    def close(self) -> None:
        """Break off what is left."""
        for connection in list(self._connections.values()):
            with suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._epoll.close()

    def _until_due(self, seconds: float) -> float:
        return HURRY_SECONDS if self._turns.is_anybody_waiting else seconds

    def _accept_where_served(self) -> None:
        """Where every thread is busy another process may have one."""
        can_serve = self._busy < self._patience.threads
        if can_serve == self._is_accepting:
            return
        self._is_accepting = can_serve
        for number in self._listeners:
            if can_serve:
                self._epoll.register(number, select.EPOLLIN)
            else:
                self._epoll.unregister(number)

    def _accept(self, listener: socket.socket) -> bool:
        try:
            accepted, client = listener.accept()
        except OSError:
            return False
        if len(self._connections) >= self._max_connections:
            self._make_room()
        accepted.settimeout(0)
        deadline = self._clock() + self._patience.header_seconds
        connection = Connection(accepted, client, listener.getsockname(), deadline)
        self._connections[accepted.fileno()] = connection
        self._epoll.register(accepted, _ONCE)
        return True

    def _make_room(self) -> None:
        """Let go of whom nothing is owed, those first who would have gone first."""
        waiting = [one for one in self._connections.values() if one.stage is not Stage.SERVED]
        if waiting:
            self._close(min(waiting, key=lambda one: (bool(one.buffer), one.deadline)))

    def _look_at(self, connection: Connection) -> None:
        if connection.stage is not Stage.SERVED and not self._take(connection):
            self._watch(connection)

    def _take(self, connection: Connection) -> bool:
        """False: nothing has come."""
        try:
            data = connection.socket.recv(HEAD_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data or connection.stage is Stage.GONE:
            self._close(connection)
        elif connection.stage is Stage.HEAD:
            self._take_head(connection, data)
        else:
            self._take_rest(connection, data)
        return True

    def _take_head(self, connection: Connection, data: bytes) -> None:
        if not connection.buffer and connection.requests:
            connection.deadline = self._clock() + self._patience.header_seconds
        connection.buffer += data
        if is_decided(connection.buffer):
            self._dispatch(connection)
        else:
            self._watch(connection)

    def _take_rest(self, connection: Connection, data: bytes) -> None:
        connection.left_bytes -= len(data)
        if connection.left_bytes > 0:
            self._watch(connection)
        elif connection.stage is Stage.DRAINING:
            if self._keep(connection, data[len(data) + connection.left_bytes :]):
                self._dispatch(connection)
        else:
            # It goes on sending, waits, and has the time to read its answer.
            self._epoll.modify(connection.socket, select.EPOLLRDHUP | select.EPOLLONESHOT)

    def _dispatch(self, connection: Connection) -> None:
        connection.stage = Stage.SERVED
        with self._lock:
            self._busy += 1
        self._turns.ask(connection)

    def _begin(self, connection: Connection) -> None:
        # It is in the queue even where the system gives no thread more: one that is there takes it.
        with suppress(RuntimeError):
            self._threads.submit(self._serve, connection)

    def _serve(self, connection: Connection) -> None:
        try:
            while self._hand_back(connection, self._answer(connection, self._clients)):
                pass
        finally:
            self._turns.pause()
            with self._lock:
                self._busy -= 1
                is_free_again = self._busy == self._patience.threads - 1
            if is_free_again:
                os.write(self._port.wake_writer, b"f")

    def _hand_back(self, connection: Connection, answered: Answered | None) -> bool:
        """True: the next request is here already, and the thread may go on with it."""
        if answered is None:
            self._leave(connection, Stage.GONE, 0)
        elif not answered.is_kept:
            with suppress(OSError):
                connection.socket.shutdown(socket.SHUT_WR)
            self._leave(connection, Stage.LINGERING, LINGER_BYTES)
        elif answered.rest_bytes:
            self._leave(connection, Stage.DRAINING, answered.rest_bytes)
        else:
            return self._keep(connection, answered.ahead)
        return False

    def _leave(self, connection: Connection, stage: Stage, left_bytes: int) -> None:
        connection.left_bytes = left_bytes
        connection.deadline = self._clock() + LINGER_SECONDS * (stage is not Stage.GONE)
        connection.stage = stage
        self._watch(connection)

    def _keep(self, connection: Connection, ahead: bytes) -> bool:
        """Let the connection go on; True: the next request is here already."""
        connection.buffer += ahead
        if is_decided(ahead):
            return True
        if not ahead and self._goes_on_at_once(connection):
            return True
        patience = self._patience.header_seconds if connection.buffer else self._kept_seconds
        connection.deadline = self._clock() + patience
        connection.stage = Stage.HEAD
        self._watch(connection)
        return False

    def _goes_on_at_once(self, connection: Connection) -> bool:
        """Whether the next head comes within a moment, while nobody else asks for anything.

        The thread then goes on by itself, which spares a wake of the poller and one of a thread.
        """
        self._turns.pause()
        try:
            return self._turns.is_idle and _has_come(connection)
        finally:
            self._turns.resume()

    def _watch(self, connection: Connection) -> None:
        # Room may have been made of it in the meantime.
        with suppress(OSError, ValueError):
            self._epoll.modify(connection.socket, _ONCE)

    def _sweep(self, now: float) -> None:
        for connection in list(self._connections.values()):
            if connection.is_over(now):
                self._catch_up(connection, now)
            if not connection.is_over(now):
                continue
            if connection.stage is Stage.HEAD and connection.buffer:
                connection.is_late = True
                self._dispatch(connection)
            else:
                self._close(connection)

    def _catch_up(self, connection: Connection, now: float) -> None:
        """Take what is there already: the poller may have been late, and not the client."""
        while connection.is_over(now) and connection.is_wanted and self._take(connection):
            pass

    def _close(self, connection: Connection) -> None:
        connection.stage = Stage.GONE
        self._connections.pop(connection.socket.fileno(), None)
        connection.socket.close()


def _has_come(connection: Connection) -> bool:
    """Wait a moment for the next head; a part of it is kept."""
    waiting = select.poll()
    waiting.register(connection.socket, select.POLLIN)
    if not waiting.poll(_MOMENT_MILLISECONDS):
        return False
    try:
        connection.buffer += connection.socket.recv(HEAD_BYTES)
    except OSError:
        return False
    return is_decided(connection.buffer)
