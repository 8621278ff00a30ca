"""Killing a victim at a system call, by strace."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,"
    "ftruncate,mkdir,mkdirat"
)
"""Every call by which the store and SQLite change what is on the disk."""

_HERE = Path(__file__).parent
_LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)")


@dataclass(frozen=True, slots=True)
class Point:
    """The *number*-th call of that name in a victim's life."""

    call: str
    number: int


@dataclass(frozen=True, slots=True)
class Maker:
    """The process that makes victims, and the data that each gets a copy of."""

    process: subprocess.Popen[str]
    template: Path

    def points(self, data_dir: Path, change: str) -> list[Point]:
        """Let a victim live, and list what it did to files below *data_dir*."""
        trace = data_dir.with_suffix(".trace")
        self.run(data_dir, change, "-y", "-s", "0", "-o", str(trace))
        points, counted = [], Counter[str]()
        for line in trace.read_text().splitlines():
            called = _LINE.match(line)
            if called is not None:
                counted[called[1]] += 1
                if str(data_dir) in called[2]:
                    points.append(Point(called[1], counted[called[1]]))
        return points

    def kill(self, data_dir: Path, change: str, point: Point) -> int:
        """Kill a victim just before a call; returns the wait status."""
        fault = f"inject={point.call}:signal=KILL:when={point.number}"
        return self.run(data_dir, change, "-e", fault, "-o", os.devnull)

    def run(self, data_dir: Path, change: str, *options: str) -> int:
        """Let strace watch a victim on a fresh copy of the data; returns the wait status."""
        shutil.copytree(self.template, data_dir)
        self._write(json.dumps({"data_dir": str(data_dir), "change": change}))
        pid = int(self._read())
        with _traced(pid, *options):
            os.kill(pid, signal.SIGCONT)
            return int(self._read())

    def _write(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def _read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


@contextmanager
def maker(template: Path) -> Iterator[Maker]:
    paths = os.pathsep.join(str(path) for path in (_HERE.parent, _HERE.parents[1]))
    command = [sys.executable, str(_HERE / "victims.py")]
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Maker(process, template)
        assert process.stdin is not None
        process.stdin.close()


@contextmanager
def _traced(pid: int, *options: str) -> Iterator[None]:
    """strace, attached; it ends with the process that it watches."""
    command = ["strace", "-p", str(pid), "-e", f"trace={CALLS}", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr is not None
        said = strace.stderr.readline()
        assert said.rstrip().endswith("attached"), said
        yield
