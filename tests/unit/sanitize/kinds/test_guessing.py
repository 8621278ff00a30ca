"""What a file is taken for: a table by name, by bytes, by lines."""

import pytest

from builders.in_memory import Bytes
from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.kinds.by_lines import kind_of_lines
from filemanager.sanitize.kinds.guessing import guessed
from unit.sanitize.fakes import a_file

BY_NAME = {
    "00README.XXX": "README",
    "d/head.tmp": "ALWAYS_IGNORE",
    "missfont.log": "ABORT",
    "a.STY": "TEXAUX",
    "a.600pk": "TEXAUX",
    "a.pk": "TEXAUX",
    "a.abs": "ABS",
    "a.fig": "IGNORE",
    "a.NB": "NOTEBOOK",
    "a.inp": "INPUT",
    "a.HTM": "HTML",
    "a.cry": "ENCRYPTED",
    "a.ABS": "FAILED",
    "a.style": "FAILED",
}

BY_BYTES = [
    ("a", b"\x1f\x9d", "COMPRESSED"),
    ("a", b"\x1f\x8b", "GZIPPED"),
    ("a", b"\x1f", "FAILED"),
    ("a", b"BZh9", "BZIP2"),
    ("a", b"BZh", "FAILED"),
    ("a", b"BZh\x20", "FAILED"),
    ("a", b"\0" * 257 + b"ustar", "TAR"),
    ("a", b"\xf7\x02", "DVI"),
    ("a", b"GIF89a", "IMAGE"),
    ("a", b"\x89PNG\r\n\x1a\n", "IMAGE"),
    ("a.TIF", b"II*\0", "IMAGE"),
    ("a.tif", b"MM\0*", "IMAGE"),
    ("a.tiff", b"MM\0*", "FAILED"),
    ("a", b"\xff\xd8\xff\xe0", "IMAGE"),
    ("a", b"\xff\xd8\xff\xe1\xee", "IMAGE"),
    ("a", b"\xff\xd8\xff\xe1\x00", "IMAGE"),
    ("a", b"\xff\xd8\xfe", "FAILED"),
    *((f"a{ending}", b"PK\x03\x04", "DOCX") for ending in (".docm", ".DOTX", ".dotm", ".pages")),
    *((f"a{ending}", b"PK\x03\x04", "XLSX") for ending in (".xlsm", ".xltx", ".numbers")),
    *((f"a{ending}", b"PK\x03\x04", "ODF") for ending in (".ott", ".odm")),
    ("a", b"\x00\x00\x01\xb3", "ANIM"),
    ("a.jar", b"PK\x03\x04", "JAR"),
    ("a.ODT", b"PK\x03\x04", "ODF"),
    ("a.docx", b"PK\x03\x04", "DOCX"),
    ("a.xlsx", b"PK00PK\x03\x04", "XLSX"),
    ("a.not_docx", b"PK\x03\x04", "ZIP"),
    ("a.pdf", b"Rar!", "RAR"),
    ("a", b"\xc5\xd0\xd3\xc6", "DOS_EPS"),
    ("a", b"junk\n%PDF-1.4", "PDF"),
    ("a", b" " * 1024 + b"%PDF-1.4", "FAILED"),
    ("a", b"#!/bin/csh -f\r#", "MAC"),
    ("a", b"begin 644 x\rM", "MAC"),
    ("a", b"x\rbegin 644 x\rM", "MAC"),
    ("a", b"", "IGNORE"),
]

BY_LINES = [
    (b"%auto-ignore\n", "IGNORE"),
    (b"\n" * 10 + b"%auto-ignore\n", "FAILED"),
    (b"\\input texinfo\n", "TEXINFO"),
    (b"x\rContent-Type: a\n", "MULTI_PART_MIME"),
    (b"\n" * 39 + b"content-type: a\n", "MULTI_PART_MIME"),
    (b"\n" * 40 + b"content-type: a\n", "FAILED"),
    (b" content-type: a\n", "FAILED"),
    (b"%!TEX root\n", "LATEX2e"),
    (b"%!TEX root\n\\pdfoutput=1\n", "PDFLATEX"),
    (b"%!PS-AdobeFont-1.0\n", "PS_FONT"),
    (b"\x80\x01\n\x02\0\0%!FontType1\n", "PS_FONT"),
    (b"\n\n%!PS-Adobe-3.0 Resource-Font\n", "PS_FONT"),
    (b"%!\n", "POSTSCRIPT"),
    (b"%!", "POSTSCRIPT"),
    (b"%! \r", "POSTSCRIPT"),
    (b"%!PS\n", "POSTSCRIPT"),
    (b"%! PS-Adobe-2.0\n", "POSTSCRIPT"),
    *(
        (line + b"\n\\documentclass{a}\n", "LATEX2e")
        for line in (
            *(b"%!TeX root = a", b"%! TEX root", b"%!BIB TS-program", b"% !TeX x", b"%!tex"),
            *(b"%! LaTeX", b"%!Mode:: x", b"%!p", b"% !BIB"),
        )
    ),
    (b"%!TeX root = ../a.tex\nWords.\n", "FAILED"),
    (b"\xef\xbb\xbf\\documentclass{a}\n", "LATEX2e"),
    (b"\xef\xbb\xbf%!PS\n", "POSTSCRIPT"),
    (b"\xef\xbb\xbf<html>\n", "HTML"),
    (b"\xef\xbb\xbf\\bye\n", "TEX_priority"),
    (b"\xef\xbb\xbf@book{\n", "BIBTEX"),
    *(
        (b"\\begin{" + body + b"\\documentclass{a}\n", "LATEX2e")
        for body in (
            b"filecontents}{a.bib}\n@article{a,\n}\n\\end{filecontents}\n",
            b"filecontents*}{a.bib}\n@book{a,\n}\n\\end{filecontents*}\n",
            b"filecontents}[overwrite]{a}\nbeginchar(\nbegin 644 a\n\\end{filecontents}\n",
            b"filecontents}{a}\n\\documentstyle{a}\n\\end{filecontents}\n",
        )
    ),
    (b"%\\begin{filecontents}{a}\n@book{a,\n", "BIBTEX"),
    (b"\\begin{filecontents}{a}\n\\end{filecontents}\n@book{a,\n", "BIBTEX"),
    (b"%%\x04%!\n", "PS_PC"),
    (b"\x04%!PS\n", "PS_PC"),
    (b"junk%!PS-Adobe-3.0\n", "PS_PC"),
    (b"junk\n%!PS\n", "PS_PC"),
    (b"\\def\\a{}\n%!PS\n", "TEX"),
    (b"\n" * 10 + b"%!PS\n", "FAILED"),
    (b"%&latex\n", "LATEX"),
    (b"\r%&LaTeX x\n", "LATEX"),
    (b"%&amstex\n", "TEX_MAC"),
    (b"\n" * 12 + b"%&latex\n", "FAILED"),
    (b"<HTML>\n", "HTML"),
    (b"<html\n", "HTML"),
    (b"<htmlx\n", "FAILED"),
    (b"%auto-include\n", "INCLUDE"),
    (b"%\\documentclass\n", "FAILED"),
    (b"% c\r\\documentclass\n", "LATEX2e"),
    (b"\\%\\documentclass\n", "FAILED"),
    (b" \t\\documentstyle{a}\n", "LATEX"),
    (b"x\\documentstyle\n", "FAILED"),
    (b"\\documentclass{a}\n", "LATEX2e"),
    (b"\\documentclass\r\\documentstyle\n", "LATEX"),
    (b"\\documentclass\n\\documentstyle\n", "LATEX2e"),
    (b"\\documentclass\n\\includegraphics[x]{a.PDF }\n", "PDFLATEX"),
    (b"\\documentclass\n%\\includegraphics{a.pdf}\n", "LATEX2e"),
    (b"\\documentclass\n\\includegraphics{%a.pdf}\n", "LATEX2e"),
    (b"\\documentclass\n\\includegraphics{a}\n.pdf}\n", "LATEX2e"),
    (b"\\includegraphics{a.png}\n\\documentclass\n", "PDFLATEX"),
    (b"\\documentclass\n\n\n\n\\pdfoutput = 1\n", "PDFLATEX"),
    (b"\\documentclass\n\n\n\n\n\\pdfoutput=1\n", "LATEX2e"),
    (b"\\input  amstex\n", "TEX_priority"),
    (b"x \\input amstex\n", "FAILED"),
    (b"\\begin{a}\n", "TEX"),
    (b"x\\begin{a}\n", "FAILED"),
    (b"x\r \\font\n", "TEX"),
    (b"\\bye\n", "TEX_priority"),
    (b"\\end", "TEX_priority"),
    (b"\\end{a}\n", "FAILED"),
    (b"x\\bye \n", "TEX_priority2"),
    (b"\\def\nx\\bye\n", "TEX_priority2"),
    (b"x\\bye\n \\end\n", "TEX_priority"),
    (b"x\\inputharvmac\n", "TEX_MAC"),
    (b"\\input lanlmac\n", "TEX_MAC"),
    (b"\\input phyzzx\n", "TEX_MAC"),
    (b"\\inputphyzzx\n", "TEX"),
    (b"x beginchar(\n", "MF"),
    (b"@Article{\n", "BIBTEX"),
    (b"x\r@book{\n", "BIBTEX"),
    (b" @book{\n", "FAILED"),
    (b"@booklet{\n", "FAILED"),
    (b"begin 644 a.tar\n", "UUENCODED"),
    (b"begin 644 a.tar\r\n", "PC"),
    (b"\\def\nbegin 644 a\n", "TEX"),
    (b"\\bye\nbegin 644 a\n", "TEX_priority"),
    (b"begin 64444 a\n", "FAILED"),
    (b"begin 644 a b\n", "FAILED"),
    (b"x paper deliberately replaced by what little\n", "ALWAYS_IGNORE"),
    (b"%x\n" * 50 + b"\\documentclass\n", "LATEX2e"),
    (b"%!\n"[1:] + b"x\n" * 50 + b"\\documentclass\n", "LATEX2e"),
]


@pytest.mark.parametrize(("name", "kind"), BY_NAME.items())
def test_a_name_tells_the_kind(name: str, kind: str) -> None:
    assert guessed(a_file(name)).value == kind


@pytest.mark.parametrize(("name", "data", "kind"), BY_BYTES)
def test_the_first_bytes_tell_the_kind(name: str, data: bytes, kind: str) -> None:
    assert guessed(a_file(name, data)).value == kind


@pytest.mark.parametrize(("data", "kind"), BY_LINES)
def test_a_line_tells_the_kind(data: bytes, kind: str) -> None:
    assert kind_of_lines(Bytes(data)).value == kind


@pytest.mark.parametrize("name", ["a.ps", "a.eps", "a.EPSI", "a.psi", "a.epsf", "a.ps_page_4"])
def test_a_name_says_that_any_mark_is_postscripts(name: str) -> None:
    assert guessed(a_file(name, b"%!Adobe\nshow\n")) is FileKind.POSTSCRIPT


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.py", b"x = (\n<html>\n)\n"),
        ("a.py", b"T = (\n\\documentclass{a}\n)\r\n"),
        ("a.c", b'char *s = "%PDF-1.4";\n'),
        ("a.json", b"{\n<html>\r\n}"),
        ("tool", b"#!/usr/bin/env python\n<html>\n\\bye\n"),
        ("a.R", b"begin 644 x\rM"),
    ],
)
def test_words_in_the_strings_of_a_program_tell_no_kind(name: str, data: bytes) -> None:
    assert guessed(a_file(name, data)) is FileKind.FAILED


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.m", b"%PDF-1.4\n", "PDF"),
        ("a.py", b"\x89PNG\r\n\x1a\n", "IMAGE"),
    ],
)
def test_its_beginning_still_tells(name: str, data: bytes, kind: str) -> None:
    assert guessed(a_file(name, data)).value == kind


def test_a_line_far_down_still_tells() -> None:
    data = b"plain text\n" * 200_000 + b"\\documentclass{a}\n"

    assert kind_of_lines(Bytes(data)) is FileKind.LATEX2E


def test_a_line_of_any_length_is_read_in_pieces() -> None:
    data = b"x" * (5 << 19) + b"\n\\documentclass{a}\n"

    assert kind_of_lines(Bytes(data)) is FileKind.LATEX2E


@pytest.mark.parametrize(
    "unit",
    [
        *(b"x", b"\r", b" ", b"%", b"a\\font ", b"\\input ", b"a\\end ", b"a\\documentclass\n"),
        *(b"begin 64x\n", b"@bo", b"\\documentclass\\includegraphics .pdf"),
    ],
)
def test_hostile_repetition_is_read_a_bounded_number_of_times(unit: bytes) -> None:
    data = unit * (300_000 // len(unit))

    assert kind_of_lines(Bytes(data))
