"""Lists of URLs for downloaders."""

import shlex
from urllib.parse import unquote

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
from filemanager.exports.document import ExportDocument, written
from filemanager.exports.listing import ListedItem
from filemanager.exports.lists.downloads import ARIA2, CURL, URLS


def text_of(document: ExportDocument, *items: ListedItem) -> str:
    return b"".join(written(document, an_edition(), items_of(*items))).decode()


def test_a_url_is_percent_encoded_by_segment() -> None:
    listed = text_of(URLS, a_listed_item("sub dir/b ü.tif"), a_listed_item("a#1?.tif"))

    assert listed == f"{BASE}f/a%231%3F.tif\n{BASE}f/sub%20dir/b%20%C3%BC.tif\n"


def test_aria2_is_told_name_and_digest() -> None:
    listed = text_of(ARIA2, a_listed_item("a b.tif", b"x"), a_pending_item("p.tif"))

    assert listed == (
        f"{BASE}f/a%20b.tif\n  out=a b.tif\n  checksum=sha-256={digest_of(b'x')}\n"
        f"{BASE}f/p.tif\n  out=p.tif\n"
    )


def test_what_aria2_would_name_otherwise_is_said_and_not_listed() -> None:
    listed = text_of(ARIA2, a_listed_item(" a"), a_listed_item("b "))

    assert listed == (
        f"# Not listed, aria2 takes no blanks around a name: {BASE}f/%20a\n"
        f"# Not listed, aria2 takes no blanks around a name: {BASE}f/b%20\n"
    )


def test_curl_is_told_names_in_its_quotes() -> None:
    listed = text_of(CURL, a_listed_item('a"b\\c'), a_listed_item("-"))

    assert listed.splitlines() == [
        *("location", "fail", "globoff", "create-dirs", "continue-at = -"),
        *(f'url = "{BASE}f/-"', 'output = "./-"'),
        *(f'url = "{BASE}f/a%22b%5Cc"', r'output = "./a\"b\\c"'),
    ]


@given(hostile_items)
def test_every_item_has_one_url_that_leads_to_it(items: list[ListedItem]) -> None:
    urls = text_of(URLS, *items).split("\n")[:-1]

    assert [unquote(url.removeprefix(f"{BASE}f/")) for url in urls] == sorted(
        (item.path for item in items), key=str.encode
    )
    assert all(url.isascii() and url.isprintable() and " " not in url for url in urls)


@given(hostile_items)
def test_no_name_ends_its_quotes(items: list[ListedItem]) -> None:
    lines = text_of(CURL, *items).split("\n")

    outputs = [shlex.split(line)[2] for line in lines if line.startswith("output = ")]
    assert outputs == sorted((f"./{item.path}" for item in items), key=str.encode)
