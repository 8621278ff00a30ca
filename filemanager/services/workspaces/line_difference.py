"""Unified diffs of two texts, at a bounded cost whatever the texts are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_CONTEXT = 3

_MAX_DISTANCE = 500
"""Lines to add and remove that are looked for one by one: memory grows by its square."""


@dataclass(slots=True)
class Effort:
    """How many steps the comparisons of one answer may take; shared, so that many files count."""

    steps: int = 4_000_000


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines ``[old, old_end)`` of the one text are lines ``[new, new_end)`` of the other."""

    old: int
    old_end: int
    new: int
    new_end: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of the one text beside one of the other, by number; None: there is none."""

    old_number: int | None
    old: str
    new_number: int | None
    new: str

    @property
    def is_equal(self) -> bool:
        return self.old_number is not None and self.new_number is not None and self.old == self.new


def side_by_side(old: str, new: str, effort: Effort) -> Iterator[list[Pair]]:
    """What differs, with equal lines around it, a list for each place; as ``unified``."""
    before, after = _lines(old), _lines(new)
    blocks = _changes(before, after, effort)
    for group in _grouped(blocks) if blocks else ():
        yield list(_pairs(group, before, after))


def unified(old: str, new: str, names: tuple[str, str], effort: Effort) -> Iterator[str]:
    """Lines of a patch. Lines end at line feeds alone, as ``patch`` has them.

    Out of effort, what differs is shown as replaced whole: that is a longer patch and still a
    right one.
    """
    before, after = _lines(old), _lines(new)
    blocks = _changes(before, after, effort)
    if not blocks:
        return
    yield f"--- {names[0]}\n"
    yield f"+++ {names[1]}\n"
    for group in _grouped(blocks):
        yield from _hunk(group, before, after)


def _lines(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return lines if lines[-1] else lines[:-1]


def _changes(before: Sequence[str], after: Sequence[str], effort: Effort) -> list[_Block]:
    """What differs, in order, with at least one equal line between any two."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    stop = 0
    limit = min(len(before), len(after)) - start
    while stop < limit and before[-1 - stop] == after[-1 - stop]:
        stop += 1
    old_end, new_end = len(before) - stop, len(after) - stop
    if start == old_end and start == new_end:
        return []
    equal = _matches(before[start:old_end], after[start:new_end], effort)
    places = [(start - 1, start - 1), *((o + start, n + start) for o, n in equal)]
    places.append((old_end, new_end))
    return [
        _Block(old + 1, next_old, new + 1, next_new)
        for (old, new), (next_old, next_new) in pairwise(places)
        if (old + 1, new + 1) != (next_old, next_new)
    ]


def _matches(before: Sequence[str], after: Sequence[str], effort: Effort) -> list[tuple[int, int]]:
    """Pairs of equal lines of a longest common subsequence, by the greedy method of Myers (1986).

    Empty when effort runs out: nothing is taken for equal then.
    """
    furthest = {1: 0}
    history: list[dict[int, int]] = []
    for distance in range(min(len(before) + len(after), _MAX_DISTANCE) + 1):
        if effort.steps < 0:
            return []
        history.append(dict(furthest))
        for diagonal in range(-distance, distance + 1, 2):
            begun = old = _step(furthest, diagonal, distance)
            new = old - diagonal
            while old < len(before) and new < len(after) and before[old] == after[new]:
                old, new = old + 1, new + 1
            furthest[diagonal] = old
            effort.steps -= 1 + old - begun
            if old >= len(before) and new >= len(after):
                return _walked_back(history, old, new)
    return []


def _step(furthest: dict[int, int], diagonal: int, distance: int) -> int:
    """Where a path on *diagonal* begins: one line down or one to the right."""
    if diagonal == -distance:
        return furthest[diagonal + 1]
    if diagonal != distance and furthest[diagonal - 1] < furthest[diagonal + 1]:
        return furthest[diagonal + 1]
    return furthest[diagonal - 1] + 1


def _walked_back(history: list[dict[int, int]], old: int, new: int) -> list[tuple[int, int]]:
    found = []
    for distance in range(len(history) - 1, -1, -1):
        begun = _step(history[distance], old - new, distance)
        begun_new = begun - (old - new)
        while old > begun and new > begun_new:
            old, new = old - 1, new - 1
            found.append((old, new))
        if distance:
            is_down = begun == history[distance].get(old - new + 1, -1)
            old, new = (begun, begun_new - 1) if is_down else (begun - 1, begun_new)
    return found[::-1]


def _grouped(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    group = [blocks[0]]
    for block in blocks[1:]:
        if block.old - group[-1].old_end > 2 * _CONTEXT:
            yield group
            group = []
        group.append(block)
    yield group


def _pairs(group: Sequence[_Block], before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    lead = min(_CONTEXT, group[0].old)
    tail = min(_CONTEXT, len(before) - group[-1].old_end)
    old, new = group[0].old - lead, group[0].new - lead
    end = _Block(
        group[-1].old_end + tail,
        group[-1].old_end + tail,
        group[-1].new_end + tail,
        group[-1].new_end + tail,
    )
    for block in (*group, end):
        for _ in range(block.old - old):
            yield Pair(old + 1, before[old], new + 1, after[new])
            old, new = old + 1, new + 1
        for step in range(max(block.old_end - old, block.new_end - new)):
            left, right = old + step < block.old_end, new + step < block.new_end
            yield Pair(
                old + step + 1 if left else None,
                before[old + step] if left else "",
                new + step + 1 if right else None,
                after[new + step] if right else "",
            )
        old, new = block.old_end, block.new_end


def _hunk(group: Sequence[_Block], before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    lead = min(_CONTEXT, group[0].old)
    tail = min(_CONTEXT, len(before) - group[-1].old_end)
    old = (group[0].old - lead, group[-1].old_end + tail)
    new = (group[0].new - lead, group[-1].new_end + tail)
    yield f"@@ -{_span(*old)} +{_span(*new)} @@\n"
    position = old[0]
    for block in group:
        yield from _marked(" ", before[position : block.old])
        yield from _marked("-", before[block.old : block.old_end])
        yield from _marked("+", after[block.new : block.new_end])
        position = block.old_end
    yield from _marked(" ", before[position : old[1]])


def _marked(mark: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        end = "" if line.endswith("\n") else "\n\\ No newline at end of file\n"
        yield f"{mark}{line}{end}"


def _span(start: int, stop: int) -> str:
    """Lines count from 1; an empty span names the line before it."""
    return f"{start + 1 if stop > start else start},{stop - start}"
