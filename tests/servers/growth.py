"""How much more memory the workers of a service take for what is asked of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers.service import Service


@contextmanager
def growth_below(most_bytes: int, running: Service) -> Iterator[None]:
    """Fails where a worker's peak memory exceeds what it holds now by more than that."""
    before = {pid: _status(pid, "VmRSS") for pid in running.workers}
    for pid in before:
        # Writing 5 makes the peak what is held now (proc(5)).
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    yield
    growth = {pid: _status(pid, "VmHWM") - held for pid, held in before.items()}
    assert max(growth.values()) < most_bytes, growth


def _status(pid: int, name: str) -> int:
    """A size of a process in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) << 10
    raise AssertionError(f"no {name} of {pid}")
