"""Long work in short transactions: a page at a time, until there is nothing left."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from filemanager.domain.ports import Database, Transaction

Item = TypeVar("Item")


def pages(
    database: Database, page: Callable[[Transaction, Item | None], Sequence[Item]]
) -> Iterator[Sequence[Item]]:
    """Read pages until an empty one; *page* is given the last item of the one before."""
    last: Item | None = None
    while True:
        with database.read() as tx:
            found = page(tx, last)
        if not found:
            return
        yield found
        last = found[-1]


def until_nothing(database: Database, work: Callable[[Transaction], int]) -> int:
    """Do *work* in one transaction after another, until one does nothing; returns how much."""
    total = 0
    while done := database.write(work):
        total += done
    return total
