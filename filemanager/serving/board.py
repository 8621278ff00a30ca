"""Memory that all processes of a node share: made before they are, and on no disk."""

import mmap
from collections.abc import Iterable
from typing import Any

from filemanager.api.about.counts import PAGE_BYTES, Pages

_SPARE = 4
"""A process may still be ending while the one for it begins."""


class Board:
    def __init__(self, processes: int) -> None:
        self._every = [memoryview(mmap.mmap(-1, PAGE_BYTES)) for _ in range(processes + _SPARE)]
        self._own = 0

    def give_page(self, worker: Any, others: Iterable[Any]) -> None:
        """Before a fork: the new process goes on with the page of one that has ended."""
        taken = {other.page for other in others}
        free = (page for page in range(len(self._every)) if page not in taken)
        worker.page = self._own = next(free, 0)

    @property
    def pages(self) -> Pages:
        """As the process sees them that was forked last."""
        return Pages(self._every[self._own], self._every)
