"""How long commands tell what they find: lines on standard output, bars on a terminal."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Protocol

import click
from rich.console import Console
from rich.progress import Progress, TaskID

from filemanager.services.upkeep.watching import Problem


class Numbers(Protocol):
    """A dataclass of counts."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(slots=True)
class Report:
    """The ``Watcher`` of a command; with *as_json* each line is one JSON object."""

    as_json: bool
    _bars: Progress | None = field(default=None, init=False)
    _stage: TaskID | None = field(default=None, init=False)

    def problem(self, problem: Problem) -> None:
        line = f"{problem.code} {problem.subject}: {problem.detail}"
        click.echo(json.dumps(asdict(problem)) if self.as_json else line)

    def begin(self, what: str, total: int | None) -> None:
        if self._bars is not None:
            self._stage = self._bars.add_task(what, total=total)

    def advance(self, count: int) -> None:
        if self._bars is not None and self._stage is not None:
            self._bars.advance(self._stage, count)

    def numbers(self, outcome: Numbers) -> None:
        """The last line, or lines: what was done in all."""
        values = {name: getattr(outcome, name) for name in outcome.__dataclass_fields__}
        if self.as_json:
            click.echo(json.dumps(values))
            return
        for name, value in values.items():
            click.echo(f"{name.replace('_', ' ')}: {value}")

    @contextmanager
    def bars(self) -> Iterator["Report"]:
        """Show bars meanwhile where standard error is a terminal, and nothing elsewhere."""
        if not sys.stderr.isatty():
            yield self
            return
        with Progress(console=Console(stderr=True), transient=True) as self._bars:
            yield self
        self._bars = None
