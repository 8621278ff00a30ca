"""The list of what TeX Live itself has."""

from importlib.resources import files

import pytest

from filemanager.sanitize.advice.tex.texlive import texlive_names

MAX_LIST_BYTES = 300_000


@pytest.mark.parametrize(
    "name", ["epsf.tex", "xy.tex", "example-image-a.pdf", "IEEEabrv.bib", "glyphtounicode.tex"]
)
def test_it_is_in_tex_live(name: str) -> None:
    assert name in texlive_names()


@pytest.mark.parametrize("name", ["main.tex", "intro.tex", "refs.bib", "fig1.pdf", ""])
def test_what_authors_write_is_not(name: str) -> None:
    assert name not in texlive_names()


def test_the_list_is_small_and_says_where_it_is_from() -> None:
    data = (files("filemanager.sanitize.advice.tex") / "texlive_names.txt").read_bytes()

    assert len(data) < MAX_LIST_BYTES
    assert b"# texlive-latex-extra 2022.20230122-4\n" in data
