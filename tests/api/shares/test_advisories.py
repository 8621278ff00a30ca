"""The advisories of file browsers, by their names on the list that we were given, tried here.

Shown elsewhere: CVE-2026-54094 and CVE-2026-55668 (links out of the scope) by
``unit/storage/sources/test_directory.py``; CVE-2026-54089 (forged headers of proxies) by
``api/http/test_proxies.py`` too; CVE-2025-52903 and all that run commands by
``architecture/test_source.py``; CVE-2025-52900 (open to others on the disk) by
``unit/storage/test_private.py``; GHSA-ffx7-75gc-jg7c (lengths below nothing) by
``api/uploads/tus``. Nobody signs up here, which GHSA-5gg9-5g7w-hm73 and CVE-2026-34528 are about.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from api.shares.conftest import Sharer
from builders.papers import a_token
from people.guests import ShareGuest
from worlds.packages import CURATOR, STRANGER

WAYS = (
    "", "f/", "f/README.md", "f/big.bin", "urls.txt", "package.zip", "v/README.md", "linkset.json",
    "p/big.bin.pointer", "annex.git/info/refs?service=git-upload-pack",
)  # fmt: skip
HOSTILE = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.fixture
def guest(sharer: Sharer) -> ShareGuest:
    return sharer.share()


def test_no_token_in_a_query_opens_anything(sharer: Sharer) -> None:
    """GHSA-rmwh-g367-mj4x, GHSA-3v48-283x-f2w4."""
    guest = sharer.share(password="secret")

    for query in ("token=secret", "auth=secret", "password=secret", f"auth={a_token('1')}"):
        assert guest.get(f"f/README.md?{query}").status_code == 401


def test_no_answer_has_what_opens_a_share(sharer: Sharer) -> None:
    """GHSA-833g-cqhp-h72j."""
    guest = sharer.share(password="secret")
    sharer.call("POST", "/iris/keys", json={"name": "nightly"})
    base = guest.post("unlock", json={"password": "secret"}).get_json()["base"]

    told = [
        sharer.call("GET").text,
        sharer.call("GET", "/iris").text,
        sharer.call("GET", "/iris/keys").text,
        sharer.call("GET", "/iris/log").text,
        guest.at(base).get(headers={"Accept": "application/json"}).text,
    ]

    for text in told:
        assert not re.search(r"argon2|secret|/k/", text)


def test_a_share_is_not_deleted_by_the_beginning_of_its_name(sharer: Sharer) -> None:
    """CVE-2026-54097."""
    sharer.share(slug="iris-2026")

    assert sharer.call("DELETE", "/iris").status_code == 404
    assert sharer.call("DELETE", "/iris-2026%25").status_code == 404
    assert sharer.call("GET", "/iris-2026").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/README.md", "//README.md", "notes/../README.md", "./README.md", "%2e%2e/README.md",
     "notes%2f..%2fREADME.md", "README.md/", "README.md%00.png", "..%5cREADME.md"],
)  # fmt: skip
def test_a_path_is_that_of_an_item_or_of_nothing(guest: ShareGuest, path: str) -> None:
    """CVE-2026-54091, GHSA-4mh3-h929-w968, GHSA-9f3r-2vgw-m8xp."""
    assert guest.get(f"f/{path}").status_code == 404
    assert guest.get(f"v/{path}").status_code == 404
    assert guest.get(f"p/{path}.pointer").status_code == 404


def block(sharer: Sharer) -> None:
    world = sharer.study.world
    world.database.write(lambda tx: tx.blocked_owners.block(CURATOR.owner, world.clock()))


def lock_out(sharer: Sharer) -> None:
    sharer.study.lock_out()


@pytest.mark.parametrize("lose", [block, lock_out])
def test_rights_are_asked_again_by_each_request(
    sharer: Sharer, guest: ShareGuest, lose: Callable[[Sharer], None]
) -> None:
    """CVE-2026-32761, CVE-2026-35604, CVE-2026-35606: every way to bytes, names and addresses."""
    lose(sharer)

    refused = {way: guest.get(way).status_code for way in WAYS}
    presigned = guest.post("presign", json={"paths": ["big.bin"]}).status_code

    assert refused == dict.fromkeys(WAYS, 403)
    assert presigned == 403


@pytest.mark.parametrize(("seconds", "at_most"), [(100, 100), (100_000, 900)])
def test_a_signed_address_lives_no_longer_than_minutes_and_its_share(
    sharer: Sharer, seconds: int, at_most: int
) -> None:
    expires = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    guest = sharer.share(expires=expires)

    place = guest.get("f/big.bin").headers["Location"]
    (signed,) = guest.post("presign", json={"paths": ["big.bin"]}).get_json()["urls"]

    for url in (place, signed["url"]):
        (life,) = parse_qs(urlsplit(url).query)["X-Amz-Expires"]
        assert 0 < int(life) <= at_most


def test_what_people_sent_runs_nowhere(sharer: Sharer) -> None:
    """CVE-2025-52902, GHSA-mmpx-jh39-wrv6."""
    study = sharer.study
    for name in ("evil.html", "evil.svg", "evil.md", "evil.txt"):
        if name.endswith((".md", ".txt")):
            study.text(sharer.package_id, name, HOSTILE)
    study.bucket.signs = False
    study.object("evil.svg", HOSTILE)
    study.point(sharer.package_id, "evil.svg")
    study.work()
    study.frozen(sharer.package_id)
    guest = sharer.share(version=2)

    for name in ("evil.md", "evil.txt", "evil.svg"):
        sent = guest.get(f"f/{name}")
        assert sent.headers["Content-Disposition"].startswith("attachment")
        assert sent.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert guest.get("v/evil.svg").status_code == 404
    for name in ("evil.md", "evil.txt"):
        assert "<svg" not in guest.get(f"v/{name}").text


def test_names_and_words_of_people_are_escaped(sharer: Sharer) -> None:
    """CVE-2026-34530."""
    study = sharer.study
    name = '"><script>alert(1)</script>'
    package_id = study.create(name).id
    study.text(package_id, f"{name.replace('/', '_')}.txt")
    study.frozen(package_id)
    guest = Sharer(sharer.client, study, package_id).share(slug="evil", description=name).browsing()

    for path in ("", "f/"):
        assert "<script" not in guest.get(path).text.lower()


def test_a_huge_password_costs_nothing(sharer: Sharer) -> None:
    """GHSA-w5fm-68j4-fpc4."""
    guest = sharer.share(password="secret")

    header = guest.get("f/README.md", headers={"X-Share-Password": "x" * 10_000})
    body = guest.post("unlock", json={"password": "x" * 100_000})

    assert (header.status_code, body.status_code) == (401, 413)


@pytest.mark.parametrize("way", WAYS)
def test_a_password_is_asked_for_at_every_way(sharer: Sharer, way: str) -> None:
    """GHSA-3v48-283x-f2w4, CVE-2026-27611, GHSA-525j-95gf-766f."""
    guest = sharer.share(password="secret")

    answers = [guest.get(way), guest.head(way), guest.post("presign", json={"paths": []})]

    assert {one.status_code for one in answers} == {401}


def test_nobody_else_ends_a_share(sharer: Sharer, guest: ShareGuest) -> None:
    """CVE-2025-64523: neither a stranger, nor an owner by way of another package."""
    headers = {"Authorization": a_token("2", "package:share")}
    theirs = sharer.study.create("theirs", STRANGER).id

    for package_id in (sharer.package_id, theirs):
        place = f"/packages/api/packages/{package_id}/shares/iris"
        for method, at in (("DELETE", place), ("PATCH", place), ("POST", f"{place}:rotate")):
            asked = sharer.client.open(at, method=method, json={}, headers=headers)
            assert asked.status_code == 404

    assert guest.get().status_code == 200


@pytest.mark.parametrize("version", [2, "latest", 2**62])
def test_nothing_is_shared_that_is_not_there(sharer: Sharer, version: object) -> None:
    """GHSA-3q2p-72cj-682c. What there is now is there, and what comes later is no version of it."""
    answer = sharer.call("POST", json={"version": version, "slug": "early"})

    assert answer.status_code == (201 if version == "latest" else 404)


def revoke(sharer: Sharer) -> None:
    sharer.call("DELETE", "/iris")


def rotate(sharer: Sharer) -> None:
    sharer.call("POST", "/iris:rotate", json={})


def other_password(sharer: Sharer) -> None:
    sharer.call("PATCH", "/iris", json={"password": "another"})


def other_audience(sharer: Sharer) -> None:
    sharer.call("PATCH", "/iris", json={"audience": ["test:9"]})


def delete(sharer: Sharer) -> None:
    sharer.study.keeper.delete(CURATOR, sharer.package_id)


@pytest.mark.parametrize("end", [revoke, rotate, other_password, other_audience, delete, block])
def test_what_was_unlocked_and_what_is_visited_can_be_ended(
    sharer: Sharer, end: Callable[[Sharer], None]
) -> None:
    """CVE-2025-53826."""
    guest = sharer.share(password="secret", max_visits=9)
    right = {"X-Share-Password": "secret"}
    unlocked = guest.at(guest.post("unlock", headers=right).get_json()["base"])
    visit = guest.get("f/README.md", headers=right).headers["Location"].split("/")
    visiting = guest.at(f"/k/{visit[visit.index('k') + 1]}/")
    before = {one.get("f/README.md").status_code for one in (unlocked, visiting)}

    end(sharer)

    assert before == {200}
    after = {one.get(way).status_code for one in (unlocked, visiting) for way in WAYS}
    assert after <= {403, 404, 410}


def test_whether_there_is_a_share_is_not_told_by_a_wrong_password(sharer: Sharer) -> None:
    """CVE-2026-23849, GHSA-cm2r-rg7r-p7gg: nor can many be tried."""
    there = sharer.share(password="secret")
    answers = {
        place: [there.at(place).post("unlock", json={"password": f"{n}"}) for n in range(12)]
        for place in ("/s/iris/", "/s/none/")
    }

    told = [{one.get_json()["code"] for one in each} for each in answers.values()]

    assert told == [{"wrong_share_password", "too_many_wrong_share_passwords"}] * 2


def test_an_address_that_is_only_claimed_is_no_visitors(sharer: Sharer) -> None:
    """CVE-2026-54089, CVE-2026-35607."""
    guest = sharer.share(max_visits=1)
    visit = guest.get("f/README.md").headers["Location"].split("/")
    thief = replace(guest, address="192.0.2.9", place=f"/k/{visit[visit.index('k') + 1]}/")
    claims = {"X-Forwarded-For": guest.address, "Forwarded": f"for={guest.address}"}

    assert thief.get("f/README.md", headers=claims).status_code == 404


@pytest.mark.parametrize("way", WAYS)
def test_no_answer_makes_a_browser_act_for_its_user(guest: ShareGuest, way: str) -> None:
    """CVE-2021-46398: there are no sessions, and what is changed asks for a token in a header."""
    assert "Set-Cookie" not in guest.browsing().get(way).headers


def test_nobody_makes_us_read_what_lies_elsewhere(sharer: Sharer, guest: ShareGuest) -> None:
    """CVE-2025-53893, and an anonymous `?checksum=`."""
    before = list(sharer.study.bucket.asked)

    for way in (*WAYS, "f/big.bin?checksum=sha256", "f/big.bin?inline=true"):
        guest.get(way)

    assert {one.split()[0] for one in sharer.study.bucket.asked[len(before) :]} == {"ensure_there"}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_a_guest_changes_nothing(guest: ShareGuest, method: str) -> None:
    """GHSA-fwj3-42wh-8673."""
    for way in (*WAYS, "f/../../s/iris/", "annex.git/git-receive-pack"):
        assert guest.call(method, way).status_code in (404, 405)
