"""Many small files pushed and pulled by the command, beside programs that keep folders."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.papers import tex_files
from benchmarks.peers import are_all_peers_wanted
from benchmarks.report import NO_GOAL, Row, at_most, medians, progress, row, seconds
from benchmarks.service import Service

_FILES = 500
_FILE_BYTES = 5000
_SHARE = 2.0

Run = Callable[[], float]
"""Does it once, with nothing known of before, and tells the seconds."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Both ways of one program."""

    push: Run
    pull: Run


def rows(bench: Bench) -> Iterator[Row]:
    folder = bench.place("folder")
    for name, text in tex_files(_FILES, _FILE_BYTES).items():
        (folder / name).write_bytes(text)
    progress(f"a folder of {_FILES} files")
    with bench.serving() as service:
        ways = {"ours": _ours(bench, service, folder)} | _peers(bench, folder)
        pushed = dict(zip(ways, medians(*(way.push for way in ways.values())), strict=True))
        pulled = dict(zip(ways, medians(*(way.pull for way in ways.values())), strict=True))
    yield from _rows(f"`filemanager push` of {_FILES} files", pushed)
    yield from _rows(f"`filemanager pull` of {_FILES} files", pulled)


def _rows(work: str, found: Mapping[str, float]) -> Iterator[Row]:
    own = found["ours"]
    if len(found) == 1:
        yield row(work, seconds(own), "", None, NO_GOAL)
    for peer, theirs in found.items():
        if peer != "ours":
            ratio = own / theirs
            goal = at_most(ratio, _SHARE, f"{_SHARE:.0f} times restic")
            is_goal = peer == "restic"
            yield row(
                work, seconds(own), f"{seconds(theirs)} {peer}", ratio, goal if is_goal else NO_GOAL
            )


def _ours(bench: Bench, service: Service, folder: Path) -> _Kept:
    """Each push makes a workspace; pulled is the last one."""
    host, port = service.address
    variables = {
        "FILEMANAGER_URL": f"http://{host}:{port}",
        "FILEMANAGER_TOKEN": service.token,
        # Where it remembers what it has not brought to its end.
        "XDG_CACHE_HOME": str(bench.place("state")),
    }
    command = [sys.executable, "-m", "filemanager"]
    workspaces: list[int] = []

    def push() -> float:
        workspaces.append(service.new_workspace())
        return _taken([*command, "push", folder, "--workspace", workspaces[-1]], variables)

    def pull() -> float:
        into = bench.place("pulled")
        return _taken([*command, "pull", workspaces[-1], into], variables)

    return _Kept(push, pull)


def _peers(bench: Bench, folder: Path) -> dict[str, _Kept]:
    if not are_all_peers_wanted():
        return {}
    made = {"restic": _restic, "rclone": _rclone, "tar": _tar}
    return {name: make(bench, folder) for name, make in made.items() if shutil.which(name)}


def _restic(bench: Bench, folder: Path) -> _Kept:
    """Into a new repository each time, as our workspaces are new."""
    variables = {"RESTIC_PASSWORD": "benchmark", "RESTIC_CACHE_DIR": str(bench.place("cache"))}
    kept: list[Path] = []

    def push() -> float:
        kept.append(bench.place("restic"))
        _taken(["restic", "init", "-q", "-r", kept[-1]], variables)
        return _taken(["restic", "backup", "-q", "-r", kept[-1], folder], variables)

    def pull() -> float:
        into = bench.place("restored")
        return _taken(["restic", "restore", "latest", "-q", "-r", kept[-1], "-t", into], variables)

    return _Kept(push, pull)


def _rclone(bench: Bench, folder: Path) -> _Kept:
    """Its copies are not synced to the disk."""
    return _Kept(
        lambda: _taken(["rclone", "copy", folder, bench.place("rclone")], {}),
        lambda: _taken(["rclone", "copy", "--checksum", folder, bench.place("rclone")], {}),
    )


def _tar(bench: Bench, folder: Path) -> _Kept:
    """One archive, synced: the least that could be done."""
    numbers = count()
    place = bench.place("tar")

    def push() -> float:
        archive = place / f"{next(numbers)}.tar"
        return _taken(["sh", "-c", f"tar cf {archive} -C {folder} . && sync {archive}"], {})

    def pull() -> float:
        into, archive = bench.place("untarred"), place / "0.tar"
        return _taken(["sh", "-c", f"tar xf {archive} -C {into} && sync -f {into}"], {})

    return _Kept(push, pull)


def _taken(command: list[object], variables: dict[str, str]) -> float:
    began = time.perf_counter()
    words = [str(word) for word in command]
    subprocess.run(words, env=os.environ | variables, check=True, capture_output=True)
    return time.perf_counter() - began
