"""The tag files of a bag that follow from the items alone."""

import pytest

from builders.editions import (
    BASE,
    a_listed_item,
    a_pending_item,
    a_text,
    an_edition,
    items_of,
)
from filemanager.domain.ids import digest_of
from filemanager.domain.packages.data_package import Description
from filemanager.exports.bag.tags import FETCH, MANIFEST, PENDING, TAG_FILES, is_embedded
from filemanager.exports.document import ExportDocument, written
from filemanager.exports.listing import Edition, ListedItem

(INFO,) = (tag for tag in TAG_FILES if tag.name == "bag-info.txt")


def text_of(document: ExportDocument, *items: ListedItem, edition: Edition | None = None) -> str:
    return b"".join(written(document, edition or an_edition(), items_of(*items))).decode()


@pytest.mark.parametrize(
    ("item", "embedded"),
    [
        (a_text("a"), True),
        (a_text("a", size_bytes=4 << 20), True),
        (a_listed_item("a", is_ours=True, size_bytes=1 << 20), True),
        (a_listed_item("a", is_ours=True, size_bytes=(1 << 20) + 1), False),
        (a_listed_item("a"), False),
    ],
)
def test_texts_and_small_files_of_ours_are_embedded(item: ListedItem, embedded: bool) -> None:
    assert is_embedded(item) is embedded


def test_what_is_not_embedded_is_fetched() -> None:
    items = (a_text("a.txt"), a_listed_item("b ü%.tif", b"xy"), a_pending_item("c"))

    assert text_of(FETCH, *items) == f"{BASE}f/b%20%C3%BC%25.tif 2 data/b ü%25.tif\n"


def test_the_manifest_has_all_that_have_digests() -> None:
    items = (a_text("a.txt", b"x"), a_listed_item("b%", b"y"), a_pending_item("c"))

    assert text_of(MANIFEST, *items) == (
        f"{digest_of(b'x')}  data/a.txt\n{digest_of(b'y')}  data/b%25\n"
    )


def test_what_is_pending_is_told_alone() -> None:
    lines = text_of(PENDING, a_text("a.txt"), a_pending_item("c")).splitlines()

    assert lines[1:] == [f"{BASE}f/c 10 data/c"]


def test_the_bag_tells_how_much_it_will_hold() -> None:
    items = (a_text("a.txt", b"x"), a_listed_item("b", b"yz"), a_pending_item("c"))

    info = text_of(INFO, *items).splitlines()

    assert "Payload-Oxum: 3.2" in info
    assert "Bagging-Date: 2026-03-04" in info


def test_no_description_adds_a_line_to_the_bag() -> None:
    described = Description(name="n", description="a\r\nPayload-Oxum: 0.0\x85x", doi="\n")

    info = text_of(INFO, edition=an_edition(described=described)).splitlines()

    assert "External-Description: a Payload-Oxum: 0.0 x" in info
    assert "External-Identifier: n-v2" in info
    assert len(info) == 5
