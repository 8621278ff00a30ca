"""Unified diffs: right for ``patch`` whatever the texts are, and at a bounded cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filemanager.services.workspaces.line_difference import Effort, side_by_side, unified

NAMES = ("a/f", "b/f")
LINES = st.lists(st.sampled_from(["a", "b", "c\r", "d\x0c", "\u2028"]), max_size=12)


def patch(old: str, new: str, effort: Effort | None = None) -> str:
    return "".join(unified(old, new, NAMES, effort or Effort()))


def patched(text: str, patch: str) -> str:
    """*text* with *patch* applied, by its hunks alone."""
    source, result, position = text.split("\n"), [], 0
    body = patch.split("\n")[2:-1]
    for line in body:
        if line.startswith("@@"):
            start, _, count = line.split()[1].lstrip("-").partition(",")
            begin = int(start) - (1 if int(count) else 0)
            result += source[position:begin]
            position = begin
        elif line.startswith("+"):
            result.append(line[1:])
        elif not line.startswith("\\"):
            assert source[position] == line[1:]
            position += 1
            result += [line[1:]] if line.startswith(" ") else []
    return "\n".join([*result, *source[position:]])


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("a\n", "a\n", ""),
        ("", "", ""),
        ("a\n", "b\n", "@@ -1,1 +1,1 @@\n-a\n+b\n"),
        ("", "a\n", "@@ -0,0 +1,1 @@\n+a\n"),
        ("a\n", "", "@@ -1,1 +0,0 @@\n-a\n"),
        ("a", "a\n", "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n"),
        ("a\rb\n", "a\rc\n", "@@ -1,1 +1,1 @@\n-a\rb\n+a\rc\n"),
    ],
)
def test_it_shows_what_differs(old: str, new: str, wanted: str) -> None:
    head = "--- a/f\n+++ b/f\n" if wanted else ""

    assert patch(old, new) == head + wanted


def test_far_changes_have_hunks_of_their_own() -> None:
    old = "".join(f"{number}\n" for number in range(40))
    new = old.replace("5\n", "five\n", 1).replace("30\n", "thirty\n")

    found = [line for line in patch(old, new).split("\n") if line.startswith("@@")]

    assert found == ["@@ -3,7 +3,7 @@", "@@ -28,7 +28,7 @@"]


@given(LINES, LINES, st.sampled_from([0, 20, 1000]))
def test_a_patch_leads_from_the_one_to_the_other(
    old: list[str], new: list[str], steps: int
) -> None:
    before, after = ("".join(f"{line}\n" for line in lines) for lines in (old, new))

    found = patch(before, after, Effort(steps))

    assert (patched(before, found) if found else before) == after


def test_texts_without_a_common_order_end_out_of_patience() -> None:
    old = "".join(f"{number % 101}\n" for number in range(50_000))
    new = "".join(f"{number * 7 % 101}\n" for number in range(50_000))
    effort = Effort()

    found = patch(old, new, effort)

    assert found.startswith("--- a/f\n+++ b/f\n@@ -")
    assert effort.steps > -200_000


def shown(old: str, new: str) -> list[list[tuple[int | None, int | None]]]:
    places = side_by_side(old, new, Effort())
    return [[(pair.old_number, pair.new_number) for pair in place] for place in places]


def test_two_columns_have_equal_lines_side_by_side_and_others_apart() -> None:
    old = "".join(f"{number}\n" for number in range(1, 10))
    new = old.replace("5\n", "five\nand a half\n").removesuffix("9\n")

    assert shown(old, new) == [
        [(2, 2), (3, 3), (4, 4), (5, 5), (None, 6), (6, 7), (7, 8), (8, 9), (9, None)]
    ]
    assert shown("a\n", "") == [[(1, None)]]
    assert shown("", "a") == [[(None, 1)]]
    assert shown("a\n", "a\n") == []


@given(LINES, LINES)
def test_each_column_holds_what_its_text_does_where_they_differ(
    before: list[str], after: list[str]
) -> None:
    places = side_by_side("\n".join(before), "\n".join(after), Effort())
    pairs = [pair for place in places for pair in place]

    for pair in pairs:
        assert pair.old_number is None or pair.old.strip("\n") == before[pair.old_number - 1]
        assert pair.new_number is None or pair.new.strip("\n") == after[pair.new_number - 1]
