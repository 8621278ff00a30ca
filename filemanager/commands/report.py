"""How long commands tell what they find: lines on standard output, bars on a terminal."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import click
from rich.console import Console
from rich.progress import Progress, TaskID

from filemanager.commands.showing import Showable, show


class Trouble(Protocol):
    """What is wrong with stored data, as ``services.upkeep`` says it: no client waits for that."""

    @property
    def code(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def detail(self) -> str: ...


@dataclass(slots=True)
class Report:
    """The ``Watcher`` of a command; with *as_json* each line is one JSON object."""

    as_json: bool
    _bars: Progress | None = field(default=None, init=False)
    _stage: TaskID | None = field(default=None, init=False)

    def problem(self, problem: Trouble) -> None:
        line = f"{problem.code} {problem.subject}: {problem.detail}"
        told = {"code": problem.code, "subject": problem.subject, "detail": problem.detail}
        click.echo(json.dumps(told) if self.as_json else line)

    def begin(self, what: str, total: int | None) -> None:
        if self._bars is not None:
            self._stage = self._bars.add_task(what, total=total)

    def advance(self, count: int) -> None:
        if self._bars is not None and self._stage is not None:
            self._bars.advance(self._stage, count)

    def numbers(self, outcome: Showable) -> None:
        """The last line, or lines: what was done in all."""
        show(outcome, as_json=self.as_json)

    @contextmanager
    def bars(self) -> Iterator["Report"]:
        """Show bars meanwhile where standard error is a terminal, and nothing elsewhere."""
        if not sys.stderr.isatty():
            yield self
            return
        with Progress(console=Console(stderr=True), transient=True) as self._bars:
            yield self
        self._bars = None
