"""How much of the database a process takes, and how much of it a caller."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """At most *pool_size* connections read and as many write; an owner may write
    *log_lines_per_day*, None: as many as they like. A change waits *write_wait_seconds* for others
    in all its tries, and at most *writers* are on their way at once, None: as many as come.
    """

    pool_size: int = 8
    log_lines_per_day: int | None = None
    write_wait_seconds: float = 10
    writers: int | None = None
