"""Rows and the one table."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from statistics import median

ROUNDS = 5
"""Measured rounds behind each figure; one more goes before, to warm up."""


@dataclass(frozen=True, slots=True)
class Row:
    """``is_met`` None: there is no goal, or nothing to compare with. ``cost``: of each request."""

    work: str
    ours: str
    peer: str
    ratio: str = ""
    goal: str = ""
    is_met: bool | None = None
    cost: str = ""


Goal = tuple[str, bool | None]
"""What is asked, and whether it is so."""

NO_GOAL: Goal = ("", None)


def at_least(value: float, goal: float, said: str) -> Goal:
    return f"≥ {said}", value >= goal


def at_most(value: float, goal: float, said: str) -> Goal:
    return f"≤ {said}", value <= goal


def row(work: str, ours: str, peer: str, ratio: float | None, goal: Goal) -> Row:
    return Row(work, ours, peer, "" if ratio is None else f"{ratio:.2f}", *goal)


def costing(one: Row, cost: str) -> Row:
    return replace(one, cost=cost)


def medians(*measures: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """The median of each measure; they take turns, so that a noisy moment meets them all."""
    for measure in measures:
        measure()
    figures = [[measure() for measure in measures] for _ in range(rounds)]
    return [median(column) for column in zip(*figures, strict=True)]


def rate(value: float) -> str:
    return f"{value:,.0f}/s"


def seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"


def size(value: float) -> str:
    return f"{value / (1 << 20):,.1f} MiB"


def progress(text: str) -> None:
    """On the error output, so that the table alone can be kept."""
    print(f"  {text}", file=sys.stderr, flush=True)


def printed(rows: Iterable[Row]) -> None:
    lines = [("work", "ours", "peer or limit", "ratio", "goal", "met", "each costs")]
    lines += [
        (one.work, one.ours, one.peer, one.ratio, one.goal, _said(one.is_met), one.cost)
        for one in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for number, line in enumerate(lines):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
        if not number:
            print("  ".join("-" * width for width in widths))


def _said(is_met: bool | None) -> str:  # noqa: FBT001  # a state of a row
    return {True: "yes", False: "NO", None: ""}[is_met]
