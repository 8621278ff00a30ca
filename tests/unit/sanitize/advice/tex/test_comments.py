"""Comments of TeX, and remarks that were not meant for readers."""

import pytest

from filemanager.sanitize.advice.tex.comments import (
    Remark,
    comment_count,
    remarks_in,
    without_comments,
)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        (b"a % b\nc", b"a \nc"),
        (rb"50\% of it", rb"50\% of it"),
        (rb"end\\% gone", rb"end\\"),
        (rb"end\\\% stays", rb"end\\\% stays"),
        (b"no comment", b"no comment"),
        (b"% one\r% two", b"\r"),
    ],
)
def test_comments_are_cut_and_percent_signs_stay(text: bytes, bare: bytes) -> None:
    assert without_comments(text) == bare


def test_only_comments_with_words_are_counted() -> None:
    assert comment_count(b"%%%%\nx%\n% remove this\n% 1 2 3\ny % and that\n") == 2


def test_remarks_are_told_with_their_lines() -> None:
    text = (
        b"% TODO ask Bob\n% no remark\nfine % FIXME\n%%XXX\n\\todo{more} and \\todo [inline]{x}\n"
    )

    assert list(remarks_in(text)) == [
        Remark("TODO", 1), Remark("FIXME", 3), Remark("XXX", 4),
        Remark("\\todo", 5), Remark("\\todo", 5),
    ]  # fmt: skip


def test_the_author_of_a_todo_is_named() -> None:
    text = b"\\todo[inline, author = {Alice B.}]{x}\n\\todo[author=Bob,inline]{y}\n"

    assert [remark.name for remark in remarks_in(text)] == ["Alice B.", "Bob"]


@pytest.mark.parametrize(
    "text",
    [b"TODO printed", b"% TODOS and mastodons", b"\\todolist", b"50\\% TODO", b"% \\todo{x}"],
)
def test_other_words_are_no_remarks(text: bytes) -> None:
    assert list(remarks_in(text)) == []
