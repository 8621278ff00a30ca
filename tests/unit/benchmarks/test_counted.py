"""What counts the statements of a service must not end it."""

from pathlib import Path

from benchmarks.counted import counted, page_of


def test_two_threads_that_begin_at_once_have_the_same_page(tmp_path: Path) -> None:
    first = page_of(tmp_path / "1")
    first[:] = (7).to_bytes(8, "little")

    second = page_of(tmp_path / "1")

    assert second[:] == first[:]
    assert counted(tmp_path) == 7
