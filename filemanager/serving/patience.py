"""How long clients may take, and how many of those that take long are kept."""

from dataclasses import dataclass

from filemanager.settings.service import Settings

HEAD_BYTES = 1 << 16
"""So much of a head is read, though less is taken: where the page that asks says who it is, it may
then read why it was refused."""

LINE_BYTES = 8190
"""Of a request line, and of a header; gunicorn takes no longer ones."""

KEPT_SECONDS = 65.0
"""Longer than front servers keep theirs, so that they close first."""

DRAINED_BYTES = 1 << 20
"""A body up to this is read to its end where nobody wanted it, and its connection goes on."""

LINGER_SECONDS = 2.0
LINGER_BYTES = 1 << 20
"""What is taken of a refused body, so that a client which has sent it all gets its answer."""

UNSENT_BYTES = 1 << 18
"""Of an answer, so much is given to the system before its client takes some."""

SLOW_SECONDS = 1.0
"""Who has let a thread wait for so long in all is slow."""

WINDOW_SECONDS = 60.0
"""Over so much waiting the rate of a body or an answer is measured."""

SLOW_OF_ONE = 64
"""Of one owner, or of one address where nobody says who asks."""

MAX_CONNECTIONS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What an operator may choose."""

    threads: int
    header_seconds: float
    stall_seconds: float
    min_rate_bytes: int
    slow_bodies: int

    @classmethod
    def of(cls, settings: Settings) -> "Patience":
        return cls(
            # Those that wait for slow clients come on top: they are never missing elsewhere.
            threads=settings.threads + settings.slow_bodies,
            header_seconds=settings.header_seconds,
            stall_seconds=settings.stall_seconds,
            min_rate_bytes=settings.min_rate_bytes,
            slow_bodies=settings.slow_bodies,
        )
