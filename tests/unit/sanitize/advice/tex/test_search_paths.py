"""Where a source's own tools let TeX look."""

import pytest

from filemanager.sanitize.advice.tex.search_paths import directs_compilation, searched_in


@pytest.mark.parametrize(
    ("text", "directories"),
    [
        ("$ENV{'TEXINPUTS'}='./sty//:' . $old;", ["sty"]),
        ("ensure_path('TEXINPUTS', './figs//');", ["figs"]),
        ("export BIBINPUTS := .:bib/sub//:$(BIBINPUTS)", ["bib/sub", "BIBINPUTS"]),
        ("TEXINPUTS=../x:/usr/share/y: latexmk", ["latexmk"]),
        ("TEXINPUTS=a;b", ["a", "b"]),
        ("nothing", []),
    ],
)
def test_directories_are_found(text: str, directories: list[str]) -> None:
    found = [one for one in searched_in(text) if one not in ("old", "TEXINPUTS")]

    assert found == directories


@pytest.mark.parametrize(
    ("path", "does"),
    [
        *((name, True) for name in (".latexmkrc", "d/latexmkrc", "Makefile", "00README.json")),
        *((name, False) for name in ("main.tex", "makefile.txt", "a00README")),
    ],
)
def test_they_are_known_by_name(path: str, does: bool) -> None:
    assert directs_compilation(path) is does
