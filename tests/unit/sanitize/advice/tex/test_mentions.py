"""Names of files in TeX, in all the ways in which TeX names them."""

import pytest

from filemanager.sanitize.advice.tex.mentions import mentions_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (r"\input{sec/one}", ["t:sec/one"]),
        (r"\input one.tex and", ["t:one.tex"]),
        (r"{\input macros}", ["t:macros"]),
        (r"\include {two}", ["t:two"]),
        (r"\@input{x.aux}", ["t:x.aux"]),
        (r"\includegraphics[width=3cm]{a.b}", ["g:a.b"]),
        (r"\includegraphics*[trim={0 1},clip]{{a.b}.pdf}", ["g:a.b.pdf"]),
        (r"\includegraphics<2>{c}", ["g:c"]),
        (r'\includegraphics{"my figure"}', ["g:my figure"]),
        (r"\epsfbox{d}", ["g:d"]),
        (r"\epsfig{file=e.eps,width=2in}", ["f:e.eps"]),
        (r"\psfig{figure=f.ps}", ["f:f.ps"]),
        (r"\plottwo{g}{h}", ["g:g", "g:h"]),
        (r"\begin{overpic}[abs]{i}", ["g:i"]),
        (r"\bibliography{j, k}", ["b:j", "b:k"]),
        (r"\bibliographystyle{l}", ["y:l"]),
        (r"\usepackage[x]{m,n}", ["p:m", "p:n"]),
        (r"\documentclass{o}", ["c:o"]),
        (r"\documentstyle[p,q]{r}", ["c:r", "p:p", "p:q"]),
        (r"\lstinputlisting[language=C]{s}", ["f:s"]),
        (r"\verbatiminput{t}", ["f:t"]),
        (r"\inputminted{python}{u}", ["f:python", "f:u"]),
        (r"\import{v/}{w}", ["d:v/", "t:w"]),
        (r"\graphicspath{{x/}{./y/}}", ["d:x/", "d:./y/"]),
        (r"\mymacro{z.png}", ["f:z.png"]),
        (r"\includegraphics{\dir/a}", ["g:*/a"]),
        (r"\newcommand{\f}[1]{\includegraphics{figs/#1-b}}", ["g:figs/*-b"]),
        (r"\input{\a-\b c}", ["t:*c"]),
    ],
)
def test_names_are_found(text: str, names: list[str]) -> None:
    assert [f"{one.family}:{one.name}" for one in mentions_in(text)] == names


@pytest.mark.parametrize("text", [r"\inputs{a}", r"\includes{b}", r"\cite{c}", r"\input{}", "{d}"])
def test_other_commands_name_no_files(text: str) -> None:
    assert list(mentions_in(text)) == []
