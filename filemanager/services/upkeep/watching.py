"""Telling whoever waits for long work what is wrong, and how far it has come."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Problem:
    """Stored data that is wrong. ``code`` is a stable word, ``subject`` names the one thing."""

    code: str
    subject: str
    detail: str


class Watcher(Protocol):
    def problem(self, problem: Problem) -> None:
        """Told as it is found; the work goes on."""

    def begin(self, what: str, total: int | None) -> None:
        """A stage begins; *total* is None where nobody knows it."""

    def advance(self, count: int) -> None:
        """So many more of the stage are done."""
