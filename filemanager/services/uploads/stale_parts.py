"""Giving up what was begun in parts in the store, and never became an object."""

from datetime import timedelta

from filemanager.domain.ports import Clock
from filemanager.domain.uploads.ports import DirectStore


class DirectSweep:
    """*patience* is longer than any grant lives and any request runs."""

    def __init__(self, store: DirectStore, patience: timedelta, clock: Clock) -> None:
        self._store = store
        self._patience = patience
        self._clock = clock

    def sweep(self) -> int:
        """Returns of how many objects parts were deleted."""
        return self._store.forget_stale(self._clock() - self._patience)

    def dry_run(self) -> int:
        """Of how many objects ``sweep`` would delete parts now."""
        return self._store.count_stale(self._clock() - self._patience)
