"""To the identity provider and back, in a browser."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from urllib3 import PoolManager

from builders.identity_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    CONFIGURATION,
    ISSUER,
    SUBJECT,
    FakeIdentityProvider,
)
from builders.papers import a_token
from filemanager.factory.parts import clock
from people.surfers import Surfer, a_surfer

BACK = "/login/oidc/callback"
OIDC = {
    "oidc_issuer": ISSUER,
    "oidc_client_id": CLIENT_ID,
    "oidc_client_secret": CLIENT_SECRET,
    "oidc_name": "university",
}


@pytest.fixture
def special() -> dict[str, Any]:
    return {"oidc": OIDC}


@pytest.fixture
def theirs(monkeypatch: pytest.MonkeyPatch) -> FakeIdentityProvider:
    made = FakeIdentityProvider(clock)
    monkeypatch.setattr(
        PoolManager, "request", lambda _, *given, **sent: made.request(*given, **sent)
    )
    return made


def left(surfer: Surfer, theirs: FakeIdentityProvider, to: str = "") -> str:
    """Where the provider leads back to."""
    away = surfer.get("/login/oidc", query_string={"to": to})
    return f"{BACK}?{urlencode(theirs.authorize(away.headers['Location']))}"


def test_a_button_leads_to_the_provider(surfer: Surfer, theirs: FakeIdentityProvider) -> None:
    shown = surfer.get("/login?to=/w/5?cursor=a%26b").text

    away = surfer.get("/login/oidc")
    asked = parse_qs(urlsplit(away.headers["Location"]).query)

    assert theirs.asked
    assert "Sign in by university" in shown
    assert 'href="login/oidc?to=%2Fw%2F5%3Fcursor%3Da%26b"' in shown
    assert away.status_code == 303
    assert away.headers["Location"].startswith(f"{ISSUER}/authorize?")
    assert asked["redirect_uri"] == [f"http://fooserver.localdomain{BACK}"]
    assert (away.headers["Cache-Control"], away.headers["Referrer-Policy"]) == (
        "no-store",
        "no-referrer",
    )


def test_who_signed_in_there_is_led_to_where_he_was_going(
    surfer: Surfer, theirs: FakeIdentityProvider
) -> None:
    answer = surfer.get(left(surfer, theirs, "/w/5?cursor=a,b;c"))

    assert (answer.status_code, answer.headers["Location"]) == (303, "../../w/5?cursor=a,b;c")
    assert "Signed in as jane" in surfer.get("/").text


@pytest.mark.parametrize("to", ["//evil.example/", "https://evil.example/"])
def test_nobody_is_led_elsewhere(surfer: Surfer, theirs: FakeIdentityProvider, to: str) -> None:
    assert surfer.get(left(surfer, theirs, to)).headers["Location"] == "../../w"


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [
        ("http://fooserver.localdomain", "fm-oidc", False),
        ("https://fooserver.localdomain", "__Host-fm-oidc", True),
    ],
    ids=["plain", "over-tls"],
)
def test_what_the_browser_keeps_is_out_of_reach_and_gone_afterwards(
    app: Flask, theirs: FakeIdentityProvider, base_url: str, name: str, *, secure: bool
) -> None:
    surfer = a_surfer(app, base_url)

    (cookie,) = surfer.get("/login/oidc").headers.getlist("Set-Cookie")
    surfer.get(left(surfer, theirs))

    parts = set(cookie.split("; "))
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"} <= parts
    assert cookie.startswith(f"{name}=")
    assert ("Secure" in parts) == secure
    assert surfer.client.get_cookie(name, domain="fooserver.localdomain") is None


def test_signing_in_renews_the_session(alice: Surfer, theirs: FakeIdentityProvider) -> None:
    before = alice.secret
    assert before is not None

    alice.get(left(alice, theirs))
    after = alice.secret
    alice.keep(before)

    assert after not in (None, before)
    assert "Signed in as" not in alice.get("/").text


def test_what_a_provider_leads_back_with_serves_once_and_this_browser_alone(
    app: Flask, surfer: Surfer, theirs: FakeIdentityProvider
) -> None:
    back = left(surfer, theirs)
    mallory = a_surfer(app)
    mallory.get("/login/oidc")

    answers = [mallory.get(back), surfer.get(back), surfer.get(back)]

    assert [one.status_code for one in answers] == [400, 303, 400]
    assert "not begun in this browser" in answers[0].text
    assert mallory.secret is None


def test_head_uses_nothing_up(surfer: Surfer, theirs: FakeIdentityProvider) -> None:
    back = left(surfer, theirs)

    refused = surfer.client.head(back, base_url=surfer.base_url)

    assert refused.status_code == 405
    assert surfer.get(back).status_code == 303


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"error": "access_denied", "error_description": "<script>"}, 400),
        ({"session_state": "1"}, 400),
        ({"state": "x" * 5000}, 422),
    ],
    ids=["denied", "nothing", "long"],
)
def test_what_is_no_sign_in_is_refused_in_words(
    surfer: Surfer, sent: dict[str, str], status: int
) -> None:
    answer = surfer.get(f"{BACK}?{urlencode(sent)}")

    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert "<script>" not in answer.text


def test_a_lying_provider_is_a_page_with_the_other_ways_to_sign_in(
    surfer: Surfer, theirs: FakeIdentityProvider
) -> None:
    theirs.claims["iss"] = "https://evil.example"

    answer = surfer.get(left(surfer, theirs, "/w/5"))

    assert answer.status_code == 400
    assert "not to be believed" in answer.text
    assert 'value="/w/5"' in answer.text
    assert 'action="../../login"' in answer.text
    assert surfer.secret is None


def test_a_silent_provider_is_a_page_too(surfer: Surfer, theirs: FakeIdentityProvider) -> None:
    theirs.answers[CONFIGURATION] = TimeoutError()

    answer = surfer.get("/login/oidc")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The identity provider does not answer" in answer.text
    assert 'name="token"' in answer.text


def test_an_owner_of_the_provider_is_nobody_whom_a_token_names(
    surfer: Surfer, theirs: FakeIdentityProvider, app: Flask
) -> None:
    other = a_surfer(app)
    other.sign_in(a_token(SUBJECT))
    surfer.get(left(surfer, theirs))
    made = surfer.send("/w")

    seen = [one.get(f"/{made.headers['Location']}").status_code for one in (surfer, other)]

    assert seen == [200, 404]


def test_signing_out_ends_our_session(surfer: Surfer, theirs: FakeIdentityProvider) -> None:
    surfer.get(left(surfer, theirs))

    surfer.send("/logout")

    assert surfer.secret is None
    assert "Signed in as" not in surfer.get("/").text


@pytest.mark.parametrize("special", [{}], ids=["none"])
@pytest.mark.parametrize("ask", [lambda: "/login/oidc", lambda: BACK], ids=["there", "back"])
def test_without_a_provider_there_is_none_to_sign_in_by(
    surfer: Surfer, ask: Callable[[], str]
) -> None:
    assert surfer.get(ask()).status_code == 404
    assert "By account" not in surfer.get("/login").text
