"""How long an operator waits for the first answer."""

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.report import Row, at_most, medians, progress, row, seconds
from benchmarks.service import start_seconds


def rows(bench: Bench) -> Iterator[Row]:
    progress("start to first answer")
    place = bench.place("service")
    (own,) = medians(lambda: start_seconds(place))
    yield row("start to first answer", seconds(own), "", None, at_most(own, 2, "2 s"))
