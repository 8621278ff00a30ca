"""The bucket as pages: what browsers see of it, in both languages."""

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from builders.papers import a_tarball
from filemanager.domain.ids import digest_of
from people.visitors import Visitor, a_form, md5, sharded
from web.german import ensure_framed

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
GERMAN = {**BROWSER, "Accept-Language": "de"}
HARM = (
    "<script>alert(1)</script>.txt",
    '"><img src=x onerror=alert(1)>.txt',
    'a" onmouseover=alert(1).txt',
    "javascript:alert(1)",
    "{{ 7 * 7 }}.txt",
)


@pytest.fixture
def special() -> dict[str, Any]:
    return {
        "bucket": {"bucket_anonymous": "write", "replicate_0": "user/${Username}"},
    }


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_page_is_in_the_language_that_is_asked_for(passer_by: Visitor, language: str) -> None:
    headers = {**BROWSER, "Accept-Language": language}
    tar = a_tarball({"d/a.txt": b"1"}, "w")
    body, kind = a_form({"a.txt": b"text", "d.tar": tar})
    sent = passer_by.call(
        "POST", "upload", data=body, content_type=kind, headers={**headers, "Username": "bob"}
    )
    body, kind = a_form({"a.txt": b"text"})
    tried = passer_by.call("POST", "upload/inspect", data=body, content_type=kind, headers=headers)
    shown = [
        passer_by.get(path, headers=headers)
        for path in (
            "", "upload", "upload/inspect", "checksum", f"checksum/{md5(b'text')}", "blob/",
            "replica/", "replica/user/bob/", f"{sharded('explode', md5(tar))}/",
        )
    ]  # fmt: skip
    refused = [
        passer_by.get("checksum/0000", headers=headers),
        passer_by.get("nothing", headers=headers),
        passer_by.call("POST", "upload", headers=headers),
    ]

    assert {one.status_code for one in (sent, tried, *shown)} == {200}
    assert [one.status_code for one in refused] == [404, 404, 400]
    for one in (sent, tried, *shown, *refused):
        ensure_framed(one, language)


def test_what_was_received_is_a_table_that_leads_to_it(passer_by: Visitor) -> None:
    tar = a_tarball({"x": b"member"}, "w")
    body, kind = a_form({"a.txt": b"text", "d.tar": tar})

    page = passer_by.call(
        "POST", "upload", data=body, content_type=kind, headers={**BROWSER, "Username": "bob"}
    )

    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page.text)
    assert len(rows) == 2
    assert digest_of(b"text") in rows[0]
    assert md5(b"text") in rows[0]
    assert "4 bytes" in rows[0]
    assert "RateLimit" in page.headers
    for row in rows:
        links = re.findall(r'href="([^"]+)"', row)
        assert len(links) >= 2
        for link in links:
            assert passer_by.client.get(urljoin("/bucket/upload", link)).status_code == 200, link


def test_programs_are_answered_by_json_as_ever(passer_by: Visitor) -> None:
    body, kind = a_form({"a.txt": b"text"})
    for accepted in ("*/*", "application/json", ""):
        headers = {"Accept": accepted}
        sent = passer_by.call("POST", "upload", data=body, content_type=kind, headers=headers)
        found = passer_by.get(f"checksum/{md5(b'text')}", headers=headers)
        missing = passer_by.get("nothing", headers=headers)

        assert sent.get_json()["path"]["blob"] == sharded("blob", md5(b"text"))
        assert found.get_json()["names"][0] == "a.txt"
        assert missing.get_json()["code"] == 404


def test_a_checksum_is_searched_by_a_form(passer_by: Visitor) -> None:
    passer_by.keep("a.txt", b"text")
    digest = digest_of(b"text")

    led = passer_by.get(f"checksum?checksum=%20{digest}%0A", headers=BROWSER)
    found = passer_by.get(f"checksum/{digest}", headers=BROWSER)
    elsewhere = passer_by.get("checksum?checksum=../..//evil.example", headers=BROWSER)

    place = urljoin("/bucket/checksum", led.headers["Location"])
    assert (led.status_code, place) == (303, f"/bucket/checksum/{digest}")
    assert "a.txt" in found.text
    assert digest in found.text
    assert elsewhere.headers["Location"] == "checksum/..%2F..%2F%2Fevil.example"


def test_names_that_mean_harm_do_nothing_on_any_page(passer_by: Visitor) -> None:
    files = {name: name.encode() for name in HARM}
    tar = a_tarball({f"{name}/{name}": b"x" for name in HARM}, "w")
    body, kind = a_form({**files, "d.tar": tar})
    pages = [passer_by.call("POST", path, data=body, content_type=kind, headers=BROWSER)
             for path in ("upload", "upload/inspect")]  # fmt: skip
    place = sharded("explode", md5(tar))
    pages += [
        passer_by.get(path, headers=BROWSER)
        for path in (
            "blob/", f"{place}/", f"checksum/{md5(b'x')}", "checksum/%3Cscript%3E",
            *(f"checksum/{md5(data)}" for data in files.values()),
        )
    ]  # fmt: skip

    for page in pages:
        assert page.status_code in (200, 404)
        ensure_framed(page, "en")
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert 'href="javascript:' not in page.text
        assert "49.txt" not in page.text
    assert "{{ 7 * 7 }}.txt" in pages[0].text


@pytest.mark.parametrize(
    "special", [{"pages": {"web": False}, "bucket": {"bucket_anonymous": "write"}}]
)
def test_without_pages_of_accounts_there_is_german_and_nothing_to_choose(
    passer_by: Visitor,
) -> None:
    page = passer_by.get("", headers=GERMAN)

    ensure_framed(page, "de")
    assert "<footer" not in page.text


def test_a_language_that_was_chosen_is_kept_to(client: FlaskClient) -> None:
    origin = {"Origin": "http://fooserver.localdomain", "Sec-Fetch-Site": "same-origin"}
    page = client.get("/bucket/upload", headers=BROWSER)
    assert 'name="to" value="/bucket/upload"' in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    chosen = client.post(
        "/web/language", data={"language": "de", "to": "/bucket/upload"}, headers=origin
    )

    assert chosen.status_code == 303
    ensure_framed(client.get("/bucket/upload", headers=BROWSER), "de")
