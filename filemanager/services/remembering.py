"""What a read found is kept for the next one."""

from collections.abc import Callable
from contextlib import suppress

from filemanager.domain.errors import Unavailable
from filemanager.domain.ports import Database, Transaction


def remember(database: Database, work: Callable[[Transaction], object]) -> None:
    """Write where that can be done: on a full disk, or beside a writer, reads do without."""
    with suppress(Unavailable):
        database.write(work)
