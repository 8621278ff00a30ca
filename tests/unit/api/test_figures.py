"""Numbers of processes, added up: each has a page, and its successor goes on with it."""

from dataclasses import dataclass

import pytest

from filemanager.api.about.counts import PAGE_BYTES, Counts, Pages
from filemanager.api.about.figures import Figure, Figures

TOLD = Figure("told_bytes", "What was told of.", is_total=True)


@dataclass
class Process:
    """What one has in use, and has done so far."""

    in_use: float = 0
    done: float = 0
    seconds: float = 100

    def figures(self, pages: Pages) -> Figures:
        in_use = Figure("in_use", "In use.", lambda: self.in_use)
        done = Figure("done", "Done.", lambda: self.done, is_total=True)
        return Figures(pages, (TOLD, in_use, done), lambda: self.seconds)


@pytest.fixture
def pages() -> list[Pages]:
    """Of two processes."""
    every = [memoryview(bytearray(PAGE_BYTES)) for _ in range(2)]
    return [Pages(own, every) for own in every]


def by_name(figures: Figures) -> dict[str, float]:
    return {kind.name: value for kind, value in figures.summed().items()}


def test_what_processes_have_is_added_up(pages: list[Pages]) -> None:
    one, other = Process(in_use=2, done=5), Process(in_use=3, done=7)
    told, elsewhere = one.figures(pages[0]), other.figures(pages[1])

    elsewhere.look()
    told.add(TOLD, 10)
    elsewhere.add(TOLD, 1)

    assert by_name(told) == {"told_bytes": 11, "in_use": 5, "done": 12}


def test_a_process_that_has_ended_leaves_its_totals_alone(pages: list[Pages]) -> None:
    one, ended = Process(in_use=2, done=5), Process(in_use=3, done=7)
    ended.figures(pages[1]).look()

    one.seconds += 60

    assert by_name(one.figures(pages[0])) == {"told_bytes": 0, "in_use": 2, "done": 12}


def test_a_successor_goes_on_with_the_totals(pages: list[Pages]) -> None:
    Process(in_use=2, done=5).figures(pages[0]).look()

    successor = Process(in_use=1, done=1).figures(pages[0])

    assert by_name(successor) == {"told_bytes": 0, "in_use": 1, "done": 6}


def test_nothing_is_read_twice_in_a_second(pages: list[Pages]) -> None:
    process = Process(done=1)
    figures = process.figures(pages[0])
    figures.look()

    process.done = 2
    process.seconds += 0.5

    assert by_name(figures)["done"] == 1
    process.seconds += 0.5
    assert by_name(figures)["done"] == 2


def test_figures_and_counts_share_a_page(pages: list[Pages]) -> None:
    process = Process(in_use=2, done=5)
    figures, counts = process.figures(pages[0]), Counts(pages[0])

    counts.add(("GET", "/", 200), 1.0)
    figures.look()
    counts.add(("GET", "/", 200), 1.0)

    assert sum(Counts(pages[0]).summed()["GET", "/", 200][1:]) == 2
    assert by_name(figures)["in_use"] == 2
