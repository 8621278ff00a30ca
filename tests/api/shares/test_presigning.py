"""Addresses of many items at once."""

import pytest

from api.shares.conftest import Sharer
from filemanager.domain.ids import digest_of
from filemanager.domain.sources.errors import SourceUnavailable
from filemanager.services.packages.pointing import UrlWish
from people.guests import ShareGuest
from worlds.packages import HOST


@pytest.fixture
def guest(sharer: Sharer) -> ShareGuest:
    return sharer.share()


def test_each_path_has_an_address_or_a_reason(guest: ShareGuest) -> None:
    paths = ["sub dir/b \u00fc.tif", "README.md", "nothing"]

    answer = guest.post("presign", json={"paths": paths})

    told = answer.get_json()
    signed, ours = told["urls"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert signed["url"].startswith("https://objects.test/lab/scans/b%20%C3%BC.tif?versionId=")
    assert signed["expires"] is not None
    assert ours["url"].endswith("/f/README.md")
    assert guest.get(ours["url"].partition("/s/iris/")[2] or "f/README.md").status_code == 200
    (refused,) = told["refused"]
    assert (refused["path"], refused["code"]) == ("nothing", "item_not_found")


def test_a_thousand_paths_and_no_more(guest: ShareGuest) -> None:
    paths = [f"{number}" for number in range(1001)]

    assert guest.post("presign", json={"paths": paths[:1000]}).status_code == 200
    assert guest.post("presign", json={"paths": paths}).status_code == 422


def test_what_the_package_does_not_list_is_never_signed(sharer: Sharer, guest: ShareGuest) -> None:
    sharer.study.object("secret.bin", b"not of the package")

    for path in ("secret.bin", "../secret.bin", "scans/secret.bin", "/big.bin", "big.bin\0"):
        answer = guest.post("presign", json={"paths": [path]})
        assert answer.status_code == 422 or answer.get_json()["urls"] == [], path
        assert guest.get(f"f/{path}").status_code == 404


def test_a_url_is_where_it_says(sharer: Sharer) -> None:
    study = sharer.study
    wish = UrlWish(url=f"https://{HOST}/a%20b.bin", size_bytes=9, sha256=digest_of(b"far away!"))
    study.point(sharer.package_id, "far.bin", wish)
    study.frozen(sharer.package_id)
    guest = sharer.share(version=2)

    fetched, looked = guest.get("f/far.bin"), guest.head("f/far.bin")
    (signed,) = guest.post("presign", json={"paths": ["far.bin"]}).get_json()["urls"]

    assert (fetched.status_code, fetched.headers["Location"]) == (302, wish.url)
    assert (looked.status_code, looked.headers["Content-Length"]) == (200, "9")
    assert (signed["url"], signed["expires"]) == (wish.url, None)


def test_a_source_that_is_away_is_told_as_that(sharer: Sharer, guest: ShareGuest) -> None:
    sharer.study.bucket.fault = SourceUnavailable("lab")

    away = guest.get("f/big.bin")
    text = guest.get("f/README.md")
    sharer.study.bucket.fault = None

    assert (away.status_code, away.get_json()["code"]) == (503, "source_unavailable")
    assert int(away.headers["Retry-After"]) > 0
    assert text.status_code == 200
    assert guest.get("f/big.bin").status_code == 302


def test_a_source_is_looked_at_once_a_minute(sharer: Sharer, guest: ShareGuest) -> None:
    for _ in range(5):
        guest.get("f/big.bin")
        guest.head("f/big.bin")

    assert sharer.study.bucket.asked.count("ensure_there scans/big.bin") == 1


def test_what_has_no_version_is_looked_at(sharer: Sharer) -> None:
    study = sharer.study
    study.bucket.is_versioned = False
    study.object("plain.bin", b"before")
    study.point(sharer.package_id, "plain.bin")
    study.work()
    study.frozen(sharer.package_id)
    guest = sharer.share(version=2)
    study.object("plain.bin", b"after")

    (refused,) = guest.post("presign", json={"paths": ["plain.bin"]}).get_json()["refused"]
    fetched = guest.get("f/plain.bin")

    assert refused["code"] == "source_object_changed"
    assert (fetched.status_code, fetched.get_json()["code"]) == (409, "source_object_changed")
