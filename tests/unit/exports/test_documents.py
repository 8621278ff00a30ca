"""All documents there are."""

from collections.abc import Iterable

import pytest
from hypothesis import given

from builders.editions import (
    BASE,
    a_listed_item,
    a_pending_item,
    a_text,
    an_edition,
    hostile_items,
    items_of,
)
from filemanager.exports.document import ExportDocument, written
from filemanager.exports.documents import DOCUMENTS
from filemanager.exports.listing import Edition, ListedItem
from random_examples import examples

ITEMS = (a_listed_item("a b.tif"), a_pending_item("p.tif"), a_text("t.txt"))
BASED = {
    *("urls.txt", "aria2.txt", "curl.cfg", "pkg.meta4", "fetch.txt", "pointers/PENDING.txt"),
    *("datapackage.json", "ro-crate-metadata.json", "croissant.json", "stac/item.json"),
    *("registry.txt", "refs.json"),
}
UNBASED = {"SHA256SUMS", "MD5SUMS", "manifest-sha256.txt", "bag-info.txt", "bagit.txt"}


def made(document: ExportDocument, edition: Edition, items: Iterable[ListedItem] = ITEMS) -> bytes:
    return b"".join(written(document, edition, items_of(*items)))


def test_documents_have_the_names_that_are_promised() -> None:
    assert DOCUMENTS.keys() == BASED | UNBASED


@pytest.mark.parametrize("name", sorted(BASED))
def test_what_has_urls_names_the_base_that_it_was_asked_under(name: str) -> None:
    other = "https://files.example.org/k/0123/"

    under_share = made(DOCUMENTS[name], an_edition())
    under_capability = made(DOCUMENTS[name], an_edition(base=other))

    assert f"{BASE}f/p.tif".encode() in under_share or f"{BASE}f/a%20b.tif".encode() in under_share
    assert under_share.replace(BASE.encode(), other.encode()) == under_capability


@pytest.mark.parametrize("name", sorted(UNBASED))
def test_what_has_none_is_the_same_under_every_base(name: str) -> None:
    document = DOCUMENTS[name]

    assert made(document, an_edition()) == made(document, an_edition(base="https://h/k/1/"))


@examples(20)
@given(hostile_items)
def test_equal_values_make_equal_bytes(items: list[ListedItem]) -> None:
    for document in DOCUMENTS.values():
        assert made(document, an_edition(), items) == made(document, an_edition(), items)
