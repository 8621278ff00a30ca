"""What a guest of a share fetches."""

import hashlib
from urllib.parse import quote, unquote

import pytest

from api.shares.conftest import SCAN, Sharer
from filemanager.api.http.paging import cursor_of
from people.guests import ShareGuest

PICTURE = quote("sub dir/b \u00fc.tif")


@pytest.fixture
def guest(sharer: Sharer) -> ShareGuest:
    return sharer.share()


def test_a_text_is_sent_by_us(guest: ShareGuest) -> None:
    answer = guest.get("f/notes/first%20note.txt")

    assert (answer.status_code, answer.data) == (200, b"one two three")
    assert answer.headers["ETag"] == f'"{hashlib.sha256(b"one two three").hexdigest()}"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_a_range_of_a_text(guest: ShareGuest) -> None:
    answer = guest.get("f/notes/first%20note.txt", headers={"Range": "bytes=4-6"})

    assert (answer.status_code, answer.data) == (206, b"two")
    assert answer.headers["Content-Range"] == "bytes 4-6/13"


def test_an_object_is_fetched_from_its_source_at_its_version(guest: ShareGuest) -> None:
    answer = guest.get(f"f/{PICTURE}")

    place = answer.headers["Location"]
    assert answer.status_code == 302
    assert unquote(place).startswith("https://objects.test/lab/scans/b \u00fc.tif?versionId=v")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_head_of_an_object_is_answered_by_us(guest: ShareGuest) -> None:
    answer = guest.head(f"f/{PICTURE}")

    etag = hashlib.md5(SCAN, usedforsecurity=False).hexdigest()
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(SCAN))
    assert answer.headers["ETag"] == f'"{etag}"'
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_an_object_of_a_directory_is_sent_by_us(sharer: Sharer, guest: ShareGuest) -> None:
    sharer.study.bucket.signs = False

    answer = guest.get(f"f/{PICTURE}", headers={"Range": "bytes=790-"})

    assert (answer.status_code, answer.data) == (206, SCAN[790:])


@pytest.mark.parametrize(
    "path", ["f/nothing", "f/%00", "f/notes", "f//README.md", "f/../x", "nope"]
)
def test_what_is_not_there(guest: ShareGuest, path: str) -> None:
    assert guest.get(path).status_code == 404


def test_an_object_that_changed_and_one_that_is_gone(sharer: Sharer, guest: ShareGuest) -> None:
    study = sharer.study
    study.bucket.destroy("scans/big.bin")

    gone = guest.get("f/big.bin")

    assert (gone.status_code, gone.get_json()["code"]) == (410, "source_object_gone")


def test_urls_are_below_the_share(guest: ShareGuest) -> None:
    answer = guest.get("urls.txt")

    assert answer.status_code == 200
    assert answer.text.splitlines() == [
        "http://fooserver.localdomain/s/iris/f/README.md",
        "http://fooserver.localdomain/s/iris/f/big.bin",
        "http://fooserver.localdomain/s/iris/f/notes/first%20note.txt",
        "http://fooserver.localdomain/s/iris/f/sub%20dir/b%20%C3%BC.tif",
    ]


def test_sums_are_those_of_the_items(guest: ShareGuest) -> None:
    lines = guest.get("SHA256SUMS").text.splitlines()

    assert f"{hashlib.sha256(SCAN).hexdigest()}  sub dir/b \u00fc.tif" in lines
    assert len(lines) == 4


def test_a_list_that_is_known_is_not_sent_again(guest: ShareGuest) -> None:
    tag = guest.get("aria2.txt").headers["ETag"]

    assert guest.get("aria2.txt", headers={"If-None-Match": tag}).status_code == 304
    assert guest.get("curl.cfg", headers={"If-None-Match": tag}).status_code == 200


def test_the_listing_as_json(guest: ShareGuest) -> None:
    answer = guest.get(headers={"Accept": "application/json"})

    told = answer.get_json()
    assert (told["name"], told["version"], told["items"]) == ("Iris study", 1, 4)
    assert [one["path"] for one in told["folders"]] == ["notes", "sub dir"]
    assert [(one["path"], one["url"]) for one in told["entries"]] == [
        ("README.md", "f/README.md"),
        ("big.bin", "f/big.bin"),
    ]


def test_a_directory_as_json(guest: ShareGuest) -> None:
    answer = guest.get("?directory=sub%20dir", headers={"Accept": "application/json"})

    (only,) = answer.get_json()["entries"]
    assert (only["path"], only["bytes"]) == ("sub dir/b \u00fc.tif", len(SCAN))
    assert only["sha256"] == hashlib.sha256(SCAN).hexdigest()


@pytest.mark.parametrize("mark", ["0\0", "1\0", "0\ud800", 7, None])
def test_a_cursor_that_no_page_gave_out_is_malformed(guest: ShareGuest, mark: object) -> None:
    answer = guest.get(f"?cursor={cursor_of(mark)}", headers={"Accept": "application/json"})

    assert answer.status_code == 422


def test_a_pointer_is_three_lines(guest: ShareGuest) -> None:
    answer = guest.get("p/big.bin.pointer")

    digest = hashlib.sha256(b"x" * 5000).hexdigest()
    assert answer.text == (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 5000\n"
    )
