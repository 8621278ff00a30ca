"""A package as a directory of DVC."""

import hashlib
import json

from hypothesis import given

from builders.editions import (
    a_listed_item,
    a_pending_item,
    a_text,
    hostile_items,
    items_of,
    no_items,
)
from filemanager.exports.git.dvc.directory import DvcDirectory, directory_listing, directory_of
from filemanager.exports.listing import ListedItem


def test_files_are_listed_with_their_digests() -> None:
    items = items_of(a_listed_item("b ü", b"x"), a_text("a", b"yz"), a_pending_item("c"))

    assert b"".join(directory_listing(items)) == (
        b'[{"md5": "2151a2bc77807b81113febbf50c4bc95", "relpath": "a"}, '
        b'{"md5": "9dd4e461268c8034f5c8564e155c67a6", "relpath": "b \\u00fc"}]'
    )


@given(hostile_items)
def test_the_listing_is_the_one_that_dvc_writes(items: list[ListedItem]) -> None:
    """See "as_bytes" of its trees: what is listed is ordered by path, and written by ``json``."""
    known = [item for item in items if item.md5]
    rows = [{"relpath": item.path, "md5": item.md5} for item in known]
    rows.sort(key=lambda row: str(row["relpath"]))
    listing = json.dumps(rows, sort_keys=True).encode()

    assert b"".join(directory_listing(items_of(*items))) == listing
    assert directory_of(items_of(*items)) == DvcDirectory(
        md5=hashlib.md5(listing, usedforsecurity=False).hexdigest(),
        listing_bytes=len(listing),
        size_bytes=sum(item.size_bytes for item in known),
        files=len(known),
    )


def test_a_package_of_nothing_is_an_empty_list() -> None:
    assert b"".join(directory_listing(no_items)) == b"[]"
