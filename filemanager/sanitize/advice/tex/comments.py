r"""Comments of TeX sources, and remarks that were written for co-authors.

Sources are public on arXiv, and with them what is behind a ``%``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A percent sign behind an odd number of backslashes is printed. The run of backslashes is read
# from its first one only, so that a long one costs no more than its length.
_COMMENT = re.compile(rb"(?<!\\)((?:\\\\)*+)%([^\r\n]*+)")
_WORD = re.compile(rb"(?<![A-Za-z0-9])(TODO|FIXME|XXX)(?![A-Za-z0-9])")
_TEXT = re.compile(rb"[A-Za-z]{3}")
_TODO = re.compile(rb"\\todo(?![A-Za-z@])[ \t]{0,20}+(?:\[([^\]\r\n]{0,200})\])?")
_AUTHOR = re.compile(rb"\bauthor[ \t]{0,20}+=[ \t]{0,20}+\{?([^,{}\]]{1,60})")


@dataclass(frozen=True, slots=True)
class Remark:
    r"""``word`` is what it was known by; ``name`` whose ``\todo`` it is, as far as that is told."""

    word: str
    line: int
    name: str | None = None


def without_comments(text: bytes) -> bytes:
    """The text without its comments; line ends stay, and with them the numbers of lines."""
    return _COMMENT.sub(rb"\1", text) if b"%" in text else text


def comment_count(text: bytes) -> int:
    """How many comments hold a word that could be read."""
    return sum(_TEXT.search(found[2]) is not None for found in _COMMENT.finditer(text))


def remarks_in(text: bytes) -> Iterator[Remark]:
    r"""Those in comments first, then every ``\todo`` that is printed."""
    yield from _in_comments(text)
    bare, line, seen = without_comments(text), 1, 0
    for found in _TODO.finditer(bare):
        line += bare.count(b"\n", seen, found.start())
        seen = found.start()
        author = _AUTHOR.search(found[1] or b"")
        name = author[1].strip().decode("utf-8", "replace") if author else None
        yield Remark("\\todo", line, name)


def _in_comments(text: bytes) -> Iterator[Remark]:
    line, seen = 1, 0
    for found in _COMMENT.finditer(text) if _WORD.search(text) else ():
        if word := _WORD.search(found[2]):
            line += text.count(b"\n", seen, found.start())
            seen = found.start()
            yield Remark(word[1].decode(), line)
