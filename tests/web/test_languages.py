"""Pages in the language that a browser asks for, or that somebody chose."""

import io
import re

import pytest
from flask import Flask

from builders.papers import a_token
from people.person import Person
from people.surfers import Surfer, a_surfer
from web.german import in_english

MAIN = b"\\documentclass{article}\n\\begin{document}\n\\includegraphics{ring}\n\\end{document}\n"
TERMS = {
    "title": "Xenia",
    "message": "Quux",
    "profile": "generic",
    "closes_at": "2099-01-01T00:00:00Z",
    "max_files": 10,
    "max_bytes": 1_000_000,
    "max_file_bytes": 100_000,
    "slug": "xenia",
    "ask": ["Zyx"],
    "password": "xyzzy",
}


def choose(surfer: Surfer, language: str, to: str = "/login") -> str:
    answer = surfer.post("/web/language", data={"language": language, "to": to})
    assert answer.status_code == 303
    return answer.headers["Location"]


def marked_as_english(page: str) -> list[str]:
    """But for the button that leads to the English page."""
    return re.findall(r'<(?!button)[^>]*lang="en"[^>]*>[^<]*', page)


@pytest.fixture
def workspace(api: Person) -> str:
    made = api.post("/v2/workspaces", json={"name": "Quux"}).get_json()["id"]
    home = f"/v2/workspaces/{made}"
    assert api.put(f"{home}/files/main.tex", MAIN).status_code == 201
    assert api.post(f"{home}/checkpoints", json={"name": "Xyzzy"}).status_code == 201
    api.put(f"{home}/files/main.tex", MAIN + b"% xyz\r\n")
    api.put(f"{home}/files/.xyz", b"x")
    return f"/w/{made}"


@pytest.fixture
def guest(app: Flask, api: Person) -> tuple[Surfer, str]:
    """Somebody who begun, in German, and the path of their page."""
    assert api.post("/v2/invitations", json=TERMS).status_code == 201
    surfer = a_surfer(app)
    choose(surfer, "de")
    begun = surfer.post("/u/xenia/begin", data={"answer-0": "Zyx", "password": "xyzzy"})
    found = re.search(r"g/[^/]+/$", begun.headers["Location"])
    assert found is not None
    return surfer, f"/{found[0]}"


def test_no_german_page_says_a_text_in_english(
    alice: Surfer, workspace: str, mallory: Surfer
) -> None:
    shown = [mallory.get("/w", headers={"Accept-Language": "de"}).text]
    choose(alice, "de")
    shown += [
        alice.get(path).text
        for path in (
            "/", "/login", "/nothing", "/w", "/w/999", f"{workspace}?done=uploaded&added=1",
            f"{workspace}/f/main.tex", f"{workspace}/checkpoints", f"{workspace}/diff?from=0",
            f"{workspace}/diff?from=0&path=main.tex",
        )
    ]  # fmt: skip
    shown.append(alice.post("/logout", data={"csrf": "x"}).text)
    shown.append(alice.post("/login", data={"token": "x"}).text)

    assert all('<html lang="de">' in page for page in shown)
    assert in_english(shown) == []
    assert [page for page in shown if marked_as_english(page)] == []


def test_no_page_of_guests_says_a_text_in_english(guest: tuple[Surfer, str]) -> None:
    surfer, place = guest
    shown = [
        surfer.get("/u/xenia").text,
        surfer.get(place).text,
        surfer.get(f"{place}receipt").text,
    ]
    shown.append(surfer.post("/u/xenia/begin", data={"answer-0": "Z", "password": "z"}).text)
    sent = {"file": [(io.BytesIO(b"x" * 1500), "xyz.txt")], "unpack": ""}
    assert surfer.post(f"{place}send", data=sent).status_code == 303
    shown.append(surfer.get(place).text)
    assert surfer.post(f"{place}confirmed").status_code == 303
    shown += [surfer.get(place).text, surfer.get(f"{place}receipt").text]

    assert all('<html lang="de">' in page for page in shown)
    assert in_english(shown) == []
    assert "1,5 KiB" in shown[-1]
    assert "bis 01.01.2099, 00:00 Uhr (UTC)" in shown[0]


def test_what_checks_say_is_said_in_german(alice: Surfer, workspace: str) -> None:
    choose(alice, "de")
    shown = alice.get(workspace).text

    assert "„ring“, genannt in Zeile 3," in shown
    assert "Versteckte Dateien sind nicht erlaubt." in shown
    assert "Datei „.xyz“ entfernt [nicht erlaubt]." in shown
    assert not marked_as_english(shown)


def test_the_api_says_what_it_always_said(alice: Surfer, workspace: str, api: Person) -> None:
    choose(alice, "de")
    path = f"/v2/workspaces{workspace.removeprefix('/w')}"
    asked = api.get(f"{path}/findings", headers={"Accept-Language": "de"}).get_json()
    refused = api.get(f"{path}x", headers={"Accept-Language": "de"}).get_json()

    assert "Hidden file are not allowed." in {one["message"] for one in asked["findings"]}
    assert "English" not in refused["detail"]


def test_what_a_script_was_told_is_said_in_the_language_of_its_page(surfer: Surfer) -> None:
    choose(surfer, "de")

    def again(text: str) -> object:
        return surfer.get("/web/said", query_string={"text": text}).get_json()

    assert again("The upload was refused.") == {
        "text": "Die Übertragung wurde abgelehnt.", "language": "de",
    }  # fmt: skip
    assert again("<b>Fine</b>") == {"text": "<b>Fine</b>", "language": "en"}
    assert surfer.get("/web/said").status_code == 422
    assert surfer.get("/web/said", query_string={"text": "x" * 4001}).status_code == 422


def test_a_refusal_with_a_value_is_said_in_german(alice: Surfer) -> None:
    choose(alice, "de")
    refused = alice.send("/w", {"name": "x" * 5000, "profile": "arxiv"})

    assert refused.status_code == 422
    assert "„name“ hat 5000 Zeichen und darf 200 haben." in refused.text
    assert in_english([refused.text]) == []


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.1", "de"),
        ("en;q=0.2, de;q=0.7", "de"),
        ("fr, de;q=0.1", "de"),
        ("en-GB,de;q=0.9", "en"),
        ("fr", "en"),
        ("", "en"),
        ("de;q=0", "en"),
        (";;q=x,\xff", "en"),
    ],
    ids=["german", "austrian", "weights", "second", "british", "french", "none", "never", "junk"],
)
def test_a_page_is_in_the_language_that_is_liked_most(
    surfer: Surfer, asked: str, language: str
) -> None:
    answer = surfer.get("/login", headers={"Accept-Language": asked})

    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["Content-Language"] == language
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_a_choice_is_remembered_and_leads_back(surfer: Surfer, app: Flask) -> None:
    page = surfer.get("/login?to=%2Fw%3Fq%3Da").text
    back = re.search(r'name="to" value="(/login[^"]*)"', page)
    assert back is not None

    place = choose(surfer, "de", back[1])

    assert place.endswith("login?to=%2Fw%3Fq%3Da")
    assert '<html lang="de">' in surfer.get("/w", follow_redirects=True).text
    assert '<html lang="en">' in a_surfer(app).get("/login").text
    choose(surfer, "en")
    assert '<html lang="en">' in surfer.get("/login", headers={"Accept-Language": "de"}).text


def test_the_cookie_is_for_pages_alone(surfer: Surfer) -> None:
    answer = surfer.post("/web/language", data={"language": "de"})

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("language=de;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=31536000" in cookie


@pytest.mark.parametrize("language", ["", "xx", "../en", "de; Domain=x"])
def test_a_language_that_there_is_not_changes_nothing(surfer: Surfer, language: str) -> None:
    answer = surfer.post("/web/language", data={"language": language})

    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil", ""])
def test_a_choice_leads_nobody_elsewhere(surfer: Surfer, to: str) -> None:
    answer = surfer.post("/web/language", data={"language": "de", "to": to})

    assert answer.headers["Location"].endswith("w")
    assert "evil" not in answer.headers["Location"]


def test_another_site_chooses_no_language(surfer: Surfer) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

    answer = surfer.post("/web/language", data={"language": "de"}, headers=headers)

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_what_a_cookie_says_is_no_path(surfer: Surfer) -> None:
    surfer.client.set_cookie("language", "../../de", domain="fooserver.localdomain")

    assert '<html lang="en">' in surfer.get("/login").text


def test_a_file_of_any_name_is_come_back_to(alice: Surfer, api: Person) -> None:
    made = api.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"]
    api.put(f"/v2/workspaces/{made}/files/100%25 größe.txt", b"x")
    shown = alice.get(f"/w/{made}/f/100%25 größe.txt")
    back = re.search(r'name="to" value="(/w/[^"]*)"', shown.text)
    assert back is not None

    place = choose(alice, "de", back[1])

    assert place.endswith(f"w/{made}/f/100%25%20gr%C3%B6%C3%9Fe.txt")


def test_whoever_signs_in_comes_to_a_file_of_any_name(app: Flask) -> None:
    asked = a_surfer(app).get("/w/1/f/größe.txt")

    shown = a_surfer(app).get(f"/{asked.headers['Location'].split('/')[-1]}")

    assert 'name="to" value="/w/1/f/gr%C3%B6%C3%9Fe.txt"' in shown.text


def test_a_hand_over_is_in_german(alice: Surfer, api: Person) -> None:
    headers = {"Authorization": a_token("7", username="xyzzy")}
    url = api.client.post("/web/handovers", headers=headers).get_json()["url"]

    shown = alice.get(url[url.index("/login") :], headers={"Accept-Language": "de"})

    assert in_english([shown.text]) == []
