"""``filemanager worker`` as an operator runs it: a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from servers.service import PATIENCE_SECONDS


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    process: subprocess.Popen[str]
    log: Path

    def kill(self) -> None:
        """SIGKILL: nothing more is done, not even tidying up."""
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def ask_to_stop(self) -> None:
        """Send SIGTERM, which drains."""
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        """Wait for the end; returns the exit code."""
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def worker(data_dir: Path, database_url: str, **environment: str) -> Iterator[WorkerProcess]:
    """Start a worker and, at the end, kill it if it still runs."""
    log = data_dir.with_suffix(".worker.log")
    given = {
        "PATH": os.environ["PATH"],
        "FILEMANAGER_DATA_DIR": str(data_dir),
        "FILEMANAGER_DATABASE_URL": database_url,
        **environment,
    }
    command = [sys.executable, "-m", "filemanager", "worker"]
    with (
        log.open("a") as errors,
        subprocess.Popen(
            command, env=given, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert line == "Working\n", f"no start: {log.read_text()[-2000:]}"
            yield WorkerProcess(process, log)
        finally:
            process.kill()
