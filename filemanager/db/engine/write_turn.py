"""Whose turn it is to write an SQLite database."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filemanager.domain.errors import DatabaseUnavailable


@contextmanager
def write_turn(lock_file: Path) -> Iterator[None]:
    """Hold off every other writer, thread or process, that takes turns at the same file.

    SQLite's own busy handler sleeps and tries again, so that some writers starve; ``flock`` queues.
    The descriptor is new each time: threads that shared one would not exclude each other. It is
    unlocked before it is closed, since a child forked meanwhile holds a copy of it.
    """
    try:
        descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DatabaseUnavailable from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)
