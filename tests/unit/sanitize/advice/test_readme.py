"""The 00README in each of its forms."""

import pytest

from filemanager.sanitize.advice.readme import Directives, directives

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
        ("00README.json", b"[" * 60_000),
        ("00README.toml", b"x = [" + b"[" * 60_000),
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
