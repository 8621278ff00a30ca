"""Editions of data packages and their items, as exports get them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from filemanager.domain.ids import Digest, digest_of
from filemanager.domain.packages.data_package import DataPackageId, Description
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import TreePath
from filemanager.exports.listing import Edition, Items, ListedItem

BASE = "https://files.example.org/s/iris/"
FROZEN_AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def an_edition(**changed: Any) -> Edition:
    made = Edition(
        package_id=DataPackageId("0" * 32),
        described=Description(name="Iris", description="Leaves of iris.", license="CC0-1.0"),
        number=2,
        items=0,
        size_bytes=0,
        digest=Digest("e" * 64),
        is_anonymous=False,
        frozen_at=FROZEN_AT,
        base=BASE,
    )
    return replace(made, **changed)


def a_listed_item(path: str, content: bytes = b"some bytes", **changed: Any) -> ListedItem:
    """A pointer; ``is_text`` and ``is_ours`` make it something else."""
    made = ListedItem(
        path=path,
        size_bytes=len(content),
        sha256=digest_of(content),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        media_type="application/octet-stream",
        etag="0123-2",
        is_text=False,
        is_ours=False,
    )
    return replace(made, **changed)


def a_text(path: str, content: bytes = b"a text\n", **changed: Any) -> ListedItem:
    ours = {"is_text": True, "is_ours": True, "media_type": "text/plain", "etag": None}
    return a_listed_item(path, content, **{**ours, **changed})


def a_pending_item(path: str, **changed: Any) -> ListedItem:
    return a_listed_item(path, **{"sha256": None, "md5": None, **changed})


def items_of(*listed: ListedItem) -> Items:
    """In the order that every listing has."""
    ordered = sorted(listed, key=lambda item: item.path.encode())
    return lambda: iter(ordered)


def no_items() -> Iterator[ListedItem]:
    return iter(())


def contents_of(files: Mapping[str, bytes]) -> Items:
    return items_of(*(a_listed_item(path, content) for path, content in files.items()))


def _is_path(text: str) -> bool:
    try:
        return TreePath.parse(text) == text
    except PathRefused:
        return False


_NAMES = st.text(
    st.one_of(
        st.sampled_from(" \"'\\#%&<>-=$`;*?[]{}~.|!:,@\u00a0\u2028\ufeff\ufffe\uffffäöü界"),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    min_size=1,
    max_size=8,
).filter(lambda name: "/" not in name)

hostile_paths = st.lists(_NAMES, min_size=1, max_size=3).map("/".join).filter(_is_path)
"""Whatever a tree can hold."""

hostile_items = st.lists(
    st.builds(
        a_listed_item,
        hostile_paths,
        st.binary(max_size=3),
        is_ours=st.booleans(),
        media_type=st.sampled_from(["application/octet-stream", "image/tiff"]),
    )
    | st.builds(a_pending_item, hostile_paths)
    | st.builds(a_text, hostile_paths, st.binary(max_size=3)),
    max_size=6,
    unique_by=lambda item: item.path,
)
