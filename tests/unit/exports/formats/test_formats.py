"""Descriptions of a package in open formats."""

import json
from typing import Any

import pytest
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
from filemanager.domain.packages.data_package import Description
from filemanager.exports.document import ExportDocument, written
from filemanager.exports.formats.croissant import CROISSANT
from filemanager.exports.formats.frictionless import DATA_PACKAGE
from filemanager.exports.formats.ro_crate import RO_CRATE
from filemanager.exports.formats.stac import STAC_ITEM
from filemanager.exports.listing import Edition, ListedItem

FORMATS = (DATA_PACKAGE, RO_CRATE, CROISSANT, STAC_ITEM)
URL = f"{BASE}f/a%20b.tif"
ITEM = a_listed_item("a b.tif", b"x", media_type="image/tiff")
DESCRIBED = Description(
    name="My Iris",
    description="Leaves.",
    license="CC0-1.0",
    creators=("Ann", "Bob"),
    doi="10.1234/iris",
    keywords=("leaf",),
)


def parsed(document: ExportDocument, *items: ListedItem, edition: Edition | None = None) -> Any:
    return json.loads(b"".join(written(document, edition or an_edition(), items_of(*items))))


def test_frictionless_knows_url_digest_and_what_the_source_says() -> None:
    package = parsed(DATA_PACKAGE, ITEM, edition=an_edition(described=DESCRIBED))

    assert package["resources"] == [
        {
            "name": "f0",
            "title": "a b.tif",
            "path": URL,
            "type": "file",
            "mediatype": "image/tiff",
            "bytes": 1,
            "hash": f"sha256:{digest_of(b'x')}",
            "md5": "9dd4e461268c8034f5c8564e155c67a6",
            "etag": "0123-2",
        }
    ]
    assert package["name"] == "my-iris-v2"
    assert package["contributors"] == [
        {"title": "Ann", "role": "author"},
        {"title": "Bob", "role": "author"},
    ]


def test_frictionless_marks_what_is_pending() -> None:
    (resource,) = parsed(DATA_PACKAGE, a_pending_item("p"))["resources"]

    assert resource["status"] == "pending"
    assert "hash" not in resource


def test_a_crate_has_its_files_as_parts() -> None:
    graph = parsed(RO_CRATE, ITEM, edition=an_edition(described=DESCRIBED))["@graph"]

    entities = {entity["@id"]: entity for entity in graph}
    assert entities["./"]["hasPart"] == [{"@id": URL}]
    assert entities["./"]["author"] == [{"@id": "#creator-0"}, {"@id": "#creator-1"}]
    assert entities["#creator-1"]["name"] == "Bob"
    assert entities[URL]["sha256"] == digest_of(b"x")
    assert entities[URL]["localPath"] == "a b.tif"


def test_a_crate_marks_what_is_pending() -> None:
    file = parsed(RO_CRATE, a_pending_item("p"))["@graph"][-1]

    assert file["creativeWorkStatus"] == "pending"
    assert "sha256" not in file


def test_croissant_numbers_its_files() -> None:
    croissant = parsed(CROISSANT, ITEM, a_listed_item("b"))

    assert [file["@id"] for file in croissant["distribution"]] == ["f0", "f1"]
    assert croissant["distribution"][0]["contentUrl"] == URL
    assert croissant["version"] == "2.0.0"


def test_croissant_tells_of_what_is_pending_beside_its_files() -> None:
    croissant = parsed(CROISSANT, a_pending_item("p"))

    assert croissant["distribution"] == []
    assert [part["name"] for part in croissant["hasPart"]] == ["p"]


def test_stac_has_digests_as_multihashes() -> None:
    assets = parsed(STAC_ITEM, ITEM, a_pending_item("p"))["assets"]

    assert assets["a b.tif"]["file:checksum"] == f"1220{digest_of(b'x')}"
    assert assets["a b.tif"]["href"] == URL
    assert assets["p"]["status"] == "pending"


def test_stac_leaves_out_a_licence_that_its_schema_refuses() -> None:
    edition = an_edition(described=Description(name="x", license="do what you like"))

    assert "license" not in parsed(STAC_ITEM, edition=edition)["properties"]


@pytest.mark.parametrize("document", FORMATS, ids=lambda document: document.name)
def test_no_format_tells_who_made_an_anonymous_package(document: ExportDocument) -> None:
    edition = an_edition(described=DESCRIBED, is_anonymous=True)

    made = b"".join(written(document, edition, items_of(ITEM)))

    assert b"Ann" not in made
    assert b"uthor" not in made


@pytest.mark.parametrize("document", FORMATS, ids=lambda document: document.name)
def test_nothing_is_invented_about_what_nobody_said(document: ExportDocument) -> None:
    edition = an_edition(described=Description(name="x"), number=None)

    made = b"".join(written(document, edition, items_of()))

    assert b'""' not in made
    assert not {b'"license"', b'"keywords"', b'"version"'} & set(made.split(b":"))


@given(hostile_items)
def test_every_item_is_in_every_format(items: list[ListedItem]) -> None:
    paths = sorted((item.path for item in items), key=str.encode)

    croissant = parsed(CROISSANT, *items)
    found = {
        "frictionless": [one["title"] for one in parsed(DATA_PACKAGE, *items)["resources"]],
        "crate": [one["name"] for one in parsed(RO_CRATE, *items)["@graph"][2:]],
        "stac": list(parsed(STAC_ITEM, *items)["assets"]),
    }

    assert found == dict.fromkeys(found, paths)
    parts = [one["name"] for one in croissant["distribution"] + croissant["hasPart"]]
    assert sorted(parts, key=str.encode) == paths
