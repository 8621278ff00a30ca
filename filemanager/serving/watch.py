"""Who watches the connections: the poller, or for a while a thread between two requests."""

import threading
from itertools import count

PATIENCE_SECONDS = 0.005
"""So long a thread may have the watch and look at no connection."""


class Watch:
    """The poller's, which one thread at a time may have in its place.

    A thread that has it answers one short request after the other: nobody is woken for them, and
    nobody fights for the interpreter. It gives the watch back before whatever may take long. Where
    it does not, the poller takes it. Nobody but the poller ever waits for it, and the poller no
    longer than its patience, so that nobody is held up by who has it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._lease = 0
        """0: the poller has it."""

        self._holder: int | None = None
        self._looks = self._looks_seen = 0
        self._away = threading.Lock()
        """Held while a thread has it, so that the poller is woken when it comes back."""

    @property
    def is_lent(self) -> bool:
        return bool(self._lease)

    @property
    def is_mine(self) -> bool:
        """Whether the thread that asks has it."""
        return self._holder == threading.get_ident()

    def lend(self) -> int:
        """The lease for a thread that will take it; 0: another has it."""
        with self._lock:
            if self._lease:
                return 0
            self._away.acquire(blocking=False)
            self._lease = next(self._numbers)
            return self._lease

    def take(self, lease: int) -> None:
        """By the thread with the *lease*, if it still holds."""
        with self._lock:
            if lease and lease == self._lease:
                self._holder = threading.get_ident()

    def looked(self) -> None:
        """By the thread that has it: it is not stuck."""
        self._looks += 1

    def give_back(self) -> None:
        """By any thread; who does not have it has nothing to give."""
        if not self.is_mine:
            return
        with self._lock:
            if self.is_mine:
                self._lease, self._holder = 0, None
                self._away.release()

    def is_back(self) -> bool:
        """By the poller: wait for it, as long as who has it looks now and then."""
        if not self._lease or self._away.acquire(timeout=PATIENCE_SECONDS):
            return True
        with self._lock:
            if self._looks == self._looks_seen:
                self._lease, self._holder = 0, None
            self._looks_seen = self._looks
            return not self._lease
