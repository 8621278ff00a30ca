"""Below a prefix that a proxy in front takes off: every link leads to where it says."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from builders.papers import PAPER, a_tarball, a_token
from people.granting import a_file
from people.person import Person
from people.pushers import basic, door_settings
from people.tus_uploader import MEDIA, metadata
from people.visitors import a_form, md5, sharded

PREFIX = "/fm"
HERE = f"http://localhost{PREFIX}"
API = f"{PREFIX}/filemanager/api"
V2 = f"{API}/v2/workspaces/1"
ASYNC = {"Prefer": "respond-async"}
ADDRESS = re.compile(r'(?:href|src|action)="([^"#]+)"')
CHOOSER = "web/language"
"""Where a form of each page posts to, and nothing is to get."""


@dataclass(frozen=True)
class Prefixed:
    """Somebody who asks by way of a proxy that takes the prefix off, as nginx does."""

    client: Client

    def ask(self, method: str, url: str, **sent: Any) -> TestResponse:
        headers = {"Authorization": a_token("1"), **sent.pop("headers", {})}
        peer = {"REMOTE_ADDR": "127.0.0.1"}
        return self.client.open(url, method=method, headers=headers, environ_base=peer, **sent)

    def led(self, response: TestResponse, header: str = "Location") -> TestResponse:
        """Where an answer leads, asked by GET."""
        told = response.headers[header].partition(";")[0].strip("<>")
        return self.ask("GET", self.resolved(response, told))

    def resolved(self, response: TestResponse, reference: str) -> str:
        # As it was sent: who asked knows no other.
        place = urlsplit(urljoin(str(response.request.environ["RAW_URI"]), reference))
        assert place.path.startswith(f"{PREFIX}/"), reference
        return place.path + (f"?{place.query}" if place.query else "")


def stripped(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    def proxy(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        assert environ["PATH_INFO"].startswith(f"{PREFIX}/")
        names = ("PATH_INFO", "RAW_URI", "REQUEST_URI")
        passed = {name: environ[name].removeprefix(PREFIX) for name in names}
        return application({**environ, **passed}, start_response)

    return proxy


@pytest.fixture
def owner(app: Flask, alice: Person) -> Prefixed:
    """Alice, with a workspace."""
    alice.create("main.tex", PAPER)
    return Prefixed(Client(stripped(app)))


def test_an_upload_in_pieces_is_where_its_location_says(owner: Prefixed) -> None:
    wanted = metadata({"workspace": 1, "filename": "a.txt"})
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "3", "Upload-Metadata": wanted}
    for url in (f"{PREFIX}/uploads/tus", f"{PREFIX}/uploads/tus/"):
        begun = owner.ask("POST", url, headers=headers)
        place = owner.resolved(begun, begun.headers["Location"])

        sent = {**headers, "Upload-Offset": "0", "Content-Type": MEDIA}
        assert owner.ask("PATCH", place, data=b"abc", headers=sent).status_code == 204


def test_parts_are_named_by_what_their_answers_said(owner: Prefixed) -> None:
    url, told = f"{PREFIX}/uploads/tus", {"Tus-Resumable": "1.0.0"}
    part = {**told, "Upload-Length": "3", "Upload-Concat": "partial", "Content-Type": MEDIA}
    names = [
        owner.ask("POST", url, data=b"abc", headers=part).headers["Location"] for _ in range(3)
    ]
    names[1:] = [f"{PREFIX}/uploads/{names[1]}", f"{HERE}/uploads/{names[2]}"]
    wanted = metadata({"workspace": 1, "filename": "a.txt"})

    whole = {**told, "Upload-Concat": f"final;{' '.join(names)}", "Upload-Metadata": wanted}
    joined = owner.ask("POST", url, headers=whole)

    assert joined.status_code == 201
    assert owner.ask("GET", f"{V2}/files/a.txt").data == b"abcabcabc"


@pytest.mark.parametrize("path", ["notes.txt", "d/e/notes.txt", "d%2Fnotes.txt", "a:b.txt"])
def test_a_file_is_where_its_location_says(owner: Prefixed, path: str) -> None:
    made = owner.ask("PUT", f"{V2}/files/{path}", data=b"hello\n")

    assert owner.led(made).data == b"hello\n"


def test_what_is_made_is_where_its_location_says(owner: Prefixed) -> None:
    workspace = owner.ask("POST", f"{API}/v2/workspaces", json={})
    checkpoint = owner.ask("POST", f"{V2}/checkpoints", json={})
    job = owner.ask("POST", f"{V2}/check", headers=ASYNC)
    wish = {"workspace": 1, "files": [a_file("a.txt")]}
    grant = owner.ask("POST", f"{PREFIX}/uploads/grants", json=wish)

    for made in (workspace, checkpoint, job, grant):
        assert owner.led(made).status_code == 200
    assert owner.led(workspace, "Link").status_code == 200


def test_the_next_page_is_where_the_link_says(owner: Prefixed) -> None:
    owner.ask("POST", f"{API}/v2/workspaces", json={})
    first = owner.ask("GET", f"{API}/v2/workspaces?limit=1")

    second = owner.led(first, "Link")

    ids = [one["id"] for page in (first, second) for one in page.get_json()["workspaces"]]
    assert ids == [1, 2]


def test_the_closing_slash_is_asked_for_below_the_prefix(owner: Prefixed) -> None:
    redirect = owner.ask("GET", f"{PREFIX}/bucket/blob?limit=5")

    assert redirect.status_code == 308
    assert (
        owner.resolved(redirect, redirect.headers["Location"]) == f"{PREFIX}/bucket/blob/?limit=5"
    )


def test_every_link_of_a_page_leads_somewhere(owner: Prefixed) -> None:
    headers = {"Authorization": a_token("4", "bucket:read", "bucket:write"), "Accept": "text/html"}
    body, kind = a_form({"a b?#%:é.txt": b"1", "d.tar": a_tarball({"x/y": b"2"}, "w")})
    sent = owner.ask("POST", f"{PREFIX}/bucket/upload", data=body, content_type=kind,
                     headers={**headers, "Accept": "*/*"})  # fmt: skip
    exploded = sent.get_json()["files"][1]["path"]["archive"]
    pages = ["docs", "docs/problems/not_found", "docs/findings/main_file",
             "bucket/", "bucket/upload", "bucket/upload/inspect", "bucket/checksum", "bucket/blob/",
             f"bucket/checksum/{md5(b'1')}",
             f"bucket/{exploded}", f"bucket/{exploded}/", f"bucket/{exploded}/x/"]  # fmt: skip

    for path in pages:
        page = owner.ask("GET", f"{PREFIX}/{path}", headers=headers)
        links = [one for one in ADDRESS.findall(page.text) if not one.endswith(CHOOSER)]
        assert links, path
        for link in links:
            with owner.ask("GET", owner.resolved(page, link), headers=headers) as found:
                assert found.status_code == 200, (path, link)


@pytest.mark.parametrize("special", [door_settings()])
def test_pages_of_repositories_lead_where_they_say(owner: Prefixed) -> None:
    for path in ("", "index", "live", "live/", "live/2.8", "live/2.8/ubuntu/", "nothing"):
        page = owner.ask("GET", f"{PREFIX}/repositories/{path}", headers={"Accept": "text/html"})
        links = [one for one in ADDRESS.findall(page.text) if not one.endswith(CHOOSER)]
        assert links, path
        for link in links:
            with owner.ask("GET", owner.resolved(page, link)) as found:
                assert found.status_code == 200, (path, link)


@pytest.mark.parametrize("special", [{**door_settings(), "threads": 1}])
def test_what_is_not_published_yet_is_where_its_location_says(owner: Prefixed) -> None:
    sent = {"headers": {"Authorization": basic()}}
    path = "repositories/live/2.8/el/9"

    told = owner.ask("POST", f"{PREFIX}/{path}?wait=true", **sent)

    place = owner.resolved(told, told.headers["Location"])
    assert place == f"{PREFIX}/repositories/api/live/2.8/el/9"


def test_known_bytes_are_where_the_location_says(owner: Prefixed) -> None:
    headers = {"Authorization": a_token("4", "bucket:read", "bucket:write")}
    body, kind = a_form({"a.txt": b"1"})
    owner.ask("POST", f"{PREFIX}/bucket/upload", data=body, content_type=kind, headers=headers)

    found = owner.ask("HEAD", f"{PREFIX}/bucket/checksum/{md5(b'1')}", headers=headers)

    place = owner.resolved(found, found.headers["Location"])
    assert place == f"{PREFIX}/bucket/{sharded('blob', md5(b'1'))}"


def test_the_description_says_that_the_service_is_beside_it(owner: Prefixed) -> None:
    told = owner.ask("GET", f"{PREFIX}/openapi.json")

    server = told.get_json()["servers"][0]["url"]
    assert urljoin(told.request.url, server) == f"{HERE}/"


URL = "https://files.example.org/fm"
PUBLIC = {"public_url": f"{URL}/"}
BELIEVED = {"trusted_proxies": "127.0.0.0/8"}
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "files.example.org",
             "X-Forwarded-Prefix": "/fm"}  # fmt: skip


@pytest.mark.parametrize(
    ("special", "headers"), [(PUBLIC, {}), (BELIEVED, FORWARDED)], ids=["setting", "proxy"]
)
def test_urls_in_json_are_whole(owner: Prefixed, headers: dict[str, str]) -> None:
    problem = owner.ask("GET", f"{V2}/nothing", headers=headers).get_json()
    wish = {"workspace": 1, "files": [a_file("a.txt")]}
    grant = owner.ask("POST", f"{PREFIX}/uploads/grants", json=wish, headers=headers)
    form = a_form({"": b""})
    added = owner.ask("POST", f"{API}/1/checkpoint", data=form[0], headers=headers)
    described = owner.ask("GET", f"{PREFIX}/openapi.json", headers=headers).get_json()

    assert added.status_code == 200
    assert problem["type"] == f"{URL}/docs/problems/not_found"
    assert grant.get_json()["files"][0]["put"]["url"].startswith(f"{URL}/uploads/direct/")
    assert described["servers"] == [{"url": URL}]
    assert owner.led(grant).status_code == 200


@pytest.mark.parametrize(
    ("special", "headers"), [(PUBLIC, {}), (BELIEVED, FORWARDED)], ids=["setting", "proxy"]
)
def test_the_location_of_a_drop_in_workspace_is_whole(
    app: Flask, alice: Person, headers: dict[str, str]
) -> None:
    assert app.url_map
    made = alice.upload("/", "main.tex", PAPER, headers=headers)

    assert made.headers["Location"] == f"{URL}/filemanager/api/1"
