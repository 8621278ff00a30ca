"""What opens a share that has a password, or is for certain people."""

import base64
from urllib.parse import quote

import pytest

from api.shares.conftest import Sharer
from builders.papers import a_token
from people.guests import ShareGuest

PICTURE = "f/sub%20dir/b%20%C3%BC.tif"
PASSWORD = "p\u00e4ss: word%"


def _basic(password: str = PASSWORD) -> dict[str, str]:
    sent = base64.b64encode(f"anybody:{password}".encode()).decode()
    return {"Authorization": f"Basic {sent}"}


def _header(password: str = PASSWORD) -> dict[str, str]:
    return {"X-Share-Password": quote(password)}


@pytest.fixture
def guest(sharer: Sharer) -> ShareGuest:
    return sharer.share(password=PASSWORD)


EVERYTHING = [
    ("GET", ""),
    ("GET", "f/README.md"),
    ("HEAD", "f/README.md"),
    ("GET", "f/"),
    ("GET", "v/README.md"),
    ("GET", "p/README.md.pointer"),
    ("GET", "urls.txt"),
    ("GET", "stac/item.json"),
    ("GET", "linkset.json"),
    ("GET", "package.zip"),
    ("POST", "presign"),
    ("GET", "annex.git/info/refs?service=git-upload-pack"),
    ("POST", "lfs.git/git-upload-pack"),
    ("GET", "dvc/files/md5/00/000000000000000000000000000000"),
    ("POST", "lfs.git/info/lfs/objects/batch"),
]


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_nothing_is_told_without_the_password(guest: ShareGuest, method: str, path: str) -> None:
    answer = guest.call(method, path)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Basic realm="share"')
    assert "Iris" not in answer.text


@pytest.mark.parametrize("sent", [_basic(), _header()])
def test_the_password_by_header(guest: ShareGuest, sent: dict[str, str]) -> None:
    assert guest.get("f/README.md", headers=sent).status_code == 200
    assert guest.get(PICTURE, headers=sent).status_code == 302


@pytest.mark.parametrize("sent", [_basic("wrong"), _header("wrong")])
def test_a_wrong_password_by_header(guest: ShareGuest, sent: dict[str, str]) -> None:
    answer = guest.get("f/README.md", headers=sent)

    assert (answer.status_code, answer.get_json()["code"]) == (401, "wrong_share_password")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("sent", ["%", "%zz", "%4", "%ff", "p\u00e4ss", "a%"])
def test_a_malformed_header_is_said_to_be_that(guest: ShareGuest, sent: str) -> None:
    answer = guest.get("f/README.md", headers={"X-Share-Password": sent})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "share_password_malformed")


def test_unlocking_gives_an_address_that_is_all_it_takes(guest: ShareGuest) -> None:
    answer = guest.post("unlock", json={"password": PASSWORD})

    told = answer.get_json()
    unlocked = guest.at(told["base"])
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(told["base"]) == len("/k//") + 43
    assert unlocked.get("f/README.md").status_code == 200
    assert unlocked.get("urls.txt").text.startswith(
        f"http://fooserver.localdomain{told['base']}f/README.md\n"
    )


def test_a_wrong_password_unlocks_nothing_also_where_there_is_no_share(guest: ShareGuest) -> None:
    wrong = guest.post("unlock", json={"password": "wrong"})
    nobodys = guest.at("/s/nobodys/").post("unlock", json={"password": "wrong"})

    seen = {(one.status_code, one.get_json()["detail"]) for one in (wrong, nobodys)}
    assert seen == {(401, "The password is wrong, or there is no such share.")}


def test_the_sixth_wrong_password_of_a_minute_waits(guest: ShareGuest) -> None:
    answers = [guest.post("unlock", json={"password": f"{n}"}) for n in range(6)]

    assert {one.status_code for one in answers[:5]} <= {401, 429}
    assert answers[5].status_code in (401, 429)
    late = next((one for one in answers if one.status_code == 429), None)
    assert late is None or int(late.headers["Retry-After"]) >= 1


def test_a_browser_is_shown_a_form_and_no_challenge(guest: ShareGuest) -> None:
    answer = guest.browsing().get()

    assert answer.status_code == 403
    assert "WWW-Authenticate" not in answer.headers
    assert '<form method="post" action="unlock">' in answer.text
    assert "Iris" not in answer.text


def test_a_browser_posts_the_form_and_is_sent_to_the_page(guest: ShareGuest) -> None:
    browser = guest.browsing()
    wrong = browser.post("unlock", data={"password": "wrong"})
    right = browser.post("unlock", data={"password": PASSWORD})

    assert (wrong.status_code, "The password is wrong." in wrong.text) == (403, True)
    assert "WWW-Authenticate" not in wrong.headers
    assert right.status_code == 303
    assert right.headers["Location"].startswith("../../k/")
    assert right.headers["Referrer-Policy"] == "no-referrer"
    page = browser.at(right.headers["Location"].removeprefix("../..")).get()
    assert (page.status_code, "Iris study" in page.text) == (200, True)


def test_a_form_of_many_fields_is_malformed(guest: ShareGuest) -> None:
    fields = {f"field{number}": "x" for number in range(20)}

    answer = guest.post("unlock", data={**fields, "password": PASSWORD})

    assert (answer.status_code, answer.get_json()["code"]) == (422, "malformed")


def test_a_form_that_is_too_large_or_of_another_kind(guest: ShareGuest) -> None:
    assert guest.post("unlock", data={"password": "x" * 10_000}).status_code == 413
    assert guest.post("unlock", data=b"[]", content_type="application/json").status_code == 422


def test_another_password_ends_what_the_last_one_unlocked(
    sharer: Sharer, guest: ShareGuest
) -> None:
    unlocked = guest.at(guest.post("unlock", json={"password": PASSWORD}).get_json()["base"])

    sharer.call("PATCH", "/iris", json={"password": "another"})

    assert unlocked.get("f/README.md").status_code == 404
    assert guest.get("f/README.md", headers=_header()).status_code == 401
    assert guest.get("f/README.md", headers=_header("another")).status_code == 200


def test_a_share_without_password_needs_no_unlocking(sharer: Sharer) -> None:
    guest = sharer.share()

    assert guest.post("unlock").get_json() == {"base": "/s/iris/", "expires": None}


def test_a_capability_opens_its_share_alone(sharer: Sharer, guest: ShareGuest) -> None:
    other = sharer.share(slug="other", password="else")
    base = guest.post("unlock", json={"password": PASSWORD}).get_json()["base"]

    assert other.get("f/README.md", headers=_header()).status_code == 401
    assert guest.at(base).get("f/README.md").status_code == 200
    assert guest.at(base[:-2] + "/").get("f/README.md").status_code == 404


def test_what_is_for_certain_people_takes_their_token_at_unlock_alone(sharer: Sharer) -> None:
    guest = sharer.share(audience=["test:7"])
    token = {"Authorization": a_token("7", "package:read")}

    refused = guest.get("f/README.md", headers=token)
    stranger = guest.post("unlock", headers={"Authorization": a_token("8")})
    nobody = guest.post("unlock")
    base = guest.post("unlock", headers=token).get_json()["base"]

    assert (refused.status_code, refused.get_json()["code"]) == (401, "share_token_needed")
    assert (stranger.status_code, nobody.status_code) == (403, 401)
    assert guest.at(base).get("f/README.md").status_code == 200
    assert guest.browsing().get().status_code == 401


def test_no_secret_of_a_path_or_a_header_is_logged(
    guest: ShareGuest, capsys: pytest.CaptureFixture[str]
) -> None:
    base = guest.post("unlock", json={"password": PASSWORD}).get_json()["base"]
    secret = base.split("/")[2]

    guest.at(base).get("f/README.md")
    guest.at(base).get("nothing/here")
    for odd in (f"/K/{secret}/", f"/files{base}", f"/files/K/{secret}/f/"):
        guest.at(odd).get()
    guest.get("f/README.md", headers=_header("pa55"))

    logged = capsys.readouterr().out
    assert f"/k/{secret[:6]}..." in logged
    assert secret not in logged
    assert "pa55" not in logged
