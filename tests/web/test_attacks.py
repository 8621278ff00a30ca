"""What others do to somebody's session, in vain."""

import pytest
import structlog
from flask import Flask

from builders.papers import a_token
from people.person import Person
from people.surfers import Surfer, a_surfer
from people.tus_uploader import Uploader

FOREIGN = (
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://sub.fooserver.localdomain", "Sec-Fetch-Site": "same-site"},
    {"Origin": "null"},
)
CROSS_SITE = pytest.mark.parametrize(
    "headers", FOREIGN, ids=["cross-site", "no-metadata", "sibling", "null"]
)
FORMS = ("/logout", "/web/tokens")


@pytest.fixture
def workspace(api: Person) -> int:
    return int(api.post("/v2/workspaces", json={}).get_json()["id"])


def is_signed_in(surfer: Surfer) -> bool:
    return "Signed in as" in surfer.get("/").text


def test_a_session_that_was_put_into_the_jar_beforehand_is_not_taken_over(
    app: Flask, surfer: Surfer
) -> None:
    thief = a_surfer(app)
    surfer.keep("chosen-by-the-thief")
    thief.keep("chosen-by-the-thief")

    surfer.sign_in(a_token("1"))

    assert surfer.secret != "chosen-by-the-thief"
    assert not is_signed_in(thief)


def test_signing_in_ends_the_session_that_the_browser_had(app: Flask, mallory: Surfer) -> None:
    """The thief put a session of their own into the jar, to look at it afterwards."""
    victim = a_surfer(app)
    assert mallory.secret is not None
    victim.keep(mallory.secret)

    victim.sign_in(a_token("1"))

    assert victim.secret != mallory.secret
    assert not is_signed_in(mallory)


def test_a_hand_over_ends_the_session_that_the_browser_had(alice: Surfer, api: Person) -> None:
    before = alice.secret
    headers = {"Authorization": a_token("7", username="grace")}
    url = api.client.post("/web/handovers", headers=headers).get_json()["url"]
    alice.post(url.removeprefix("http://localhost"))
    after = alice.secret
    assert before is not None
    assert "Signed in as grace" in alice.get("/").text

    alice.keep(before)

    assert before != after
    assert not is_signed_in(alice)


def test_a_stolen_cookie_opens_nothing_after_signing_out(app: Flask, alice: Surfer) -> None:
    thief = a_surfer(app)
    assert alice.secret is not None
    thief.keep(alice.secret)
    assert is_signed_in(thief)

    alice.send("/logout")

    assert not is_signed_in(thief)


def test_signing_out_ends_the_tokens_of_scripts(app: Flask, alice: Surfer, workspace: int) -> None:
    token = alice.web_token(workspace).get_json()["token"]
    scripts = Person(app.test_client(), token)
    assert scripts.get(f"/v2/workspaces/{workspace}").status_code == 200

    alice.send("/logout")

    assert scripts.get(f"/v2/workspaces/{workspace}").status_code == 401


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "token", ["", "0" * 64, "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")]
)
def test_a_form_without_the_secret_of_the_session_changes_nothing(
    alice: Surfer, path: str, token: str
) -> None:
    answer = alice.post(path, data={"csrf": token, "workspace": "1"})

    assert answer.status_code == 403
    assert "is not from a page of your present session" in answer.text
    assert is_signed_in(alice)


@pytest.mark.parametrize("path", FORMS)
def test_the_secret_of_anothers_forms_is_none_of_mine(
    alice: Surfer, mallory: Surfer, path: str
) -> None:
    assert alice.post(path, data={"csrf": mallory.form_token()}).status_code == 403
    assert is_signed_in(alice)


@CROSS_SITE
@pytest.mark.parametrize("path", FORMS)
def test_a_page_of_another_site_writes_nothing_even_with_the_secret(
    alice: Surfer, headers: dict[str, str], path: str
) -> None:
    assert alice.send(path, headers=headers).status_code == 403
    assert is_signed_in(alice)


@CROSS_SITE
def test_a_page_of_another_site_signs_nobody_in(
    surfer: Surfer, api: Person, headers: dict[str, str]
) -> None:
    """Who is signed in as somebody else puts their files there."""
    authorized = {"Authorization": a_token("3")}
    url = api.client.post("/web/handovers", headers=authorized).get_json()["url"]

    answers = [
        surfer.post("/login", data={"token": a_token("3")}, headers=headers),
        surfer.post(url.removeprefix("http://localhost"), headers=headers),
    ]

    assert [one.status_code for one in answers] == [403, 403]
    assert surfer.secret is None


def test_the_api_never_takes_the_cookie(alice: Surfer, workspace: int) -> None:
    paths = (f"/filemanager/api/{workspace}", f"/filemanager/api/v2/workspaces/{workspace}")
    others = ("/uploads", "/packages/api/packages", "/metrics")

    asked = [alice.get(path).status_code for path in (*paths, *others)]
    changed = alice.client.delete(f"/filemanager/api/{workspace}/main.tex").status_code

    assert asked == [401] * len(asked)
    assert changed == 401


def test_a_form_token_is_not_the_cookie(alice: Surfer) -> None:
    assert str(alice.secret) not in alice.get("/").text


@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/login/nothing"])
def test_no_page_is_framed_or_runs_what_is_not_ours(alice: Surfer, path: str) -> None:
    headers = alice.get(path).headers
    policy = {one.strip() for one in headers["Content-Security-Policy"].split(";")}

    assert {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    } <= policy
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_page_asks_who_is_not_signed_in_to_do_so_first(surfer: Surfer) -> None:
    answer = surfer.get("/w?cursor=1")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "login?to=%2Fw%3Fcursor%3D1"


def test_a_form_of_a_session_that_has_ended_changes_nothing(surfer: Surfer) -> None:
    answer = surfer.post("/web/tokens", data={"workspace": "1"})

    assert answer.status_code == 403
    assert "You are not signed in" in answer.text


def test_a_token_of_scripts_opens_one_workspace_alone(
    app: Flask, alice: Surfer, api: Person, workspace: int
) -> None:
    other = int(api.post("/v2/workspaces", json={}).get_json()["id"])
    scripts = Person(app.test_client(), alice.web_token(workspace).get_json()["token"])

    assert scripts.get(f"/v2/workspaces/{workspace}").status_code == 200
    assert scripts.get(f"/v2/workspaces/{other}").status_code in (403, 404)
    assert scripts.get("/v2/workspaces").status_code == 403
    assert scripts.post("/v2/workspaces", json={}).status_code == 403
    assert scripts.delete(f"/v2/workspaces/{workspace}").status_code == 403


def test_an_administrators_scripts_administrate_nothing(app: Flask, workspace: int) -> None:
    bob = a_surfer(app)
    bob.sign_in(a_token("2", "upload:admin", username="bob"))

    scripts = Person(app.test_client(), bob.web_token(workspace).get_json()["token"])

    assert scripts.get(f"/v2/workspaces/{workspace}").status_code == 200
    assert (
        scripts.client.get("/metrics", headers={"Authorization": scripts.token or ""}).status_code
        == 403
    )


def test_a_stranger_gets_no_token_for_a_workspace(mallory: Surfer, workspace: int) -> None:
    refused = [
        mallory.web_token(one).status_code
        for one in (workspace, 999999, 2**64, "9" * 5000, "x", "")
    ]

    assert refused == [404] * 6


def test_no_secret_of_a_hand_over_is_logged(
    api: Person, surfer: Surfer, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = {"Authorization": a_token("1")}
    url = api.client.post("/web/handovers", headers=headers).get_json()["url"]

    surfer.post(url.removeprefix("http://localhost"))

    assert url.rpartition("/")[2] not in capsys.readouterr().out


def test_the_log_tells_whose_pages_were_asked_for(alice: Surfer, surfer: Surfer) -> None:
    with structlog.testing.capture_logs() as events:
        alice.get("/w")
        alice.send("/w", {"name": "On rings"})
        surfer.client.delete_cookie("fm", domain="fooserver.localdomain")
        surfer.get("/w")

    told = [(one["path"], one["caller"]) for one in events if one["event"] == "request"]
    assert told == [("/w", "arxiv:1"), ("/", None), ("/w", "arxiv:1"), ("/w", None)]


def test_a_token_of_scripts_sees_nothing_of_what_goes_to_another_workspace(
    app: Flask, alice: Surfer, api: Person, workspace: int
) -> None:
    other = int(api.post("/v2/workspaces", json={}).get_json()["id"])
    sent = Uploader(app.test_client(), api.token, other).create(10, "secret-name.txt")
    token = alice.web_token(workspace).get_json()["token"]
    scripts = Uploader(app.test_client(), token, other)

    listed = scripts.call("GET", "/uploads")
    asked = scripts.tus("HEAD", f"/uploads/tus/{sent.headers['Location'].rpartition('/')[2]}")
    begun = scripts.create(10, "x.txt")

    assert sent.status_code == 201
    assert listed.get_json()["uploads"] == []
    assert (asked.status_code, begun.status_code) == (404, 403)
