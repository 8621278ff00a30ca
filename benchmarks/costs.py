"""What a request costs the service: CPU, statements, syncs, and bytes that go to the disk."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.service import Service

_SYNCS = "fsync,fdatasync,syncfs,sync_file_range,msync"
_ATTACH_SECONDS = 10
_PAUSE_SECONDS = 0.02

Work = Callable[[], int]
"""Sends requests, and says how many."""


def cost(service: Service, work: Work) -> str:
    """What each of *work* costs. Syncs are counted in a round of their own, which strace slows."""
    before = service.spent()
    requests = work()
    spent = service.spent().since(before)
    syncs = _syncs(service, work)
    return ", ".join(
        [
            f"{1000 * spent.cpu_seconds / requests:.2f} ms CPU",
            f"{spent.statements / requests:.1f} statements",
            *([] if syncs is None else [f"{syncs:.1f} syncs"]),
            f"{spent.written_bytes / requests / 1000:,.0f} kB written",
        ]
    )


def _syncs(service: Service, work: Work) -> float | None:
    """None where nothing is installed that could tell."""
    program = shutil.which("strace")
    if program is None:
        return None
    with tempfile.NamedTemporaryFile() as told:
        with _tracing(program, service.workers(), Path(told.name)):
            requests = work()
        return _calls(Path(told.name).read_text()) / requests


@contextmanager
def _tracing(program: str, pids: Sequence[int], told: Path) -> Iterator[None]:
    command = [program, "-f", "-q", "-c", "-e", f"trace={_SYNCS}", "-o", str(told)]
    for pid in pids:
        command += ["-p", str(pid)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _wait_until_traced(pids)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _wait_until_traced(pids: Sequence[int]) -> None:
    deadline = time.monotonic() + _ATTACH_SECONDS
    while not all(_is_traced(task) for pid in pids for task in Path(f"/proc/{pid}/task").iterdir()):
        if time.monotonic() > deadline:
            raise TimeoutError("strace could not attach to the service.")
        time.sleep(_PAUSE_SECONDS)


def _is_traced(task: Path) -> bool:
    return "TracerPid:\t0\n" not in (task / "status").read_text()


def _calls(summary: str) -> int:
    """Of strace's table: time, seconds, microseconds each, calls, errors where there are any."""
    names = _SYNCS.split(",")
    return sum(
        int(fields[3])
        for fields in map(str.split, summary.splitlines())
        if fields[-1:] and fields[-1] in names
    )
