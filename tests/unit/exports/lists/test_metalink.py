"""Metalink 4."""

from xml.etree import ElementTree as ET

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
from filemanager.exports.lists.metalink import METALINK

METALINK_NAMES = {"": "urn:ietf:params:xml:ns:metalink"}


def parsed(*items: ListedItem) -> ET.Element:
    return ET.fromstring(b"".join(written(METALINK, an_edition(), items_of(*items))))


def test_a_file_has_name_size_digest_and_url() -> None:
    (file,) = parsed(a_listed_item('a "<&>.tif', b"x"))

    assert file.get("name") == 'a "<&>.tif'
    assert file.findtext("size", namespaces=METALINK_NAMES) == "1"
    assert file.findtext("hash[@type='sha-256']", namespaces=METALINK_NAMES) == digest_of(b"x")
    assert file.findtext("url", namespaces=METALINK_NAMES) == f"{BASE}f/a%20%22%3C%26%3E.tif"


def test_what_is_pending_has_no_digest() -> None:
    (file,) = parsed(a_pending_item("p"))

    assert file.find("hash", METALINK_NAMES) is None


def test_a_name_that_no_xml_holds_is_in_a_comment() -> None:
    document = b"".join(written(METALINK, an_edition(), items_of(a_listed_item("--\uffff-"))))

    assert b"<!-- Not listed, XML cannot hold the name: %2D%2D%EF%BF%BF%2D -->" in document
    assert len(ET.fromstring(document)) == 0


@given(hostile_items)
def test_every_name_that_xml_holds_is_read_back(items: list[ListedItem]) -> None:
    names = [file.get("name") for file in parsed(*items)]

    fit = [item.path for item in items if not {"\ufffe", "\uffff"} & set(item.path)]
    assert names == sorted(fit, key=str.encode)
