"""The defects of package-r, by the numbers of the list that we were given: none of them is ours.

Shown elsewhere too, by real parts: 2 and 16 by ``e2e/packages/test_clients.py``, 7 by
``e2e/packages/test_what_changes.py`` and ``api/sources/test_buckets.py``, 10 by
``e2e/test_prefix.py``, 14 by ``e2e/packages/test_secrets.py``, 18 by
``unit/storage/sources/test_directory.py`` and ``services/packages/test_importing.py``.
"""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from api.shares.conftest import SCAN, Sharer
from builders.papers import a_token
from filemanager.domain.ids import digest_of
from filemanager.domain.ports import Transaction
from filemanager.services.packages.pointing import ObjectWish
from people.guests import ShareGuest
from worlds.packages import CURATOR, SOURCE
from worlds.questions import questions

LISTS = ("urls.txt", "SHA256SUMS", "datapackage.json", "package.zip", "f/", "")
PATHS = ("README.md", "big.bin", "notes/first note.txt", "sub dir/b \u00fc.tif")


@pytest.fixture
def guest(sharer: Sharer) -> ShareGuest:
    return sharer.share()


def bagged(guest: ShareGuest) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(guest.get("package.zip").data))


def expire(sharer: Sharer, slug: str) -> None:
    def work(tx: Transaction) -> None:
        share = tx.shares.find(slug)
        assert share is not None
        tx.shares.save(replace(share, expires_at=datetime.now(UTC) - timedelta(days=1)))

    sharer.study.world.database.write(work)


def test_01_a_pointer_is_facts_that_stay_and_opens_nothing(sharer: Sharer) -> None:
    guests = sharer.share(), sharer.share(slug="other")

    (pointer,) = {one.get("p/big.bin.pointer").text for one in guests}

    assert f"oid sha256:{digest_of(b'x' * 5000)}\nsize 5000\n" in pointer
    assert "://objects" not in pointer
    assert "X-Amz" not in pointer


def test_02_a_long_address_is_whole(sharer: Sharer) -> None:
    key = "/".join(["\u00fc" * 60] * 8)
    sharer.study.object(key)
    sharer.study.point(sharer.package_id, "long.bin", ObjectWish(source=SOURCE, key=key))
    sharer.study.work()
    sharer.study.frozen(sharer.package_id)

    place = sharer.share(version=2).get("f/long.bin").headers["Location"]

    assert len(place) > 1281
    assert quote(key) in place
    assert parse_qs(urlsplit(place).query)["X-Amz-Signature"] == ["of-GET"]


def test_03_an_archive_holds_what_it_declares(guest: ShareGuest) -> None:
    archive = bagged(guest)

    assert archive.testzip() is None
    assert {one.filename: one.file_size for one in archive.infolist()} == {
        name: len(archive.read(name)) for name in archive.namelist()
    }


def test_04_addresses_come_in_bulk_and_an_archive_holds_none_of_what_lies_elsewhere(
    guest: ShareGuest,
) -> None:
    signed = guest.post("presign", json={"paths": list(PATHS)}).get_json()["urls"]

    assert [one["path"] for one in signed] == list(PATHS)
    names = {name.partition("/data/")[2] for name in bagged(guest).namelist()} - {""}
    assert names == {"README.md", "notes/first note.txt"}


def test_05_a_share_opens_nothing_beside_its_package(sharer: Sharer, guest: ShareGuest) -> None:
    other = sharer.study.create("other").id
    sharer.study.text(other, "secret.txt")
    sharer.study.object("secret.bin")

    for path in ("secret.txt", "secret.bin", "..", "../secret.txt", f"../{other}/secret.txt"):
        assert guest.get(f"f/{quote(path, safe='')}").status_code == 404
        assert guest.get(f"?directory={quote(path, safe='')}").status_code == 404


def test_06_shares_that_have_ended_are_listed_and_stay(sharer: Sharer) -> None:
    for slug in ("one", "two", "three"):
        sharer.share(slug=slug)
    for slug in ("two", "three"):
        expire(sharer, slug)

    listed = [sharer.call("GET").get_json()["shares"] for _ in range(2)]

    assert [[one["slug"] for one in shares] for shares in listed] == [["one", "two", "three"]] * 2


def test_07_a_version_is_of_its_object_and_no_other(sharer: Sharer, guest: ShareGuest) -> None:
    """What came later, and whatever has a name that begins alike, is none of it."""
    for key in ("big.bin", "big.bin.bak", "big"):
        sharer.study.object(key, b"later")

    place = guest.get("f/big.bin").headers["Location"]

    assert urlsplit(place).path.endswith("/big.bin")
    assert parse_qs(urlsplit(place).query)["versionId"] == ["v2"]
    assert f"{digest_of(b'x' * 5000)}  big.bin" in guest.get("SHA256SUMS").text


def test_08_digests_and_totals_are_told_without_a_look_at_the_bytes(
    sharer: Sharer, guest: ShareGuest
) -> None:
    before = list(sharer.study.bucket.asked)

    sums = guest.get("SHA256SUMS").text.splitlines()
    told = guest.get(headers={"Accept": "application/json"}).get_json()

    assert [line.split("  ", 1)[1] for line in sums] == list(PATHS)
    assert (told["items"], told["bytes"]) == (4, 5000 + len(SCAN) + 13 + 43)
    assert sharer.study.bucket.asked == before


def test_09_a_package_is_of_several_sources(sharer: Sharer) -> None:
    study = sharer.study
    study.connect("second")
    study.sources.bucket("second").put("scans/other.bin", b"of the second")
    study.point(sharer.package_id, "other.bin", ObjectWish(source="second", key="other.bin"))
    study.work()
    study.frozen(sharer.package_id)
    guest = sharer.share(version=2)

    assert {guest.get(f"f/{name}").status_code for name in ("big.bin", "other.bin")} == {302}


@pytest.mark.parametrize(
    ("scheme", "host", "prefix"),
    [("https", "files.example.org", "/fm"), ("http", "localhost.example.org:8080", "")],
)
def test_10_addresses_have_scheme_host_and_prefix_of_who_asked(
    sharer: Sharer, guest: ShareGuest, scheme: str, host: str, prefix: str
) -> None:
    del guest
    asked = sharer.client.get(
        "/s/iris/urls.txt", base_url=f"{scheme}://{host}{prefix}/", environ_base={}
    )

    (start,) = {line.partition("/f/")[0] for line in asked.text.splitlines()}
    assert start == f"{scheme}://{host}{prefix}/s/iris"


@pytest.mark.parametrize(
    "expires", ["-1", -1, 3600, "3600", "5 fortnights", "9" * 30, "1999-01-01T00:00:00Z", ""]
)
def test_11_an_end_that_is_no_time_to_come_is_refused(sharer: Sharer, expires: object) -> None:
    answer = sharer.call("POST", json={"version": 1, "expires": expires})

    assert answer.status_code == 422
    assert sharer.call("GET").get_json()["shares"] == []


def test_11_a_malformed_password_is_refused_in_words(sharer: Sharer) -> None:
    guest = sharer.share(password="secret")

    answer = guest.get("f/README.md", headers={"X-Share-Password": "%zz"})

    assert (answer.status_code, bool(answer.get_json()["detail"])) == (400, True)


def test_12_a_refusal_is_a_problem_and_what_is_not_there_cannot_be_deleted(
    sharer: Sharer, guest: ShareGuest
) -> None:
    unknown = sharer.call("DELETE", "/unknown")
    nothing = guest.get("f/nothing")

    assert (unknown.status_code, nothing.status_code) == (404, 404)
    assert {unknown.mimetype, nothing.mimetype} == {"application/problem+json"}


def test_12_nobody_guesses_a_name_that_was_not_chosen(sharer: Sharer) -> None:
    made = {sharer.call("POST", json={"version": 1}).get_json()["slug"] for _ in range(3)}

    assert [len(bytes.fromhex(slug)) for slug in made] == [16, 16, 16]


@pytest.mark.parametrize("path", [*PATHS, "?urls.txt", "?package.zip", "?SHA256SUMS"])
def test_13_head_tells_what_get_would_send(guest: ShareGuest, path: str) -> None:
    sizes = {"big.bin": 5000, "sub dir/b \u00fc.tif": len(SCAN)}
    asked = path[1:] if path.startswith("?") else f"f/{quote(path)}"

    looked = guest.head(asked)

    size = sizes.get(path) or len(guest.get(asked).data)
    assert (looked.status_code, looked.content_length, looked.data) == (200, size, b"")


def test_14_who_reads_a_source_neither_sees_nor_changes_what_opens_it(sharer: Sharer) -> None:
    headers = {"Authorization": a_token("1", "package:read", "package:write", "package:share")}
    place = f"/packages/api/sources/{SOURCE}"

    seen = sharer.client.get(place, headers=headers)
    changed = sharer.client.patch(
        place, json={"credentials": {"access_key": "a", "secret_key": "b"}}, headers=headers
    )

    assert (seen.status_code, changed.status_code) == (200, 403)
    assert not {"credentials", "access_key", "secret_key", "sealed"} & seen.get_json().keys()


HOSTILE = "'; DROP TABLE shares; --", '" OR 1=1', "%' OR '1'='1", "a\\' UNION SELECT key", "_%"


@pytest.mark.parametrize("words", HOSTILE)
def test_15_what_is_asked_is_never_a_part_of_a_statement(
    sharer: Sharer, guest: ShareGuest, words: str
) -> None:
    asked = quote(words, safe="")
    found = {guest.get(f"f/{asked}").status_code, guest.get(f"?directory={asked}").status_code}
    signed = guest.post("presign", json={"paths": [words]}).get_json()

    with questions() as statements:
        sharer.call("PATCH", "/iris", json={"description": words})

    assert found == {404}
    assert (signed["urls"], len(signed["refused"])) == ([], 1)
    assert not any(words in statement for statement in statements)
    assert sharer.call("GET", "/iris").get_json()["description"] == words


def test_16_what_ends_a_share_ends_its_addresses_within_minutes(
    sharer: Sharer, guest: ShareGuest
) -> None:
    place = guest.get("f/big.bin").headers["Location"]
    expire(sharer, "iris")
    ended = guest.get("f/big.bin")

    (life,) = parse_qs(urlsplit(place).query)["X-Amz-Expires"]
    assert int(life) <= 900
    assert (ended.status_code, "Location" in ended.headers) == (410, False)


def test_17_what_lies_in_the_source_beside_the_package_is_not_signed(
    sharer: Sharer, guest: ShareGuest
) -> None:
    sharer.study.object("neighbour.bin")

    signed = guest.post("presign", json={"paths": ["neighbour.bin", "../neighbour.bin"]})

    assert signed.get_json()["urls"] == []
    assert guest.get("f/neighbour.bin").status_code == 404


@pytest.mark.parametrize("path", LISTS)
def test_18_looking_changes_nothing(guest: ShareGuest, path: str) -> None:
    """A list counts a visit when it is fetched, and nothing when it is looked at."""
    method = "GET" if path in ("", "f/") else "HEAD"

    with questions() as statements:
        assert guest.call(method, path).status_code == 200

    assert {statement.split()[0] for statement in statements} == {"SELECT"}


def test_19_no_address_that_opens_anything_is_logged(
    guest: ShareGuest, capsys: pytest.CaptureFixture[str]
) -> None:
    guest.get("f/big.bin")
    guest.post("presign", json={"paths": ["big.bin"]})

    logged = capsys.readouterr()
    assert "path=/s/iris/f/big.bin" in logged.out
    assert "X-Amz" not in logged.out + logged.err


def test_20_a_share_is_no_part_of_what_its_owners_token_says(
    sharer: Sharer, guest: ShareGuest
) -> None:
    """What its owner may still do is rows: the package, and the right to the source."""
    assert guest.get("f/big.bin").status_code == 302

    sharer.study.lock_out()

    assert guest.get("f/big.bin").status_code == 403
    sharer.study.keeper.delete(CURATOR, sharer.package_id)
    assert guest.get("f/big.bin").status_code == 410
