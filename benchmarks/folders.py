"""Folders of small files, pushed and pulled by our client, beside restic and one tar by curl."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.papers import tex_files
from benchmarks.peers import command_seconds
from benchmarks.report import NO_GOAL, ROUNDS, Goal, Row, at_most, medians, progress, row, seconds
from benchmarks.service import V2, Service

_ROUNDS = {500: ROUNDS, 20_000: 2}
"""Of each number of files. A round of the larger takes a minute."""

_TEXT_BYTES = 1400
_MOST_RATIO = 2.0

_CURL = """
tar c -C "$FOLDER" . |
curl -sf -H @"$HEADERS" -X PUT -T - "$(cat "$URL")" -o /dev/null
"""
_BACKUP = 'restic -q -r "$STORE" --insecure-no-password backup "$FOLDER"'
_RESTORE = 'restic -q -r "$STORE" --insecure-no-password restore latest --target "$OUT"'
_INIT = 'restic -q -r "$STORE" --insecure-no-password init'


def rows(bench: Bench) -> Iterator[Row]:
    for files in _ROUNDS:
        with bench.serving() as service:
            yield from _rows(_Folders(bench, service, files))


@dataclass
class _Folders:
    """Each folder has bytes of its own, so that nothing of it is known before."""

    bench: Bench
    service: Service
    files: int
    _numbers: "count[int]" = field(default_factory=count)

    def new(self) -> Path:
        folder, number = self.bench.place("folder"), next(self._numbers)
        below = folder / f"d{number}"
        below.mkdir()
        for name, data in self._texts.items():
            (below / name).write_bytes(b"%% %d\n" % number + data)
        return folder

    def medians(self, *measures: Callable[[], float]) -> list[float]:
        return medians(*measures, rounds=_ROUNDS[self.files])

    @cached_property
    def _texts(self) -> dict[str, bytes]:
        return tex_files(self.files, _TEXT_BYTES)

    def push(self, folder: Path, workspace: int) -> float:
        return self._client("push", folder, "--workspace", workspace)

    def pull(self, workspace: int) -> float:
        return self._client("pull", workspace, self.bench.place("pulled"))

    def _client(self, *arguments: object) -> float:
        """One run of the command, its start included."""
        host, port = self.service.address
        variables = {
            "FILEMANAGER_URL": f"http://{host}:{port}",
            "FILEMANAGER_TOKEN": self.service.token,
            "XDG_CACHE_HOME": str(self.bench.place("cache")),
        }
        command = [sys.executable, "-m", "filemanager", *map(str, arguments)]
        began = time.perf_counter()
        subprocess.run(command, env=os.environ | variables, check=True, capture_output=True)
        return time.perf_counter() - began


def _rows(folders: _Folders) -> Iterator[Row]:
    progress(f"push and pull of {folders.files:,} small files")
    workspaces: list[int] = []

    def pushed() -> float:
        workspaces.append(folders.service.new_workspace())
        return folders.push(folders.new(), workspaces[-1])

    own = {"push": pushed, "pull": lambda: folders.pull(workspaces[-1])}
    tar = folders.medians(lambda: _by_curl(folders))[0]
    peers = dict(zip(own, folders.medians(*_restic(folders)), strict=True)) if _has_restic() else {}
    for (what, _), figure in zip(own.items(), folders.medians(*own.values()), strict=True):
        work = f"{what} of {folders.files:,} small files"
        yield _beside(work, figure, "restic", peers.get(what))
        yield row(work, seconds(figure), f"{seconds(tar)} one tar by curl", figure / tar, NO_GOAL)
    yield _known(folders)


def _known(folders: _Folders) -> Row:
    """The same files into another workspace, by a client that remembers nothing."""
    folder = folders.new()
    first = folders.push(folder, folders.service.new_workspace())
    (again,) = folders.medians(lambda: folders.push(folder, folders.service.new_workspace()))
    work = f"push of {folders.files:,} files that another workspace has"
    return row(work, seconds(again), f"{seconds(first)} first push", again / first, NO_GOAL)


def _beside(work: str, figure: float, name: str, peer: float | None) -> Row:
    if peer is None:
        return row(work, seconds(figure), f"no {name} here", None, NO_GOAL)
    goal: Goal = at_most(figure / peer, _MOST_RATIO, f"{_MOST_RATIO:g}")
    return row(work, seconds(figure), f"{seconds(peer)} {name}", figure / peer, goal)


def _by_curl(folders: _Folders) -> float:
    service, place = folders.service, folders.bench.place("curl")
    host, port = service.address
    path = f"{V2}/workspaces/{service.new_workspace()}/files/all.tar"
    (place / "url").write_text(f"http://{host}:{port}{path}?unpack=true")
    (place / "headers").write_text(
        f"Authorization: {service.token}\nContent-Type: application/octet-stream\n"
    )
    return command_seconds(
        _CURL, FOLDER=folders.new(), HEADERS=place / "headers", URL=place / "url"
    )


def _has_restic() -> bool:
    return shutil.which("restic") is not None


def _restic(folders: _Folders) -> tuple[Callable[[], float], Callable[[], float]]:
    stores: list[Mapping[str, Path]] = []

    def backup() -> float:
        paths = {"FOLDER": folders.new(), "STORE": folders.bench.place("restic")}
        command_seconds(_INIT, **paths)
        stores.append(paths)
        return command_seconds(_BACKUP, **paths)

    def restore() -> float:
        return command_seconds(_RESTORE, OUT=folders.bench.place("restored"), **stores[-1])

    return backup, restore
