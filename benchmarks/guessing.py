"""Guessing the kind of texts that look like nothing known: linear, whatever the lines."""

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.report import NO_GOAL, Row, medians, progress, row, seconds
from filemanager.sanitize.kinds.guessing import kind_of_content
from filemanager.storage.scratch.space import DiskScratchSpace

_SCRATCH_BYTES = 64 << 20
_LINE = b"These words are in no language that the service knows, over and over again.\n"


def rows(bench: Bench) -> Iterator[Row]:
    texts = {
        "1 MiB, a single line": (b"word " * (1 << 18))[: 1 << 20],
        "2 MiB of unmatched lines": (_LINE * (1 << 15))[: 2 << 20],
    }
    for name, text in texts.items():
        progress(f"guessing {name}")
        own, digest = _measured(bench.place("scratch"), text)
        yield row(
            f"type guessing: {name}",
            seconds(own),
            f"{seconds(digest)} sha256 of it",
            own / digest,
            NO_GOAL,
        )


def _measured(directory: Path, text: bytes) -> list[float]:
    with DiskScratchSpace(directory, _SCRATCH_BYTES).open() as scratch:
        content = scratch.write(text)

        def ours() -> object:
            return kind_of_content(content, scratch, ".txt")

        return medians(lambda: _taken(ours), lambda: _taken(lambda: hashlib.sha256(text).digest()))


def _taken(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
