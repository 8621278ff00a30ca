"""Names inside a bag."""

import heapq
from collections.abc import Iterable, Iterator

from filemanager.exports.listing import ListedItem

PAYLOAD = "data/"
POINTERS = "pointers/"
PENDING_NAME = f"{POINTERS}PENDING.txt"

_SUFFIX = ".pointer"
_ENCODED = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})


def pointer_name(path: str) -> str:
    return f"{POINTERS}{path}{_SUFFIX}"


def in_lists(name: str) -> str:
    """As manifests and fetch.txt write it (RFC 8493, 2.1.3)."""
    return name.translate(_ENCODED)


def by_pointer_name(items: Iterable[ListedItem]) -> Iterator[ListedItem]:
    """Items that come by path, in the order of their pointers' names: ``a b.pointer`` stands
    before ``a.pointer``.

    What is held back is above the item that came last, so it is no more than a path has letters.
    """
    held: list[tuple[bytes, ListedItem]] = []
    for item in items:
        path = item.path.encode()
        # No name to come is below the path that came.
        while held and held[0][0] < path:
            yield heapq.heappop(held)[1]
        heapq.heappush(held, (path + _SUFFIX.encode(), item))
    while held:
        yield heapq.heappop(held)[1]
