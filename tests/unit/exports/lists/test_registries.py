"""Registries of pooch, references of fsspec."""

import json
import shlex

from hypothesis import given

from builders.editions import (
    BASE,
    a_listed_item,
    a_pending_item,
    an_edition,
    hostile_items,
    items_of,
)
from filemanager.domain.ids import digest_of
from filemanager.exports.document import written
from filemanager.exports.listing import ListedItem
from filemanager.exports.lists.registries import REFERENCES, REGISTRY


def test_a_line_has_name_digest_and_url() -> None:
    listed = b"".join(written(REGISTRY, an_edition(), items_of(a_listed_item("a/ü.tif", b"x"))))

    assert listed.decode() == f"a/ü.tif sha256:{digest_of(b'x')} {BASE}f/a/%C3%BC.tif\n"


def test_what_cannot_be_listed_is_said() -> None:
    items = items_of(a_listed_item("a b", b"x"), a_pending_item("p q"))

    assert b"".join(written(REGISTRY, an_edition(), items)).decode() == (
        "# Not listed, the name has blanks, quotes or the like:"
        f" a%20b sha256:{digest_of(b'x')} {BASE}f/a%20b\n"
        f"# pending, without a SHA-256: p%20q {BASE}f/p%20q\n"
    )


@given(hostile_items)
def test_a_shell_would_find_three_words_in_each_line(items: list[ListedItem]) -> None:
    text = b"".join(written(REGISTRY, an_edition(), items_of(*items))).decode()

    lines = [line for line in text.split("\n")[:-1] if not line.strip().startswith("#")]
    assert text.count("\n") == len(items)
    assert all(shlex.split(line.strip()) == line.split() for line in lines)
    assert {line.split()[0] for line in lines} <= {item.path for item in items}


@given(hostile_items)
def test_every_name_is_a_reference(items: list[ListedItem]) -> None:
    edition = an_edition()

    references = json.loads(b"".join(written(REFERENCES, edition, items_of(*items))))

    refs = {item.path: [edition.url_of(item.path)] for item in items}
    assert references == {"version": 1, "refs": refs}
