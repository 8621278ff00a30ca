"""The 00README in each of its forms."""

from collections.abc import Callable

import pytest

from filemanager.sanitize.advice.readme import (
    Directives,
    ReadmeTooLarge,
    directives,
    from_fact,
    to_fact,
)

JSON = b"""{"process": {"compiler": "xelatex"}, "sources": [
    {"filename": "a.tex", "usage": "toplevel"}, {"filename": "b.tex", "usage": "ignore"}, 7,
    {"filename": "c.jpg", "usage": "append"},
    {"filename": 7, "usage": "toplevel"}]}"""
TOML = b"""[process]
compiler = "xelatex"
[[sources]]
filename = "a.tex"
usage = "toplevel"
[[sources]]
filename = "c.jpg"
usage = "include"
"""
YAML = b"""---
# how to compile
spec_version: 1
fontmaps: [x, y]
more:
  - nested: {x}
process:
  compiler: xelatex   # not pdflatex
sources:
  - filename: "a.tex"
    usage: toplevel
- usage: 'ignore'
  filename: b.tex
- usage: append
  filename: c.jpg
"""
ASKED = Directives(toplevel=("a.tex",), kept=("c.jpg",), compiler="xelatex")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("00README.json", JSON), ("00README", JSON), ("00README.toml", TOML),
        ("00README.yaml", YAML), ("00README.yml", b"\xef\xbb\xbf" + YAML), ("00README.yaml", JSON),
    ],
)  # fmt: skip
def test_what_it_asks_is_read(name: str, data: bytes) -> None:
    assert directives(name, data) == ASKED


@pytest.mark.parametrize("name", ["00README", "00README.XXX"])
def test_the_oldest_form_names_files_line_by_line(name: str) -> None:
    data = b"my main.tex toplevelfile\n\nold.tex ignore\nb.tex  toplevelfile\nnostamp\nc include\n"

    assert directives(name, data) == Directives(toplevel=("my main.tex", "b.tex"), kept=("c",))


@pytest.mark.parametrize(("name", "data"), [("00README.json", b"{}"), ("00README.yaml", b"\n")])
def test_nothing_may_be_asked(name: str, data: bytes) -> None:
    assert directives(name, data) == Directives()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("00README.json", b"{"),
        ("00README.json", b"[]"),
        ("00README.json", b'{"sources": "a.tex"}'),
        ("00README.json", b"[" * 8192),
        ("00README.toml", b"x = [" + b"[" * 8000),
        ("00README.toml", b"process = 1"),
        ("00README.XXX", b"\xff\xfe"),
        ("00README.yaml", b"process: {compiler: x}"),
        ("00README.yaml", b"word"),
        ("00README.yaml", b"sources:\n  filename: a"),
        ("00README.yaml", b"process:\n  compiler: *x"),
        ("00README.yaml", b"process:\n  compiler: 'x"),
        ("00README.yaml", b"process:\n  - compiler"),
    ],
)
def test_what_is_in_no_known_form_is_not_read(name: str, data: bytes) -> None:
    assert directives(name, data) is None


_SHORT = b"a.b.c.d.e.f.g.h"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("00README.XXX", b"a ignore\n" * 7282),
        ("00README", b"x" * 8193),
        ("00README.json", b" " * 8193),
        ("00README.toml", _SHORT + b".i = 1"),
        ("00README.toml", b"[" + _SHORT + b".i]"),
        ("00README.toml", b'[[ a . b.c.d.e.f.g.h."i.j" ]]'),
        ("00README.toml", b"x = {" + _SHORT + b".i = 1}"),
        ("00README.toml", b"x = {a = {" + b"a." * 4000 + b"a = 1}}"),
    ],
)
def test_what_is_too_large_reaches_no_parser(name: str, data: bytes) -> None:
    with pytest.raises(ReadmeTooLarge):
        directives(name, data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("00README.XXX", b"a ignore\n" * 7281),
        ("00README.json", b"{}" + b" " * 8190),
        ("00README.toml", _SHORT + b" = 1"),
        ("00README.toml", b"# " + _SHORT + b".i.j"),
        ("00README.toml", b"x = '" + _SHORT + b".i.j.tex'"),
        ("00README.toml", b'x = """\n' + _SHORT + b'.i.j = 1\n"""'),
        ("00README.toml", b'"' + _SHORT + b'.i.j" = 1'),
    ],
)
def test_what_is_just_small_enough_is_read(name: str, data: bytes) -> None:
    assert directives(name, data) == Directives()


@pytest.mark.parametrize("data", [JSON, b"{", b" " * 8193])
def test_what_is_kept_of_it_is_what_was_read(data: bytes) -> None:
    def read(reading: Callable[[], Directives | None]) -> Directives | str | None:
        try:
            return reading()
        except ReadmeTooLarge:
            return "too large"

    kept = to_fact("00README.json", data)

    assert read(lambda: from_fact(kept)) == read(lambda: directives("00README.json", data))
