"""A package as a directory of DVC: a JSON list that is named by its MD5."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from filemanager.domain.blobs.chunks import joined
from filemanager.exports.listing import Items, ListedItem


@dataclass(frozen=True, slots=True)
class DvcDirectory:
    """``size_bytes`` are those of the files."""

    md5: str
    listing_bytes: int
    size_bytes: int
    files: int


def directory_of(items: Items) -> DvcDirectory:
    md5 = hashlib.md5(usedforsecurity=False)
    listing_bytes = size_bytes = files = 0
    for item in _listed(items()):
        size_bytes += item.size_bytes
        files += 1
    for chunk in directory_listing(items):
        md5.update(chunk)
        listing_bytes += len(chunk)
    return DvcDirectory(md5.hexdigest(), listing_bytes, size_bytes, files)


def directory_listing(items: Items) -> Iterator[bytes]:
    """``files/md5/<2>/<30>.dir``; the bytes are those that DVC would write itself."""
    return joined(_listing(_listed(items())))


def _listed(items: Iterable[ListedItem]) -> Iterator[ListedItem]:
    return (item for item in items if item.md5)


def _listing(items: Iterable[ListedItem]) -> Iterator[bytes]:
    before = "["
    for item in items:
        yield (before + json.dumps({"md5": item.md5, "relpath": item.path})).encode()
        before = ", "
    yield b"[]" if before == "[" else b"]"
