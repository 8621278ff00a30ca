"""Ways to sign in, and what a session is afterwards."""

from typing import Any

import pytest
from flask import Flask

from builders.papers import a_token
from people.person import Person
from people.surfers import Surfer, a_surfer

WITH_PASSWORD = pytest.mark.parametrize(
    "special", [{"pages": {"password": "open sesame"}}], ids=["with-a-password"]
)


def test_a_token_signs_in_and_leads_to_the_workspaces(surfer: Surfer) -> None:
    answer = surfer.sign_in(a_token("1"))

    assert (answer.status_code, answer.headers["Location"]) == (303, "w")
    assert "Signed in as theuser" in surfer.get("/").text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(surfer: Surfer) -> None:
    (cookie,) = surfer.sign_in(a_token("1")).headers.getlist("Set-Cookie")

    assert cookie.startswith("fm=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_over_tls_the_cookie_is_bound_to_the_host(app: Flask) -> None:
    surfer = a_surfer(app, "https://fooserver.localdomain")

    (cookie,) = surfer.sign_in(a_token("1")).headers.getlist("Set-Cookie")

    assert cookie.startswith("__Host-fm=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_the_cookie_of_plain_http_is_not_taken_over_tls(app: Flask, alice: Surfer) -> None:
    over_tls = a_surfer(app, "https://fooserver.localdomain")
    assert alice.secret is not None
    over_tls.client.set_cookie("fm", alice.secret, domain="fooserver.localdomain")

    assert "Sign in" in over_tls.get("/").text


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"token": "nonsense"}, "The token cannot be read."),
        ({"token": a_token("1")[:-4] + "AAAA"}, "signed with a key that is not known here"),
        ({"token": " "}, "Paste a token"),
        ({"password": ""}, "Paste a token"),
        ({"token": "fmw_" + "a" * 43}, "The token cannot be read."),
    ],
    ids=["nonsense", "forged", "blank", "no-such-way", "of-scripts"],
)
def test_what_is_no_token_is_refused_with_the_form(
    surfer: Surfer, sent: dict[str, str], why: str
) -> None:
    answer = surfer.post("/login", data=sent)

    assert answer.status_code == 403
    assert why in answer.text
    assert 'name="token"' in answer.text
    assert surfer.secret is None


@WITH_PASSWORD
def test_the_password_signs_in_the_local_user(surfer: Surfer) -> None:
    assert 'name="password"' in surfer.get("/login").text

    surfer.post("/login", data={"password": "open sesame"})

    assert "Signed in as admin" in surfer.get("/").text


@WITH_PASSWORD
def test_an_address_guesses_ten_passwords_in_a_minute(surfer: Surfer) -> None:
    guesses = [surfer.post("/login", data={"password": str(n)}).status_code for n in range(11)]

    assert guesses[:10] == [403] * 10
    # The minute may have ended in between.
    assert set(guesses[10:]) <= {403, 429}
    assert surfer.secret is None


def test_without_a_password_there_is_no_local_user(surfer: Surfer) -> None:
    assert 'name="password"' not in surfer.get("/login").text

    assert surfer.post("/login", data={"password": ""}).status_code == 403


@pytest.mark.parametrize(
    ("to", "location"),
    [
        ("/w/5?cursor=a", "w/5?cursor=a"),
        ("//evil.example/", "w"),
        ("/\\evil.example/", "w"),
        ("https://evil.example/", "w"),
        ("/w\r\nX: y", "w"),
        ("/%2F/evil.example", "%2F/evil.example"),
        ("", "w"),
    ],
    ids=["own", "other-host", "backslash", "absolute", "header", "escaped", "none"],
)
def test_who_signs_in_is_led_to_a_path_of_ours_alone(
    surfer: Surfer, to: str, location: str
) -> None:
    assert surfer.sign_in(a_token("1"), to=to).headers["Location"] == location


def test_signing_out_ends_the_session(alice: Surfer) -> None:
    answer = alice.send("/logout")

    assert (answer.status_code, answer.headers["Location"]) == (303, "login")
    assert alice.secret is None


def hand_over(person: Person, **sent: Any) -> Any:
    headers = {"Authorization": person.token or "", **sent.pop("headers", {})}
    return person.client.post("/web/handovers", headers=headers, **sent)


def test_a_platform_hands_a_session_over(api: Person, surfer: Surfer) -> None:
    answer = hand_over(api)
    path = answer.get_json()["url"].removeprefix("http://localhost")

    shown = surfer.get(path)
    gone_on = surfer.post(path)

    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Continue as theuser" in shown.text
    assert "Set-Cookie" not in shown.headers
    assert (gone_on.status_code, gone_on.headers["Location"]) == (303, "../w")
    assert "Signed in as theuser" in surfer.get("/").text


def test_a_hand_over_serves_once(app: Flask, api: Person, surfer: Surfer) -> None:
    path = hand_over(api).get_json()["url"].removeprefix("http://localhost")
    surfer.post(path)
    second = a_surfer(app)

    assert [second.post(path).status_code, second.get(path).status_code] == [410, 410]
    assert second.secret is None


def test_a_hand_over_needs_a_token_that_an_issuer_signed(
    app: Flask, alice: Surfer, api: Person
) -> None:
    workspace = api.post("/v2/workspaces", json={}).get_json()["id"]
    web_token = alice.web_token(workspace).get_json()["token"]
    scripts, nobody = Person(app.test_client(), web_token), Person(app.test_client(), None)

    assert hand_over(scripts).status_code == 401
    assert nobody.client.post("/web/handovers").status_code == 401


@pytest.mark.parametrize("special", [{"pages": {"web": False}}], ids=["off"])
def test_without_pages_nothing_of_them_is_there(surfer: Surfer, api: Person) -> None:
    pages = ("/", "/login", "/w", "/web/static/upload.js")

    assert [surfer.get(path).status_code for path in pages] == [404] * len(pages)
    assert surfer.get("/").is_json
    assert hand_over(api).status_code == 404


def test_the_front_page_is_json_for_who_asks_for_it(surfer: Surfer) -> None:
    answer = surfer.get("/", headers={"Accept": "application/json"})

    assert answer.get_json()["service"] == "filemanager"
    assert answer.get_json()["doors"]["workspaces"] == "http://fooserver.localdomain/w"
    assert surfer.client.get("/").mimetype == "text/html"


def test_doors_that_are_on_are_linked_from_every_page(surfer: Surfer) -> None:
    shown, elsewhere = surfer.get("/").text, surfer.get("/login").text

    doors = ("bucket/", "repositories/")
    assert [f'href="{one}"' in text for one in doors for text in (shown, elsewhere)] == [True] * 4
    assert [f'href="{one}"' in shown for one in ("w", "packages", "invitations")] == [True] * 3


@pytest.mark.parametrize(
    "special", [{"repositories": {"repositories_prefix": ""}}], ids=["repositories"]
)
def test_a_door_at_the_root_has_the_front_page(surfer: Surfer) -> None:
    assert "What is here" not in surfer.get("/").text
    assert surfer.get("/login").status_code == 200


def test_what_is_not_there_is_a_page_for_browsers_alone(surfer: Surfer) -> None:
    assert surfer.get("/nothing").mimetype == "text/html"
    assert surfer.client.get("/nothing").mimetype == "application/problem+json"
    assert surfer.get("/filemanager/api/nothing").mimetype == "application/json"
