"""What went wrong in file browsers and link sharers before, tried here."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from api.shares.conftest import Sharer
from builders.papers import a_token
from people.guests import ShareGuest
from worlds.packages import CURATOR

WAYS = (
    "", "f/", "f/README.md", "f/big.bin", "urls.txt", "package.zip", "v/README.md", "linkset.json",
    "p/big.bin.pointer", "annex.git/info/refs?service=git-upload-pack",
)  # fmt: skip
HOSTILE = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.fixture
def guest(sharer: Sharer) -> ShareGuest:
    return sharer.share()


def test_no_token_in_a_query_opens_anything(sharer: Sharer) -> None:
    guest = sharer.share(password="secret")

    for query in ("token=secret", "auth=secret", "password=secret", f"auth={a_token('1')}"):
        assert guest.get(f"f/README.md?{query}").status_code == 401


def test_no_answer_has_what_opens_a_share(sharer: Sharer) -> None:
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
    assert guest.get(f"f/{path}").status_code == 404
    assert guest.get(f"v/{path}").status_code == 404
    assert guest.get(f"p/{path}.pointer").status_code == 404


def test_rights_are_asked_again_by_each_request(sharer: Sharer, guest: ShareGuest) -> None:
    """Every way to bytes, names and addresses closes with the owner's right to the source."""
    world = sharer.study.world
    world.database.write(lambda tx: tx.blocked_owners.block(CURATOR.owner, world.clock()))

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
    study = sharer.study
    name = '"><script>alert(1)</script>'
    package_id = study.create(name).id
    study.text(package_id, f"{name.replace('/', '_')}.txt")
    study.frozen(package_id)
    guest = Sharer(sharer.client, study, package_id).share(slug="evil", description=name).browsing()

    for path in ("", "f/"):
        assert "<script" not in guest.get(path).text.lower()


def test_a_huge_password_costs_nothing(sharer: Sharer) -> None:
    guest = sharer.share(password="secret")

    header = guest.get("f/README.md", headers={"X-Share-Password": "x" * 10_000})
    body = guest.post("unlock", json={"password": "x" * 100_000})

    assert (header.status_code, body.status_code) == (401, 413)


def test_head_tells_the_size_of_the_item(guest: ShareGuest) -> None:
    assert guest.head("f/big.bin").headers["Content-Length"] == "5000"
    whole = guest.get("urls.txt")
    assert guest.head("urls.txt").headers["Content-Length"] == str(len(whole.data))


def test_errors_are_problems(guest: ShareGuest) -> None:
    told = guest.get("f/nothing")

    assert told.mimetype == "application/problem+json"
    assert json.loads(told.data)["code"] == "item_not_found"
