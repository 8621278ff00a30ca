"""What checks and refusals say, said again in German: none is missing, and none is misread."""

import inspect
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from filemanager.api.about.code_words import error_kinds
from filemanager.api.pages.sentences import parsed, read
from filemanager.api.pages.texts import ENGLISH, Said, said
from filemanager.domain.errors import FilemanagerError
from filemanager.factory import application  # noqa: F401  # every refusal there is
from filemanager.sanitize.codes import Code
from filemanager.sanitize.hints import hint_on
from unit.sanitize.advice.advice_examples import ADVICE, advised
from unit.sanitize.examples import EXAMPLES
from web import catalogue
from web.german import english
from web.sentences import templates

VALUES = ("a.tex", "37", "b/c.zip", "41", "d", "e.ps")
FOR_PROGRAMS = (
    "filemanager.api.jobs",
    "filemanager.api.repositories.form",
    "filemanager.api.uploads",
    "filemanager.archives.packages",
    "filemanager.domain.rawstore",
    "filemanager.domain.repositories.signer",
    "filemanager.domain.upkeep",
    "filemanager.domain.uploads.bundle",
    "filemanager.domain.uploads.grant",
    "filemanager.exports.git",
)
"""Whose refusals come to no page."""

WITH_OTHER_WORDS = ("CheckpointNotFound", "FileNotFound")
"""They are given a sentence."""

ARGUMENTS: dict[str, object] = {
    "int": 7,
    "str": "x",
    "datetime": datetime(2030, 1, 1, tzinfo=UTC),
}


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with Flask("pages").test_request_context(headers={"Accept-Language": "de"}):
        yield


def ensure_german(texts: Iterable[str]) -> None:
    patterns = english()
    for text in texts:
        again = said(text)
        assert again.language == "de", text
        assert [one.pattern for one in patterns if one.search(again.text)] == [], again.text


def test_whatever_a_check_says_is_said_in_german() -> None:
    ensure_german(one.text for example in EXAMPLES for one in example.said())


def test_whatever_advice_says_is_said_in_german() -> None:
    ensure_german(one.message for code in ADVICE for one in advised(code))


def test_every_hint_is_said_in_german() -> None:
    ensure_german(hint for code in Code if (hint := hint_on(code)))


def an_argument(parameter: inspect.Parameter) -> object:
    kind = str(parameter.annotation).rpartition(".")[2].strip("'<>").partition("[")
    plain = str(kind[0]).removeprefix("class '")
    return ["x", "y"] if kind[1] else ARGUMENTS.get(plain, "x")


def a_refusal(kind: type[FilemanagerError]) -> FilemanagerError:
    signature = inspect.signature(kind)
    given = {name: an_argument(one) for name, one in signature.parameters.items()}
    return kind(**given)  # type: ignore[arg-type]  # each by the annotation that it has


def refusals() -> list[type[FilemanagerError]]:
    """Those that have a sentence of their own, and may come to a page."""
    return [
        kind
        for kind in error_kinds()
        if kind.__module__.startswith("filemanager.")
        and not kind.__module__.startswith(FOR_PROGRAMS)
        and kind.__name__ not in WITH_OTHER_WORDS
        and inspect.signature(kind) != inspect.signature(FilemanagerError)
    ]


def test_every_refusal_is_said_in_german() -> None:
    kinds = refusals()

    assert len(kinds) > 120
    for kind in kinds:
        assert said(a_refusal(kind).message).language == "de", kind


def test_a_sentence_is_read_by_the_template_that_made_it() -> None:
    with_values = [one for one in templates() if catalogue.PLACE.search(one)]

    assert len(with_values) > 200
    for template in with_values:
        places = dict.fromkeys(parsed(template).places)
        values = dict(zip(places, VALUES[: len(places)], strict=True))
        assert read(template.format_map(values)) == (template, values)


@pytest.mark.parametrize(
    "text",
    [
        "Renamed 'a' to 'b' to 'c'.",
        "'a' was not renamed to 'b' was not renamed to 'c' in line 3', since that exists already.",
        "Unnecessary x removed from 'a.ps' from line 3 b.ps had unpaired y",
        "Something that nobody says.",
        "",
    ],
    ids=["two ways", "as another", "two values", "unknown", "empty"],
)
def test_what_cannot_be_told_stays_english(text: str) -> None:
    assert said(text) == Said(text, ENGLISH)


def test_a_file_that_is_called_as_a_text_keeps_its_name() -> None:
    assert said("Renamed 'none' to 'private key'.").text == (
        "„none“ wurde in „private key“ umbenannt."
    )


def test_lists_are_said_piece_by_piece() -> None:
    text = "Looks like a secret: GitHub token in line 3, private key in line 9 and 4 more."

    assert said(text).text == (
        "Sieht nach einem Geheimnis aus: GitHub-Token in Zeile 3, privater Schlüssel in Zeile 9"
        " und 4 weitere."
    )
