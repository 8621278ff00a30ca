"""How long an operator waits for the first answer, and a person for a command."""

import os
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.report import Row, at_most, medians, progress, row, seconds
from benchmarks.service import start_seconds

_COMMANDS = (("--help",), ("push", "--help"), ("ls", "--help"))


def rows(bench: Bench) -> Iterator[Row]:
    progress("start to first answer")
    place = bench.place("service")
    (own,) = medians(lambda: start_seconds(place))
    yield row("start to first answer", seconds(own), "", None, at_most(own, 1, "1 s"))
    progress("start of commands")
    found = medians(*(lambda words=words: _cpu_seconds(*words) for words in _COMMANDS))
    for words, own in zip(_COMMANDS, found, strict=True):
        work = f"CPU of `filemanager {' '.join(words)}`"
        yield row(work, seconds(own), "", None, at_most(own, 0.3, "0.3 s"))


def _cpu_seconds(*words: str) -> float:
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "filemanager", *words], check=True, stdout=subprocess.DEVNULL
    )
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system
