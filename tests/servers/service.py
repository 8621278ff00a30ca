"""The service as an operator runs it: a process of its own, on loopback, at a random port."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from builders.papers import SECRET, a_token

API = "/filemanager/api"
V2 = "/v2/workspaces"
SERVE = (sys.executable, "-m", "filemanager", "serve")
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """A running service, and a token of somebody who may do everything with what they own."""

    url: str
    token: str
    process: subprocess.Popen[str]
    log: Path

    @property
    def address(self) -> tuple[str, int]:
        place = urlsplit(self.url)
        assert place.hostname
        assert place.port
        return place.hostname, place.port

    def call(self, method: str, path: str, **sent: Any) -> requests.Response:
        """One request on a connection of its own; ``stream=True`` leaves the body to be read."""
        headers = {"Authorization": self.token, **sent.pop("headers", {})}
        sent.setdefault("timeout", PATIENCE_SECONDS)
        return requests.request(method, f"{self.url}{API}{path}", headers=headers, **sent)

    def get(self, path: str, **sent: Any) -> requests.Response:
        return self.call("GET", path, **sent)

    def upload(self, path: str, name: str, data: bytes) -> requests.Response:
        return self.call("POST", path, files={"file": (name, data)})

    def put(self, workspace: int, path: str, data: Any, **headers: str) -> requests.Response:
        return self.call("PUT", f"{V2}/{workspace}/files/{path}", data=data, headers=headers)

    def new_workspace(self) -> int:
        made = self.call("POST", V2, json={})
        assert made.status_code == 201, made.text
        return int(made.json()["id"])

    def paths(self, workspace: int) -> set[str]:
        """Every public path of a workspace, page by page: the first look at a file reads it."""
        place = f"{V2}/{workspace}/entries"
        found, query = set(), "?limit=200"
        while query:
            answer = self.get(f"{place}{query}")
            found |= {entry["path"] for entry in answer.json()["entries"]}
            following = answer.links.get("next", {}).get("url", "")
            query = following and f"?{urlsplit(following).query}"
        return found

    @property
    def workers(self) -> list[int]:
        pid = self.process.pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        except FileNotFoundError:
            return []
        return [int(child) for child in children.split()]

    def ask_to_stop(self) -> None:
        """Send SIGTERM, which drains."""
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        """Wait for the end; returns the exit code."""
        return self.process.wait(PATIENCE_SECONDS)


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """Ask again until *is_so*; the test fails where that never comes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"still not so: {what}"
        # What another process does can only be asked for again.
        time.sleep(0.02)


@contextmanager
def service(data_dir: Path, **environment: str) -> Iterator[Service]:
    """Start the service on *data_dir* and stop it, by SIGTERM, at the end.

    *environment* is added to the little that a service needs; nothing else is handed down.
    """
    with served(data_dir, SERVE, **environment) as running:
        yield running


@contextmanager
def served(data_dir: Path, command: Sequence[str], **environment: str) -> Iterator[Service]:
    """``service``, started by another *command*."""
    log = data_dir.with_suffix(".log")
    with log.open("a") as errors:
        process = subprocess.Popen(
            command,
            env=_environment(data_dir) | environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        running = Service(_url_of(process, log), a_token(), process, log)
        wait_until(lambda: len(running.workers) == _workers(environment), "all workers run")
        yield running
    finally:
        _stop(process)


def _environment(data_dir: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "FILEMANAGER_DATA_DIR": str(data_dir),
        "JWT_SECRET": SECRET,
        "PORT": "0",
    }


def _workers(environment: dict[str, str]) -> int:
    return int(environment.get("FILEMANAGER_WORKERS", "2"))


def _url_of(process: subprocess.Popen[str], log: Path) -> str:
    """The line that the service prints once connections are taken."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Serving on "), f"no start: {log.read_text()[-2000:]}"
    return line.split()[-1]


def _stop(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    process.stdout.close()
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        # Its workers see that they are orphans and end.
        process.kill()
        process.wait()
