"""What a push remembers on this machine, so that the next one goes on where it was stopped."""

import fcntl
import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO

from filemanager.client.errors import Busy, ClientError

CACHE_VARIABLE = "XDG_CACHE_HOME"


@dataclass(frozen=True, slots=True)
class Sending:
    """An upload that was begun: of which bytes, and where it goes on."""

    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What a file that was sent became by the checks: another path, other bytes, or nothing."""

    sha256: str
    became: str | None
    became_sha256: str | None


@dataclass(slots=True)
class Memory:
    """The lines of one file: written as things happen, so that a kill loses at most the last.

    ``batch`` None: no push is on its way; the bytes of ``known`` digests are not sent with it.
    ``settled`` are the files of whole pushes by their local paths, those that are something else by
    now; the last push left the workspace at ``revision``.
    """

    _file: BinaryIO
    batch: str | None = None
    known: Collection[str] = ()
    sending: dict[str, Sending] = field(default_factory=dict)
    revision: int | None = None
    settled: Mapping[str, Settled] = field(default_factory=dict)

    def begin(self, batch: str, known: Collection[str] = ()) -> None:
        self.batch, self.known = batch, known
        self.sending.clear()
        self._rewrite()

    def note(self, path: str, sending: Sending) -> None:
        self.sending[path] = sending
        self._append({"path": path, "sha256": sending.sha256, "url": sending.url})

    def end(self, revision: int | None, settled: Mapping[str, Settled]) -> None:
        """The push is over; *revision* None where it came to nothing."""
        self.batch, self.known, self.revision, self.settled = None, (), revision, settled
        self.sending.clear()
        self._rewrite()

    def read(self) -> None:
        """Read to the first line that was not written whole, and cut the file there."""
        whole = 0
        for line in self._file.read().splitlines(keepends=True):
            try:
                self._take(line)
            except (ValueError, KeyError, TypeError):
                break
            whole += len(line)
        self._file.truncate(whole)

    def _take(self, line: bytes) -> None:
        if not line.endswith(b"\n"):
            raise ValueError(line)
        told = json.loads(line)
        if "path" in told:
            self.sending[told["path"]] = Sending(told["sha256"], told["url"])
            return
        self.batch, self.revision = told["batch"], told["revision"]
        self.known = frozenset(told.get("known", ()))
        self.settled = {path: Settled(**one) for path, one in told["settled"].items()}

    def _rewrite(self) -> None:
        """In place: the lock is on this very file. What a kill spoils is read as empty."""
        self._file.seek(0)
        self._file.truncate()
        settled = {path: asdict(one) for path, one in self.settled.items()}
        told = {"batch": self.batch, "revision": self.revision, "settled": settled}
        self._append({**told, "known": sorted(self.known)} if self.known else told)

    def _append(self, told: Mapping[str, object]) -> None:
        self._file.seek(0, os.SEEK_END)
        self._file.write(json.dumps(told).encode() + b"\n")
        self._file.flush()


def cache_directory(environment: Mapping[str, str]) -> Path:
    """Where this client remembers things: XDG's cache directory of the user.

    Raises ``ClientError`` for a user without a home, as containers have them.
    """
    home = environment.get(CACHE_VARIABLE) or ""
    # A relative one is to be ignored, says the XDG Base Directory Specification.
    try:
        base = Path(home) if home.startswith("/") else Path.home() / ".cache"
    except RuntimeError as error:
        why = "There is no home directory to remember broken runs in"
        raise ClientError(f"{why}: set {CACHE_VARIABLE} to a directory.") from error
    return base / "filemanager"


@contextmanager
def memory_of(cache: Path, url: str, workspace: int, directory: Path) -> Iterator[Memory]:
    """The memory of pushes of one directory to one workspace, for this process alone.

    Raises ``Busy`` while another process pushes it.
    """
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = json.dumps([url, workspace, str(directory.resolve())])
    name = hashlib.sha256(about.encode()).hexdigest()[:32]
    descriptor = os.open(cache / f"push-{name}", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(f"{directory} is being pushed to workspace {workspace} already.") from error
        memory = Memory(file)
        memory.read()
        yield memory
