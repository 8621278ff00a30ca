"""The listing of an edition: what its digest names, and what its directories hold."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from filemanager.domain.ids import Digest
from filemanager.domain.packages.data_package import BlobBehind, Item
from filemanager.domain.packages.pointer import ObjectPlace, Pointer

_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class DirectoryTotal:
    """What lies in a directory at any depth; ``path`` has no closing slash."""

    path: str
    items: int
    size_bytes: int


class ListingDigest:
    """SHA-256 over a line of JSON for each item, by path: equal for what is equal in every fact."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, item: Item) -> None:
        facts = [
            str(item.path),
            item.size_bytes,
            item.sha256,
            item.md5,
            item.media_type,
            *_place_of(item.behind),
        ]
        self._hash.update(f"{_ENCODER.encode(facts)}\n".encode("ascii"))

    @property
    def digest(self) -> Digest:
        return Digest(self._hash.hexdigest())


def _place_of(behind: BlobBehind | Pointer) -> list[str | int | None]:
    if isinstance(behind, BlobBehind):
        return ["text" if behind.is_text else "file"]
    place = behind.place
    if isinstance(place, ObjectPlace):
        pinned = place.pinned
        return ["object", int(place.source_id), pinned.key, pinned.version, pinned.etag]
    return ["url", place.url]


def directory_totals(items: Iterable[tuple[str, int]]) -> Iterator[DirectoryTotal]:
    """The directories of paths with their sizes, which come in the byte order of UTF-8.

    What lies below a directory comes in one piece, so that no more than one path is held.
    """
    open_names: list[str] = []
    counts: list[list[int]] = []
    for path, size_bytes in items:
        names = path.split("/")[:-1]
        shared = _shared(open_names, names)
        yield from _closed(open_names, counts, shared)
        for name in names[shared:]:
            open_names.append(name)
            counts.append([0, 0])
        for count in counts:
            count[0] += 1
            count[1] += size_bytes
    yield from _closed(open_names, counts, 0)


def _shared(one: list[str], other: list[str]) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _closed(names: list[str], counts: list[list[int]], depth: int) -> Iterator[DirectoryTotal]:
    """Give out, innermost first, and forget what is deeper than *depth*."""
    while len(names) > depth:
        items, size_bytes = counts.pop()
        yield DirectoryTotal("/".join(names), items, size_bytes)
        names.pop()
