"""Where bytes are looked at and made: whatever depends on bytes alone is done once."""

from collections.abc import Callable, Hashable
from typing import TypeVar, TypeVarTuple, cast

from filemanager.domain.blobs.blob import Content
from filemanager.domain.ids import Digest
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import ArchiveRefused, Unpacked, Unpacker

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


class Workshop:
    """Remembers results, since the same upload may be checked against several states of a tree."""

    def __init__(self, unpacker: Unpacker, scratch: Scratch, budget: Budget) -> None:
        self._unpacker = unpacker
        self._scratch = scratch
        self._budget = budget
        self._results: dict[Hashable, dict[Digest, object]] = {}
        self._archives: dict[tuple[str, Digest], Unpacked | ArchiveRefused | None] = {}

    def take_time(self) -> None:
        """Raises ``OverBudget``."""
        self._budget.take_time()

    def once(
        self,
        operation: Callable[[Content, Scratch, *Arguments], Result],
        content: Content,
        *arguments: *Arguments,
    ) -> Result:
        """The operation's result; *operation* is a function of a module, so that it is known again.

        The arguments are hashable and the operation depends on nothing else.
        """
        # Thousands of contents share an operation: no key is kept for each.
        results = self._results.setdefault((operation, arguments), {})
        if content.digest not in results:
            results[content.digest] = operation(content, self._scratch, *arguments)
        return cast(Result, results[content.digest])  # the key holds the function that made it

    def unpack(self, archive: Content, origin: str, depth: int) -> Unpacked | ArchiveRefused | None:
        """What the unpacker gives or raises, ``OverBudget`` excepted: that one is raised.

        *origin* tells one occurrence from another: an archive that comes a hundred times counts a
        hundred times against the budget.
        """
        self._budget.take_depth(depth)
        key = (origin, archive.digest)
        if key not in self._archives:
            self._archives[key] = self._unpack(archive)
        return self._archives[key]

    def _unpack(self, archive: Content) -> Unpacked | ArchiveRefused | None:
        try:
            return self._unpacker.unpack(archive, self._budget, self._scratch)
        except ArchiveRefused as refusal:
            return refusal
