"""Advice on a tree: in words, in order, and silent where it cannot know."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import pytest

from filemanager.domain.ids import Digest, digest_of
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.trees.tree import Entry, TreePath, locate
from filemanager.sanitize.advice.advice import Looked, Readme, advise
from filemanager.sanitize.advice.compilation import MAX_MENTIONS as MAX_ALL_MENTIONS
from filemanager.sanitize.advice.of_blob import MAX_MENTIONS, BlobAdvice, advice_of
from filemanager.sanitize.advice.readme import Directives
from filemanager.storage.scratch.file import MemoryContent

PAPER = b"\\documentclass{article}\n\\begin{document}\n\\end{document}\n"
AT = datetime(2026, 11, 21, tzinfo=UTC)


def an_entry(path: str, data: bytes, name_as_sent: str | None = None) -> Entry:
    area, place = locate(path)
    return Entry(
        area=area,
        path=TreePath(place),
        kind=FileKind.LATEX2E if b"\\" in data else FileKind.ALWAYS_IGNORE,
        size_bytes=len(data),
        digest=digest_of(data),
        modified_at=AT,
        name_as_sent=name_as_sent,
    )


def blobs_of(files: Mapping[str, bytes]) -> dict[Digest, BlobAdvice]:
    return {digest_of(data): advice_of(MemoryContent.of(data)) for data in files.values()}


def said(
    files: Mapping[str, bytes],
    source_format: SourceFormat = SourceFormat.TEX,
    readme: Directives | None = None,
) -> list[tuple[str, str | None, str]]:
    looked = Looked(
        entries=[an_entry(path, data) for path, data in files.items()],
        blobs=blobs_of(files),
        source_format=source_format,
        readme=Readme(path="00README.json", directives=readme) if readme else None,
    )
    return told(advise(looked))


def told(found: Iterable[Finding]) -> list[tuple[str, str | None, str]]:
    findings = list(found)
    assert {one.severity for one in findings} <= {Severity.INFO}
    return [(one.code, one.path, one.message) for one in findings]


def test_a_plain_paper_gets_a_guess_and_nothing_else() -> None:
    message = (
        "The main file seems to be 'a.tex'. The engine seems to be pdflatex: nothing in it asks"
        " for another."
    )

    assert said({"a.tex": PAPER}) == [("main_file", "a.tex", message)]


def test_a_file_that_nobody_names_is_told() -> None:
    files = {
        "a.tex": PAPER + b"\\input{b}",
        "b.tex": b"\\relax",
        "c.txt": b"c",
        "00README.XXX": b"x",
    }

    found = [one for one in said(files) if one[0] == "unreached_file"]

    assert found == [("unreached_file", "c.txt", "No main file leads to this file.")]


def test_ancillary_files_are_not_blamed() -> None:
    found = said({"a.tex": PAPER, "anc/data.csv": b"1,2\n"})

    assert [code for code, _, _ in found] == ["main_file"]


@pytest.mark.parametrize("source_format", [SourceFormat.PDF, SourceFormat.HTML])
def test_only_tex_has_a_main_file(source_format: SourceFormat) -> None:
    assert said({"a.tex": PAPER + b"% words\n", "b.txt": b"b"}, source_format) == []


def test_other_documents_are_named_too() -> None:
    found = said({"b.tex": PAPER, "main.tex": PAPER + b"\\relax"})

    assert found[0][1] == "main.tex"
    assert found[0][2].endswith(" nothing in it asks for another. Also: b.tex.")


def test_of_many_other_documents_it_is_told_how_many_more_there_are() -> None:
    found = said({"main.tex": PAPER, **{f"{name}.tex": PAPER for name in "abcdefg"}})

    assert found[0][2].endswith(" Also: a.tex, b.tex, c.tex, d.tex, e.tex and 2 more.")


def test_the_engine_is_that_of_the_first_main_file() -> None:
    files = {
        "main.tex": PAPER + b"\\includegraphics{a}",
        "other.tex": PAPER + b"\\includegraphics{b}",
    }

    found = said({**files, "a.eps": b"%!PS", "b.png": b"b"})

    assert "latex: all of its figures are PostScript. Also: other.tex." in found[0][2]


def test_without_a_main_file_nothing_is_blamed() -> None:
    found = said({"a.tex": b"\\relax", "b.txt": b"b"})

    assert found == [("main_file", None, "No file looks like the main one.")]


def test_remarks_and_comments_are_told() -> None:
    files = {
        "a.tex": PAPER + b"% TODO: x\n\\todo[author=Bob]{y}\n",
        "b.sty": b"% FIXME \\x",
    }

    public = (
        "Comments in TeX files can be read by everybody once the source is public: 1 in all, 1 of"
        " them in 'a.tex'."
    )
    assert said(files)[:2] == [
        ("private_remark", "a.tex", "Private remarks: TODO in line 4, \\todo in line 5 by Bob."),
        ("comments_visible", None, public),
    ]


def test_a_secret_is_told_by_kind_and_line_and_not_repeated() -> None:
    key = b"AKIA" + b"ABCDEFGHIJKLMNOP"

    found = said({"a.txt": b"x\n" + (key + b"\n") * 21}, SourceFormat.INVALID)

    ((code, path, message),) = found
    assert (code, path) == ("credential_found", "a.txt")
    assert message.startswith("Looks like a secret: AWS access key id in line 2, AWS access key")
    assert message.endswith("in line 21 and 1 more.")
    assert key.decode() not in message


def test_large_pictures_and_scripts_are_told() -> None:
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (9000).to_bytes(4, "big") * 2
    files = {"anc/a.png": png, "b.pdf": b"%PDF-1.4\n<< /JS (x) >>"}

    assert said(files, SourceFormat.PDF) == [
        ("large_image", "a.png", "The picture has 9000 by 9000 pixels, 81.0 megapixels."),
        ("pdf_javascript", "b.pdf", "The PDF names JavaScript."),
    ]


def test_what_the_readme_asks_is_told_and_not_guessed() -> None:
    asked = Directives(toplevel=("b.tex", "gone\n.tex"), compiler="xelatex")

    found = said({"a.tex": PAPER, "b.tex": PAPER + b"\\relax"}, readme=asked)

    message = "Main files named: 'b.tex', 'gone\\n.tex'. Compiler named: 'xelatex'."
    assert found == [("readme_directives", "00README.json", message)]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Directives(toplevel=("b.tex",)), "'b.tex'. The engine seems to be pdflatex"),
        (Directives(compiler="latex"), "'a.tex'. The compiler named is 'latex'."),
        (Directives(toplevel=("gone.tex",)), "'a.tex'. The engine seems to be pdflatex"),
    ],
)
def test_what_the_readme_does_not_ask_is_guessed(asked: Directives, words: str) -> None:
    found = said({"a.tex": PAPER, "b.tex": PAPER + b"\\relax"}, readme=asked)

    assert words in next(message for code, _, message in found if code == "main_file")


def test_what_the_readme_keeps_is_not_blamed() -> None:
    asked = Directives(kept=("b.jpg",), compiler="pdflatex")

    found = said({"a.tex": PAPER, "b.jpg": b"b", "c.jpg": b"c"}, readme=asked)

    assert [path for code, path, _ in found if code == "unreached_file"] == ["c.jpg"]


def test_a_readme_that_cannot_be_read_is_told() -> None:
    readme = Readme(path="00README.json", directives=None)
    looked = Looked(entries=[], blobs={}, source_format=SourceFormat.INVALID, readme=readme)

    assert told(advise(looked)) == [
        ("readme_unreadable", "00README.json", "The file could not be read.")
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            b"".join(b"\\input{%d}" % number for number in range(MAX_MENTIONS + 1)),
            "'a.tex' is too long, or names too many files",
        ),
        (
            b"".join(b"\\input{a%d\\x}" % number for number in range(51)),
            "too many names are made by macros",
        ),
    ],
)
def test_where_not_all_is_known_nobody_is_blamed(text: bytes, why: str) -> None:
    found = said({"a.tex": PAPER + text, "b.txt": b"b"})

    message = f"Files that nothing leads to are not told: {why}."
    assert found[1:] == [("advice_incomplete", None, message)]


def test_too_many_names_in_all_blame_nobody() -> None:
    count = MAX_ALL_MENTIONS // MAX_MENTIONS + 1
    names = b"".join(b"\\input{%d}" % number for number in range(MAX_MENTIONS - 1))
    files = {f"{number}.tex": PAPER + names + b"%d" % number for number in range(count)}

    (message,) = (message for code, _, message in said(files) if code == "advice_incomplete")

    assert message.endswith("more than 50000 names stand in the TeX files.")


def test_of_a_file_not_looked_at_nothing_is_guessed() -> None:
    entries = [an_entry("a.tex", PAPER), an_entry("b.tex", b"\\input{a} % words")]
    blobs = blobs_of({"b.tex": b"\\input{a} % words"})
    looked = Looked(entries=entries, blobs=blobs, source_format=SourceFormat.TEX)

    assert [(code, message) for code, _, message in told(advise(looked))][1:] == [
        ("advice_incomplete", "Not looked at yet: 1 of 2 files. Ask again.")
    ]


def test_a_renamed_figure_is_reached_by_its_name_as_sent() -> None:
    tex = PAPER + b"\\epsfig{file=x.eps}"
    entries = [an_entry("a.tex", tex), an_entry("x.ps", b"%!PS", "all.tar/x.eps")]
    blobs = blobs_of({"a.tex": tex, "x.ps": b"%!PS"})

    found = told(advise(Looked(entries=entries, blobs=blobs, source_format=SourceFormat.TEX)))

    assert [code for code, _, _ in found] == ["main_file"]
    assert "latex: all of its figures are PostScript" in found[0][2]
