"""Lines for the log are given back as they were told."""

import tracemalloc

from filemanager.sanitize.draft.lines import Lines

TOLD = [("unpack", "a.tar"), ("check", ""), ("unpack", "ünïcödé \ud800 \n two"), ("check", "x" * 9)]


def told(lines: list[tuple[str, str]]) -> Lines:
    made = Lines()
    for code, text in lines:
        made.tell(code, text)
    return made


def test_lines_come_back_in_their_order_each_time_they_are_asked_for() -> None:
    lines = told(TOLD)

    assert list(lines) == TOLD
    assert list(lines) == TOLD


def test_the_same_lines_are_equal_and_others_are_not() -> None:
    assert told(TOLD) == told(TOLD)
    assert told(TOLD) != told(TOLD[:-1])
    assert told([("a", "bc")]) != told([("a", "b"), ("a", "c")])


def test_a_line_takes_little_more_than_its_letters() -> None:
    given = [("check", f"Checking file termination for {n:05}.tex.") for n in range(1000)]
    tracemalloc.start()
    lines = told(given)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert list(lines) == given
    assert held < 1000 * 80
