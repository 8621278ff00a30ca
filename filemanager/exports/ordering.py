"""Items in the byte order of names that are made of their paths."""

import heapq
from collections.abc import Iterable, Iterator

from filemanager.exports.listing import ListedItem


def with_suffix(items: Iterable[ListedItem], suffix: str) -> Iterator[ListedItem]:
    """Items that come by path, in the order of path and *suffix*: ``a b.txt`` stands before
    ``a.txt``.

    What is held back is above the item that came last, so it is no more than a path has letters.
    """
    held: list[tuple[bytes, ListedItem]] = []
    for item in items:
        path = item.path.encode()
        # No name to come is below the path that came.
        while held and held[0][0] < path:
            yield heapq.heappop(held)[1]
        heapq.heappush(held, (path + suffix.encode(), item))
    while held:
        yield heapq.heappop(held)[1]
