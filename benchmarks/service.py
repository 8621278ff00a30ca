"""The service as an operator runs it: a process of its own, on loopback, at a random port."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.counted import PLACE, counted
from benchmarks.driver import Address, Answer, Connection, Request, form, request
from filemanager.tokens import EVERYDAY, Person, token_for

API = "/filemanager/api"
V2 = f"{API}/v2"

_SECRET = "a-secret-of-benchmarks-that-is-32-bytes"  # noqa: S105  # opens nothing but this run
_STOP_SECONDS = 60
_MORE_SCOPES = (
    "bucket:read",
    "bucket:write",
    "rawstore:write",
    "package:read",
    "package:write",
    "package:share",
)
_LIMITS = {
    "FILEMANAGER_MAX_WORKSPACE_FILES": "60000",
    "FILEMANAGER_MAX_WORKSPACE_BYTES": str(16 << 30),
    "FILEMANAGER_MAX_UNPACKED_ENTRIES": "30000",
    "FILEMANAGER_MAX_CHECKPOINTS": "1000",
    "MAX_CONTENT_LENGTH": "1gb",
}
"""Above the defaults where a row needs it: 50,000 files and some more, 20,000 and their directories
in one archive.
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """By all processes of a service so far."""

    cpu_seconds: float
    statements: int
    written_bytes: int

    def since(self, before: "Spent") -> "Spent":
        return Spent(
            self.cpu_seconds - before.cpu_seconds,
            self.statements - before.statements,
            self.written_bytes - before.written_bytes,
        )


@dataclass(frozen=True, slots=True)
class Service:
    """A running service and a token that may do everything with workspaces of its own."""

    address: Address
    data_dir: Path
    pid: int
    token: str

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> Request:
        """*headers* with ``_`` where the name has ``-``; *path* below the API's."""
        return request(method, f"{API}{path}", self._headers(headers), body=body)

    def put(self, path: str, sent: bytes | Path) -> Request:
        """Raw bytes to a v2 path, with the small answer."""
        headers = self._headers({"Prefer": "return=minimal"})
        if isinstance(sent, Path):
            return request("PUT", f"{V2}{path}", headers, file=sent)
        return request("PUT", f"{V2}{path}", headers, body=sent)

    def form(self, path: str, name: str, sent: bytes | Path) -> Request:
        return form(f"{API}{path}", self._headers({}), name, sent=sent)

    def drop(self, name: str, sent: bytes | Path) -> Request:
        """An upload to the bucket."""
        return form("/bucket/upload", self._headers({}), name, sent=sent)

    def cpu_seconds(self) -> float:
        """What all its processes have computed so far, in ticks of 10 ms (proc(5), stat)."""
        fields = [
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            for pid in (self.pid, *self.workers())
        ]
        ticks = sum(int(one[11]) + int(one[12]) for one in fields)
        return ticks / os.sysconf("SC_CLK_TCK")

    def spent(self) -> Spent:
        """Bytes are those that went, or will go, to the disk (proc(5), io)."""
        told = [Path(f"/proc/{pid}/io").read_text() for pid in (self.pid, *self.workers())]
        written = sum(int(text.split("\nwrite_bytes: ")[1].split()[0]) for text in told)
        return Spent(self.cpu_seconds(), counted(_counts(self.data_dir)), written)

    def connected(self) -> Connection:
        return Connection(self.address)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request on a connection of its own."""
        with self.connected() as connection:
            return connection.ask(self.request(method, path, body, **headers))

    def new_workspace(self) -> int:
        made = self.ask("POST", "/v2/workspaces", b"{}", Content_Type="application/json")
        return int(json.loads(made.body)["id"])

    def shown(self, path: str) -> Any:
        return json.loads(self.ask("GET", path).body)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": self.token} | named


@contextmanager
def serving(
    data_dir: Path, database_url: str | None = None, **environment: str
) -> Iterator[Service]:
    """Start the service on *data_dir*, wait for its first answer, and stop it at the end.

    *environment* is added to its own.
    What it logs goes to a file: writing the log is part of its work.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    process = _started(data_dir, database_url, environment)
    try:
        address = _address(process)
        scopes = (*EVERYDAY, *_MORE_SCOPES)
        who = Person(user_id="1", email="bench@example.org", username="bench", scopes=scopes)
        token = token_for(who, _SECRET, datetime.now(UTC))
        service = Service(address, data_dir, process.pid, token)
        service.ask("GET", "/status")
        yield service
    finally:
        process.terminate()
        process.wait(_STOP_SECONDS)


def _counts(data_dir: Path) -> Path:
    """Where its processes say how many statements they have sent."""
    return data_dir.with_name(f"{data_dir.name}-counts")


def start_seconds(data_dir: Path) -> float:
    """From the start of the process to its first answer."""
    began = time.perf_counter()
    with serving(data_dir):
        return time.perf_counter() - began


def _started(
    data_dir: Path, database_url: str | None, environment: Mapping[str, str]
) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if "FILEMANAGER_" not in name}
    own = {
        "FILEMANAGER_DATA_DIR": str(data_dir),
        "FILEMANAGER_PORT": "0",
        "JWT_SECRET": _SECRET,
    }
    if database_url:
        own["FILEMANAGER_DATABASE_URL"] = database_url
    own[PLACE] = str(_counts(data_dir))
    _counts(data_dir).mkdir(exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.counted", "serve"]
    with (data_dir / "log").open("a") as log:
        return subprocess.Popen(
            command,
            env=kept | _LIMITS | own | dict(environment),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


def _address(process: subprocess.Popen[str]) -> Address:
    assert process.stdout is not None  # noqa: S101  # it was asked for
    for line in process.stdout:
        if line.startswith("Serving on "):
            place = urlsplit(line.split()[-1])
            return str(place.hostname), int(place.port or 0)
    raise RuntimeError("The service ended before it listened; see the file log beside its data.")
