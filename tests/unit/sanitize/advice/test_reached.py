"""What the main files lead to, as TeX looks for names."""

from collections.abc import Mapping

import pytest

from filemanager.sanitize.advice.reached import (
    MAX_COMPUTED,
    TexFiles,
    TooManyNames,
    reached,
    unreached,
)
from filemanager.sanitize.advice.tex.mentions import mentions_in


def left(texts: Mapping[str, str], *others: str, as_sent: Mapping[str, str] | None = None) -> str:
    """The paths that are not reached from ``main.tex``."""
    sources = TexFiles(
        paths=(*texts, *others),
        mentions={path: tuple(mentions_in(text)) for path, text in texts.items()},
        mains=[path for path in texts if path.endswith("main.tex")],
        as_sent=as_sent or {},
    )
    return " ".join(unreached(sources, reached(sources)))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (r"\input{a}", "a.tex"),
        (r"\input{./sub/../a.tex}", "a.tex"),
        (r"\includegraphics{a}", "a.pdf"),
        (r"\includegraphics{a}", "a.JPG"),
        (r"\includegraphics{a.b}", "a.b.png"),
        (r"\includegraphics{a}", "a.eps.gz"),
        (r"\includegraphics{a}", "a-eps-converted-to.pdf"),
        (r"\includegraphics{a.eps}", "a-eps-converted-to.pdf"),
        (r"\graphicspath{{figs/}}\includegraphics{a}", "figs/a.png"),
        (r"\import{parts/}{a}", "parts/a.tex"),
        (r"\usepackage{a}", "a.sty"),
        (r"\documentclass{a}", "a.cls"),
        (r"\bibliography{a}", "a.bib"),
        (r"\bibliographystyle{a}", "a.bst"),
        (r"\lstinputlisting{a.py}", "a.py"),
        (r"\newcommand{\f}[1]{\includegraphics{figs/#1}}", "figs/a.png"),
        (r"\input{\parts/a}", "parts/a.tex"),
        (r"\lstinputlisting{#1}", "a.c"),
    ],
)
def test_a_file_is_reached_by_its_name(text: str, path: str) -> None:
    assert left({"main.tex": text}, path) == ""


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (r"\input{A}", "a.tex"),
        (r"\input{a}", "a.pdf"),
        (r"\includegraphics{a.png}", "a.pdf"),
        (r"\includegraphics{a}", "sub/a.pdf"),
        (r"\newcommand{\f}[1]{\includegraphics{figs/#1}}", "figs/a.txt"),
        (r"\graphicspath{{\figs/}}", "figs/a.png"),
        ("", "a.bbl"),
    ],
)
def test_another_file_is_not(text: str, path: str) -> None:
    assert left({"main.tex": text}, path) == path


def test_what_is_reached_leads_on_and_islands_do_not() -> None:
    texts = {
        "main.tex": r"\input{one}", "one.tex": r"\input{two}\input{main}",
        "two.tex": r"\includegraphics{fig}", "old.tex": r"\includegraphics{oldfig}",
    }  # fmt: skip

    assert left(texts, "fig.pdf", "oldfig.pdf") == "old.tex oldfig.pdf"


def test_the_same_computed_name_leads_to_the_same_files() -> None:
    texts = {"main.tex": r"\input{\parts/one}", "sub/one.tex": r"\input{\parts/one}"}

    assert left(texts, "two.tex") == "two.tex"


def test_names_are_looked_for_beside_the_main_and_the_naming_file() -> None:
    texts = {"paper/main.tex": r"\input{parts/one}", "paper/parts/one.tex": r"\input{two}"}

    assert left(texts, "paper/parts/two.tex", "two.tex", "three.tex") == "three.tex"


def test_files_that_tex_reads_unnamed_are_not_blamed() -> None:
    assert left({"main.tex": ""}, "main.bbl", "main.ind", "x.fd", "x.pfb", "y.cfg") == ""


def test_a_renamed_file_is_found_by_its_name_as_sent() -> None:
    texts = {"main.tex": r"\epsfig{file=a.eps}\includegraphics{\dir/b(1)}"}

    sent = {"a.ps": "a.eps", "b_1_.png": "x/b(1).png"}

    assert left(texts, *sent, as_sent=sent) == ""


def test_too_many_computed_names_are_refused() -> None:
    text = "".join(rf"\input{{a{number}\x}}" for number in range(MAX_COMPUTED + 1))

    with pytest.raises(TooManyNames):
        left({"main.tex": text})
