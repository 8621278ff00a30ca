"""Files that sources name and that are not there, in the shapes that people send."""

from collections.abc import Mapping

import pytest

from filemanager.domain.ids import digest_of
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.trees.tree import Entry, locate
from filemanager.sanitize.advice.advice import Looked, advise
from filemanager.sanitize.advice.missing_files import MAX_LOOKED_FOR, MAX_TOLD
from filemanager.sanitize.advice.of_blob import advice_of
from filemanager.storage.scratch.file import MemoryContent
from unit.sanitize.tree import AT

CODES = ("missing_file", "renamed_file_named", "case_differs")


def a_document(body: str, preamble: str = "") -> str:
    return (
        f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )


def said(
    files: Mapping[str, str],
    as_sent: Mapping[str, str] | None = None,
    removed: Mapping[str, str] | None = None,
) -> list[str]:
    """``path: message`` of all that is said of missing files."""
    entries = [_entry(path, text, (as_sent or {}).get(path)) for path, text in files.items()]
    gone = {path: text.encode() for path, text in (removed or {}).items()}
    looked = Looked(
        entries=entries,
        blobs={
            digest_of(data): advice_of(MemoryContent.of(data))
            for data in (*(text.encode() for text in files.values()), *gone.values())
        },
        source_format=SourceFormat.TEX,
        directing=[_entry(path, text, None) for path, text in (removed or {}).items()],
    )
    return [f"{one.path}: {one.message}" for one in advise(looked) if one.code in CODES]


def _entry(path: str, text: str, name_as_sent: str | None) -> Entry:
    area, place = locate(path)
    return Entry(
        area=area,
        path=place,
        kind=FileKind.LATEX2E if "\\" in text else FileKind.ALWAYS_IGNORE,
        size_bytes=len(text),
        digest=digest_of(text.encode()),
        modified_at=AT,
        name_as_sent=name_as_sent,
    )


def test_a_file_that_is_not_in_the_upload_is_told_with_its_line() -> None:
    assert said({"main.tex": a_document("\\input{intro}\n\\includegraphics{fig/plot}")}) == [
        "main.tex: 'intro', named in line 4, is not in the upload.",
        "main.tex: 'fig/plot', named in line 5, is not in the upload.",
    ]


def test_a_thesis_whose_files_are_all_there_hears_nothing() -> None:
    main = a_document(
        "\\include{chapters/one}\n\\input{aux/table}\n\\bibliography{refs}\n"
        "\\lstinputlisting{code/run.py}\n\\input{glyphtounicode}\\includegraphics{example-image-a}",
        "\\graphicspath{{fig/}{./img/}}\n\\input{aux/macros.tex}",
    )
    chapter = "%!TEX root = ../thesis.tex\n\\section{One}\\includegraphics[width=1cm]{a}"
    more = "\\includegraphics{b.JPG}\\includegraphics{sub/c}\\verb|\\input{x}|"

    found = said(
        {
            "thesis.tex": main,
            "chapters/one.tex": f"{chapter}\n{more}\n\\input{{chapters/deep/two}}",
            "chapters/deep/two.tex": "\\includegraphics{d}",
            "aux/table.tex": "\\relax table",
            "aux/macros.tex": "\\relax macros",
            "fig/a.pdf": "a",
            "img/b.JPG": "b",
            "fig/sub/c.png": "c",
            "img/d.eps": "d",
            "refs.bib": "@book{x}",
            "code/run.py": "print()",
        }
    )

    assert found == []


def test_what_a_thesis_lacks_is_told_in_the_file_that_names_it() -> None:
    main = a_document("\\include{chapters/one}", "\\graphicspath{{fig/}{./img/}}")
    chapter = "\\section{One}\n\\includegraphics{a}\n% \\includegraphics{old}\n\\input{aux/table}"

    found = said({"thesis.tex": main, "chapters/one.tex": chapter})

    assert found == [
        "chapters/one.tex: 'a', named in line 2, is not in the upload.",
        "chapters/one.tex: 'aux/table', named in line 4, is not in the upload.",
    ]


def test_a_file_that_is_named_as_it_was_before_we_renamed_it_is_told_by_its_new_name() -> None:
    found = said(
        {
            "main.tex": a_document("\\includegraphics{fig/my plot}\\includegraphics{b.eps}"),
            "fig/my_plot.png": "x",
            "b.ps": "%!PS\n",
        },
        as_sent={"fig/my_plot.png": "fig/my plot.png", "b.ps": "b.eps"},
    )

    why = "now: it was renamed when it was uploaded."
    assert found == [
        f"main.tex: 'fig/my plot', named in line 4, is called 'fig/my_plot.png' {why}",
        f"main.tex: 'b.eps', named in line 4, is called 'b.ps' {why}",
    ]


def test_names_that_differ_by_case_are_told() -> None:
    files = {"main.tex": a_document("\\input{Sections/Intro}"), "sections/intro.tex": "\\relax"}

    message = "'Sections/Intro', named in line 4, differs from 'sections/intro.tex' by case only."
    assert said(files) == [f"main.tex: {message}"]


def test_a_file_that_lies_elsewhere_is_told_with_its_place() -> None:
    files = {"main.tex": a_document("\\input{intro}"), "sections/intro.tex": "\\relax"}

    message = "is not where TeX looks for it; there is 'sections/intro.tex'."
    assert said(files) == [f"main.tex: 'intro', named in line 4, {message}"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Makefile", "export TEXINPUTS := .:./sections//:\nall:\n\tlatexmk\n"),
        ("latexmkrc", "ensure_path('TEXINPUTS', './sections//');\n"),
        ("00README", "TEXINPUTS=sections\n"),
    ],
)
def test_where_tools_let_tex_look_is_known(name: str, text: str) -> None:
    files = {"main.tex": a_document("\\input{intro}"), "sections/a/intro.tex": "\\relax"}

    assert said({**files, name: text}) == []
    assert said(files, removed={f".{name}": "", ".latexmkrc": "$ENV{TEXINPUTS}='sections//'"}) == []
    assert len(said(files, removed={"other": text})) == 1


@pytest.mark.parametrize(
    "preamble",
    [
        "\\makeatletter\\def\\input@path{{sections/}{other/}}\\makeatother",
        "\\makeatletter\\newcommand*{\\input@path}{{sections/}}\\makeatother",
        "\\newcommand{\\where}{sections}\\graphicspath{{\\where/}}",
        "\\graphicspath{sections/}",
        "\\lstset{language=C,inputpath=sections}",
    ],
)
def test_where_a_text_lets_tex_look_is_known(preamble: str) -> None:
    files = {"main.tex": a_document("\\input{intro}", preamble), "sections/intro.tex": "\\relax"}

    assert said(files) == []


def test_a_main_file_in_a_directory_looks_from_there_and_from_the_top() -> None:
    main = a_document("\\input{intro}\\includegraphics{a}", "\\graphicspath{{../fig/}}")

    assert said({"paper/main.tex": main, "paper/intro.tex": "\\relax", "fig/a.pdf": "a"}) == []


def test_parts_that_are_documents_too_look_from_where_they_are() -> None:
    part = "\\documentclass[../main]{subfiles}\n\\graphicspath{{../images/}}\n"
    files = {
        "main.tex": a_document("\\subfile{sections/one}\n\\import{sections/}{two}"),
        "sections/one.tex": f"{part}\\begin{{document}}\\includegraphics{{a}}\\end{{document}}",
        "sections/two.tex": "\\input{three}\\subimport{deep/}{four}",
        "sections/three.tex": "\\relax 3",
        "sections/deep/four.tex": "\\relax 4",
        "images/a.png": "a",
    }

    assert said(files) == []


def test_a_standalone_picture_is_a_part_too() -> None:
    picture = "\\documentclass{standalone}\n\\begin{document}\\input{data}\\end{document}\n"
    files = {"main.tex": a_document("\\input{fig/tikz}"), "fig/tikz.tex": picture}

    assert said(files) == ["fig/tikz.tex: 'data', named in line 2, is not in the upload."]
    assert said({**files, "fig/data.tex": "\\relax"}) == []


@pytest.mark.parametrize("command", ["\\bibliography{refs}", "\\addbibresource{refs.bib}"])
def test_references_are_there_as_a_database_or_as_they_are_printed(command: str) -> None:
    main = a_document("x", command)

    assert len(said({"main.tex": main})) == 1
    assert said({"main.tex": main, "refs.bib": "@book{x}"}) == []
    assert said({"main.tex": main, "main.bbl": "\\begin{thebibliography}{}"}) == []
    assert said({"main.tex": a_document("x", "\\bibliography{IEEEabrv}")}) == []


def test_what_a_text_writes_itself_is_not_missed() -> None:
    preamble = "\\begin{filecontents}{refs.bib}\n@book{x}\n\\end{filecontents}"

    assert said({"main.tex": a_document("\\bibliography{refs}", preamble)}) == []


def test_ancillary_files_are_there() -> None:
    files = {"main.tex": a_document("\\lstinputlisting{anc/run.py}"), "anc/run.py": "print()"}

    assert locate("anc/run.py")[0] is Area.ANCILLARY
    assert said(files) == []


def test_texts_that_nothing_leads_to_and_packages_of_others_miss_nothing() -> None:
    files = {
        "main.tex": a_document("\\input{mine}", "\\usepackage{their}"),
        "mine.tex": "\\relax",
        "their.sty": "\\input{their.def}",
        "left.tex": "\\input{gone}",
    }

    assert said(files) == []


def test_names_are_compared_as_unicode_does() -> None:
    files = {"main.tex": a_document("\\input{re\u0301sume\u0301}"), "résumé.tex": "\\relax"}

    assert said(files) == []


def test_not_everything_is_told_and_not_everything_is_looked_for() -> None:
    parts = [f"p{number}" for number in range(MAX_LOOKED_FOR // 500 + 1)]
    body = "".join(f"\\input{{{part}}}" for part in parts)
    files = {f"{part}.tex": "".join(f"\\input{{{part}-{n}}}" for n in range(500)) for part in parts}
    entries = {"main.tex": a_document(body), **files}

    assert len(said(entries)) == MAX_TOLD
