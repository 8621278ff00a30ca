"""``python -m benchmarks.counted serve``: the service as it is, its statements counted.

Each process writes how many it has sent into a file of its own, which the driver adds up.
"""

import mmap
import os
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, event

from filemanager.cli import run

PLACE = "BENCHMARK_COUNTS"
"""The variable that names the directory of the files."""

_NUMBER_BYTES = 8


class _Statements:
    def __init__(self, place: Path) -> None:
        self._place = place
        self._processes: dict[int, tuple[count[int], mmap.mmap]] = {}

    def note(self, *_: object) -> None:
        """One for many rows counts once; what begins and ends a transaction does not count."""
        numbers, page = self._processes.get(os.getpid()) or self._begun()
        page[:_NUMBER_BYTES] = next(numbers).to_bytes(_NUMBER_BYTES, "little")

    def _begun(self) -> tuple["count[int]", mmap.mmap]:
        """Two threads may come here at once, each for the first statement that it knows of."""
        made = count(1), page_of(self._place / str(os.getpid()))
        return self._processes.setdefault(os.getpid(), made)


def page_of(path: Path) -> mmap.mmap:
    """The file as memory. It is never cut, not for a moment: who writes to a page that another
    thread has of it would be ended by the system (SIGBUS), and all its connections with it.
    """
    with path.open("ab+") as file:
        file.truncate(_NUMBER_BYTES)
        return mmap.mmap(file.fileno(), _NUMBER_BYTES)


def counted(place: Path) -> int:
    """How many statements all processes have sent so far."""
    return sum(int.from_bytes(path.read_bytes(), "little") for path in place.iterdir())


if __name__ == "__main__":
    event.listen(Engine, "before_cursor_execute", _Statements(Path(os.environ[PLACE])).note)
    run()
