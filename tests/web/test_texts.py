"""No text of a page is outside of the catalogues, and each language has every one."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from jinja2 import Environment, nodes

from web import catalogue

SPOKEN = ("title", "alt", "placeholder", "aria-label")
OF_EVERY_LANGUAGE = {"DOI", "KEY.asc", "README", "SHA-256", "openapi.json", "package.zip"}
ATTRIBUTE = re.compile(r'[a-z-]+=""')
WORD = re.compile(r"[^\W\d_]{2,}")
WORDS = re.compile(r"^[A-Z][a-z]+(?:[ .:,]|$)|[a-z]{2,},? [a-z]{2,}")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)[^{}]*\}")

TRANSLATING = {"_", "gettext", "ngettext"}
FOR_PROGRAMMERS = {
    "Field": "the description of the API",
    "Public": "why a route is open, for readers of the code",
    "OpenPage": "why a route is open, for readers of the code",
    "SignedIn": "the same",
    "HandsOver": "the same",
    "GuestPage": "the same",
    "Malformed": "a refusal, in the words that programs get",
    "SignInRefused": "the same, in the catalogue",
    "UnsupportedMediaType": "the same",
    "FileNotFound": "the same",
    "page_headers": "a policy",
    "compile": "a pattern",
}

languages = pytest.mark.parametrize(
    "path", catalogue.languages(), ids=[path.parts[-3] for path in catalogue.languages()]
)


class Spoken(HTMLParser):
    """What a reader sees or hears of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.texts += [value for name, value in attrs if name in SPOKEN and value]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def outside_of_template(source: str) -> set[str]:
    parsed = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(source)
    html = "".join(one.data for one in parsed.find_all(nodes.TemplateData))
    # A macro may give a tag its attributes.
    texts = [ATTRIBUTE.sub("", text).strip() for text in Spoken(html).texts]
    for output in parsed.find_all(nodes.Output):
        for one in output.nodes:
            texts += untranslated(one)
    return {text for text in texts if WORD.search(text)} - OF_EVERY_LANGUAGE


def untranslated(node: nodes.Node) -> Iterator[str]:
    """Texts of an expression that no function is given, and that nothing is looked up by."""
    if isinstance(node, nodes.Call):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes(exclude=("key", "arg")):
        yield from untranslated(child)


def test_no_text_of_a_template_is_outside_of_the_catalogues() -> None:
    found = {
        path.name: outside
        for path in catalogue.templates()
        if (outside := outside_of_template(path.read_text()))
    }

    assert found == {}


@pytest.mark.parametrize(
    "source",
    ["<p>Hello", '<a title="Hello">', '{{ "Hello" if x else _() }}', '<a aria-label="My {{ x }}">'],
    ids=["text", "attribute", "expression", "half"],
)  # fmt: skip
def test_a_text_outside_of_the_catalogues_is_found(source: str) -> None:
    assert outside_of_template(source) != set()


def called(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def outside_of_code(node: ast.AST) -> Iterator[str]:
    """Texts that look like words for people, but for docstrings and what programmers read."""
    if isinstance(node, ast.Call) and called(node) in (TRANSLATING | FOR_PROGRAMMERS.keys()):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORDS.search(node.value):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from outside_of_code(child)


FOR_MACHINES = {
    "Accept",
    "Accept, Accept-Language, Cookie",
    "Authorization",
    'Basic realm="share", charset="UTF-8"',
    "Git LFS",
    "Lax",
    "Location",
    "Part",  # a type, where one is cast
    "Seat",
    "SentForm",
    "Vary",
    "git clone ",
    "private, no-cache",
    "rclone copy --http-url ",
    "\ndvc pull",
    "\ngit annex init\ngit annex get .",
    "git lfs install\ngit clone ",
}


def test_no_text_of_the_code_of_pages_is_outside_of_the_catalogues() -> None:
    found = {
        (path.name, text)
        for path in catalogue.modules()
        for text in outside_of_code(ast.parse(path.read_text()))
        if text not in FOR_MACHINES
    }

    assert found == set()


def test_a_text_in_the_code_is_found() -> None:
    said = 'page("x.html", title="Problem", why=f"Not {x} at all", more=_("Fine"))'

    assert set(outside_of_code(ast.parse(said))) == {"Problem", "Not ", " at all"}


def placeholders(text: str) -> set[str]:
    return {one or other for one, other in PLACEHOLDER.findall(text)}


@languages
def test_a_language_has_every_text_and_no_other(path: Path) -> None:
    known = {(one.context, one.id) for one in catalogue.read(path) if one.id}
    wanted = {(one.context, one.id) for one in catalogue.extracted() if one.id}

    assert known == wanted, "make texts, and translate what is new"


@languages
def test_every_text_is_translated_with_its_placeholders(path: Path) -> None:
    wrong = [
        message.id
        for message in catalogue.read(path)
        if message.id
        for said in catalogue.forms(message.string)
        if message.fuzzy or not said or placeholders(said) != placeholders(first(message))
    ]

    assert wrong == []


def first(message: Message) -> str:
    return catalogue.forms(message.id)[0]


@languages
def test_what_is_served_is_what_is_written(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == catalogue.compiled(path), "make texts"
