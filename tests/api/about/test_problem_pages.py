"""The page that a refusal's ``type`` leads to says in words what it means and what to do now."""

import re
import subprocess
import sys
from html import unescape

import pytest
from flask.testing import FlaskClient

from filemanager.api.about.code_words import error_kinds, error_words, problem_words

_SENTENCES = re.compile(r"[A-Z/].* .* .*[.]")


def test_what_is_written_down_is_what_there_is(client: FlaskClient) -> None:
    assert client.get("/docs").status_code == 200  # every door's refusals are known by now

    assert list(problem_words()) == list(error_words())


def test_each_page_says_what_it_means_and_what_to_do_now(client: FlaskClient) -> None:
    for code, words in error_words().items():
        page = unescape(client.get(f"/docs/problems/{code}").text)

        meaning, remedy = f">{words.meaning}</p>", f">{words.remedy}</p>"
        assert page.index(meaning) < page.index("<h2>What to do now</h2>") < page.index(remedy)


@pytest.mark.parametrize("part", [0, 1], ids=["meaning", "remedy"])
def test_words_are_sentences(part: int) -> None:
    written = {code: words[part] for code, words in problem_words().items()}

    assert [code for code, text in written.items() if not _SENTENCES.fullmatch(text)] == []


def test_words_are_made_neither_of_a_name_nor_of_what_is_meant_for_programmers() -> None:
    written = problem_words()

    for kind in error_kinds():
        meaning, remedy = written[kind.code]
        name, docstring = kind.__name__.lower(), " ".join((kind.__doc__ or "").split())
        for text in (meaning, remedy):
            assert re.sub("[^a-z]", "", text.lower()) != name
            assert text != docstring


_WITH_AN_UNWRITTEN_CODE = """
from filemanager.api.about.code_words import error_words
from filemanager.domain.errors import NotFound
class Vanished(NotFound): code = "vanished"
print(error_words()["vanished"].meaning)
"""


def test_of_a_code_without_words_the_status_is_told() -> None:
    """In a process of its own: here it would be known to every later test."""
    done = subprocess.run(
        [sys.executable, "-c", _WITH_AN_UNWRITTEN_CODE], check=True, capture_output=True
    )

    assert done.stdout == b"A refusal with 404 Not Found.\n"
