"""What TeX acts on, and what it only shows or leaves out."""

import pytest

from filemanager.sanitize.advice.tex.active import active


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a", "a"),
        ("a\n\\verb|b| c", "a\n c"),
        ("\\verb*!b! c", " c"),
        ("\\verb|b\nc", "\nc"),
        ("\\verb|" + "x" * 2000, "x" * 1000),
        ("\\lstinline|b| c", " c"),
        ("\\verbatiminput{b}", "\\verbatiminput{b}"),
        (
            "\\begin{verbatim}\nb\n\\end{verbatim} c",
            "\\begin{verbatim}\n\n\\end{verbatim} c",
        ),
        ("\\begin{comment} b", "\\begin{comment}"),
        ("\\begin{filecontents*}{x}\nb\n", "\\begin{filecontents*}\n\n"),
        ("a \\endinput b\nc", "a \n"),
        ("a \\end{document} b", "a "),
        ("\\endinputs b", "\\endinputs b"),
        ("\\iffalse b \\fi c", " c"),
        ("\\iffalse b \\else c\\fi", " c\\fi"),
        ("\\iffalse \\ifx b \\else d \\fi e \\fi c", " c"),
        ("\\iffalse \\ifthenelse{b} \\fi c", " c"),
        ("\\iffalse b", ""),
        ("\\iffalsey b", "\\iffalsey b"),
    ],
)
def test_the_rest_is_left_out(text: str, kept: str) -> None:
    assert active(text) == kept
