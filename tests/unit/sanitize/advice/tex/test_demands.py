"""Names of files that a text cannot do without."""

import pytest

from filemanager.sanitize.advice.tex.demands import demands_in, written_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (r"\input{sec/one}", ["t:sec/one"]),
        (r"\input one.tex and", ["t:one.tex"]),
        (r"\include {two}", ["t:two"]),
        (r"\subfile{a} \subfileinclude{b}", ["t:a", "t:b"]),
        (r"\import{v/}{w} \subimport{./x}{y}", ["t:v/w", "t:./x/y"]),
        (r"\includegraphics*[trim={0 1},clip]{{a.b}.pdf}", ["g:a.b.pdf"]),
        (r'\includegraphics<2>{"my figure"}', ["g:my figure"]),
        (r"\begin{overpic}[abs]{i}", ["g:i"]),
        (r"\bibliography{j, k}\addbibresource[label=x]{l.bib}", ["b:j", "b:k", "b:l.bib"]),
        (r"\lstinputlisting[language=C]{s} \verbatiminput{t}", ["f:s", "f:t"]),
        (r"\inputminted{python}{u}", ["f:u"]),
        (r"\input{a}\input{a}\include{a}", ["t:a"]),
    ],
)
def test_they_are_found(text: str, names: list[str]) -> None:
    assert [f"{one.family}:{one.name}" for one in demands_in(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        r"\newcommand{\f}[1]{\includegraphics{figs/#1}}",
        r"\input{\jobname-x} \includegraphics{\dir/a}",
        r"\InputIfFileExists{a}{}{} \IfFileExists{b.tex}{\input{b}}{}",
        r"\addbibresource{http://example.org/a.bib} \input{|date}",
        r"\input{main.toc} \inputminted{c} \import{a}",
        r"\verb|\input{a}|",
        "\\begin{lstlisting}\n\\input{a}\n\\end{lstlisting}",
        r"\end{document} \input{a}",
        r"\inputs{a} \renewcommand{\input}[1]{}",
        "\\input{a\ufffd}",
    ],
)
def test_nothing_else_is_demanded(text: str) -> None:
    assert list(demands_in(text)) == []


def test_each_is_told_with_its_first_line() -> None:
    found = demands_in(
        "\n\\input{a}\n\n\\begin{verbatim}\nx\n\\end{verbatim}\n\\input{b}\\input{a}"
    )

    assert [(one.name, one.line) for one in found] == [("a", 2), ("b", 7)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (r"\begin{filecontents}{refs.bib}", ["refs.bib"]),
        (r"\begin{filecontents*}[overwrite]{a.tex}", ["a.tex"]),
        (r"\immediate\openout\file=out.tex \openout3 b.dat", ["out.tex", "b.dat"]),
        (r"\begin{filecontents}{\jobname.bib}", []),
    ],
)
def test_what_is_written_is_known(text: str, names: list[str]) -> None:
    assert list(written_in(text)) == names
