"""How long work of a client tells how far it is."""

from typing import Protocol


class Watcher(Protocol):
    def begin(self, what: str, total: int | None) -> None:
        """A stage of work begins; ``total`` None: not known."""

    def advance(self, count: int) -> None:
        """So much more of the stage is done. Called by several threads."""


class Unwatched:
    def begin(self, what: str, total: int | None) -> None:
        """Nobody looks."""

    def advance(self, count: int) -> None:
        """Nobody looks."""
