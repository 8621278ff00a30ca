"""Listings: their digests, and what directories hold."""

from dataclasses import replace

import pytest

from builders.rows import NOW
from filemanager.domain.ids import digest_of
from filemanager.domain.packages.data_package import BlobBehind, Item
from filemanager.domain.packages.listing import (
    DirectoryTotal,
    ListingDigest,
    directory_totals,
)
from filemanager.domain.packages.pointer import (
    ObjectPlace,
    Pointer,
    PointerId,
    PointerState,
    UrlPlace,
)
from filemanager.domain.sources.objects import PinnedObject
from filemanager.domain.sources.source import SourceId
from filemanager.domain.trees.tree import TreePath

BLOB = BlobBehind(digest=digest_of(b"x"), size_bytes=1, md5="0" * 32, is_text=True)
POINTER = Pointer(
    id=PointerId(1),
    place=ObjectPlace(source_id=SourceId(1), pinned=PinnedObject(key="k", version="v", etag="e")),
    size_bytes=1,
    sha256=digest_of(b"x"),
    md5="0" * 32,
    state=PointerState.EXACT,
    checked_at=NOW,
)


def an_item(behind: BlobBehind | Pointer, path: str = "a", media_type: str = "t/t") -> Item:
    return Item(path=TreePath(path), behind=behind, media_type=media_type, position=0)


def digest(*items: Item) -> str:
    listing = ListingDigest()
    for item in items:
        listing.add(item)
    return listing.digest


@pytest.mark.parametrize(
    "other",
    [
        an_item(POINTER, "b"),
        an_item(POINTER, media_type="x/x"),
        an_item(BLOB),
        an_item(replace(POINTER, size_bytes=2)),
        an_item(replace(POINTER, md5=None)),
        an_item(POINTER.without_digests),
        an_item(replace(POINTER, place=UrlPlace(url="https://x.test/k"))),
        an_item(replace(BLOB, is_text=False)),
    ],
)
def test_every_fact_makes_another_digest(other: Item) -> None:
    assert digest(other) != digest(an_item(POINTER))


def test_what_is_known_of_a_source_by_now_is_no_fact_of_a_version() -> None:
    looked_at = replace(POINTER, state=PointerState.CHANGED, checked_at=None, id=PointerId(2))

    assert digest(an_item(looked_at)) == digest(an_item(POINTER))


def test_directories_are_counted_as_their_last_item_goes_by() -> None:
    paths = ["a-b/x", "a/b-c", "a/b/c", "a/b/d/e", "a/f", "g", "h/i/j"]
    assert paths == sorted(paths, key=str.encode)

    found = list(directory_totals((path, 2) for path in paths))

    assert found == [
        DirectoryTotal("a-b", 1, 2),
        DirectoryTotal("a/b/d", 1, 2),
        DirectoryTotal("a/b", 2, 4),
        DirectoryTotal("a", 4, 8),
        DirectoryTotal("h/i", 1, 2),
        DirectoryTotal("h", 1, 2),
    ]
    assert list(directory_totals([])) == []
