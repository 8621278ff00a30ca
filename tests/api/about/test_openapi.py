"""/openapi.json and /docs: one description of every route, and nothing but that."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from filemanager.api.about.code_words import error_words, finding_words
from filemanager.api.about.openapi import UndescribedRoutes, document, operations
from filemanager.api.http.guards import Tokens
from filemanager.commands.openapi import openapi
from filemanager.sanitize.codes import Code
from web.german import ensure_framed

COMMITTED = Path(__file__).parents[3] / "docs" / "openapi.json"


class _Page(HTMLParser):
    """What a page links to, loads, and can be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.anchors += [found["id"]] if "id" in found else []
        if tag == "a":
            self.links.append(found["href"])
        else:
            self.loads += [found[name] for name in ("src", "href") if name in found]


@pytest.fixture
def described(client: FlaskClient) -> dict[str, Any]:
    return dict(client.get("/openapi.json").get_json())


@pytest.fixture
def page(client: FlaskClient) -> _Page:
    return _Page(client.get("/docs").text)


def test_it_is_valid(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(described).iter_errors()) == []


def test_the_committed_description_is_the_present_one(client: FlaskClient) -> None:
    """Run ``make openapi`` after a change of routes."""
    assert COMMITTED.read_text() == client.get("/openapi.json").text


def test_the_command_prints_it(client: FlaskClient) -> None:
    printed = CliRunner().invoke(openapi).output

    assert printed == client.get("/openapi.json").text


def test_it_is_304_for_who_has_it(client: FlaskClient) -> None:
    for path in ("/openapi.json", "/docs"):
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_every_route_that_does_something_is_described(
    app: Flask, described: dict[str, Any]
) -> None:
    """HEAD is told apart only where there is no GET, and what catches the rest not at all, nor
    what people with a browser's session ask for.
    """
    wanted = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule, method, operation in operations(app)
        if min(operation.answers) < 400
        and (not rule.endpoint.startswith("pages.") or operation.guard.tokens is Tokens.NEEDED)
    }
    found = {(path, method) for path, methods in described["paths"].items() for method in methods}

    assert found == wanted
    assert not any({"get", "head"} <= set(methods) for methods in described["paths"].values())


def test_a_route_without_a_description_stops_it(own_app: Flask) -> None:
    own_app.add_url_rule("/secret", "secret", lambda: "")

    with pytest.raises(UndescribedRoutes, match="/secret"):
        document(own_app)


def test_every_operation_has_a_name_of_its_own(described: dict[str, Any]) -> None:
    names = [one["operationId"] for path in described["paths"].values() for one in path.values()]

    assert len(names) == len(set(names))


def test_every_refusal_of_v2_is_a_problem(described: dict[str, Any]) -> None:
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            for status, answer in one["responses"].items():
                if "/v2/" in path and int(status) >= 400 and method != "head":
                    assert list(answer["content"]) == ["application/problem+json"], path


def test_head_has_no_body_and_no_range(described: dict[str, Any]) -> None:
    heads = [methods["head"] for methods in described["paths"].values() if "head" in methods]

    assert heads
    for head in heads:
        assert not {"206", "416"} & set(head["responses"])
        assert not any("content" in answer for answer in head["responses"].values())


def test_codes_may_become_more(described: dict[str, Any]) -> None:
    models = described["components"]["schemas"]
    code, finding = (models[model]["properties"]["code"] for model in ("Problem", "FindingView"))

    assert (code["type"], finding["type"]) == ("string", "string")
    assert "enum" not in code | finding
    assert code["x-extensible-enum"] == list(error_words())
    assert finding["x-extensible-enum"] == list(finding_words())


def test_the_page_shows_fields_and_an_example_of_each_model(
    client: FlaskClient, described: dict[str, Any], page: _Page
) -> None:
    shown = re.findall("<pre[^>]*><code>(.*?)</code></pre>", client.get("/docs").text, re.DOTALL)
    examples = [json.loads(unescape(text)) for text in shown]

    for name, model in described["components"]["schemas"].items():
        assert f"model-{name}" in page.anchors
        assert all(example in examples for example in model.get("examples", ())), name


def test_every_finding_code_is_explained() -> None:
    assert set(finding_words()) == {str(code) for code in Code}


def test_every_code_has_an_anchor(page: _Page) -> None:
    codes = set(error_words()) | {f"finding-{code}" for code in finding_words()}

    assert codes <= set(page.anchors)
    assert len(page.anchors) == len(set(page.anchors))


def test_every_code_has_a_page(client: FlaskClient) -> None:
    codes = {"problems": error_words(), "findings": finding_words()}

    for kind, words in codes.items():
        for code in words:
            found = client.get(f"/docs/{kind}/{code}")
            assert (found.status_code, f"<h1><code>{code}</code></h1>" in found.text) == (200, True)


def test_the_page_of_a_problem_says_its_status(client: FlaskClient) -> None:
    page = client.get("/docs/problems/writers_wait")

    assert "503 (Service Unavailable)" in page.text
    assert "Others are writing" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("kind", ["problems", "findings"])
def test_an_unknown_code_has_none(client: FlaskClient, kind: str) -> None:
    refused = client.get(f"/docs/{kind}/nothing")

    assert (refused.status_code, refused.get_json()["code"]) == (404, "code_unknown")


def test_every_link_of_the_page_leads_somewhere(client: FlaskClient, page: _Page) -> None:
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.anchors
        else:
            assert client.get(urljoin("/docs", link)).status_code == 200, link


def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing(
    client: FlaskClient, page: _Page
) -> None:
    response = client.get("/docs")

    policy = response.headers["Content-Security-Policy"]
    assert [re.sub("[0-9a-f]{16}", "…", one) for one in page.loads] == [
        "static/…/pages.css",
        "static/…/docs.css",
    ]
    assert not {"script", "style", "iframe", "img"} & set(page.tags)
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert 'name="viewport"' in response.text
    for load in page.loads:
        with client.get(f"/{load}") as style:
            assert b"http" not in style.data


def test_the_page_is_german_but_for_what_the_description_says(client: FlaskClient) -> None:
    english = client.get("/docs", headers={"Accept-Language": "en"})
    for path in ("/docs?x=%3Cscript%3E", "/docs/problems/not_found", "/docs/findings/main_file"):
        shown = client.get(path, headers={"Accept-Language": "de", "Accept": "text/html"})

        ensure_framed(shown, "de")
        assert shown.headers["ETag"] != english.headers["ETag"]
    assert "%3Cscript" not in client.get("/docs", headers={"Accept-Language": "de"}).text
    assert client.get("/docs", headers={"Accept-Language": "en"}).text == english.text


def test_the_committed_description_names_no_machine() -> None:
    assert json.loads(COMMITTED.read_text())["servers"] == [{"url": "."}]
