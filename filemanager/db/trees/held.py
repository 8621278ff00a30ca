"""What a transaction knows of the trees that it holds, so that it does not ask twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from filemanager.db.trees.lives import Place
from filemanager.db.trees.rows import TreeState
from filemanager.domain.ids import TreeId
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.tree import Entry


@dataclass(frozen=True, slots=True)
class LivingEntry:
    """A living entry; ``id`` None: of this transaction, and not yet asked for."""

    id: int | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class LivingFinding:
    """A living finding."""

    id: int
    ordinal: int
    finding: Finding


@dataclass(slots=True)
class Seen:
    """What was found of the living rows of a tree since it was locked, or changed.

    ``entries`` are those at places that were looked at, None where there is none; ``inhabited``
    tells directories. ``bounds`` are the first and the last source entry, None for an empty source.
    ``said`` is all that is said of the tree, where that is little; ``is_altered`` tells whether the
    last upload altered something.
    """

    entries: dict[Place, LivingEntry | None] = field(default_factory=dict)
    inhabited: dict[Place, bool] = field(default_factory=dict)
    bounds: tuple[Entry, Entry] | None = None
    are_bounds_known: bool = False
    said: Sequence[LivingFinding] | None = None
    is_much_said: bool = False
    is_altered: bool | None = None


@dataclass(frozen=True, slots=True)
class HeldTree:
    """``findings`` are all living ones, where they are known of a revision made just now."""

    state: TreeState
    seen: Seen = field(default_factory=Seen)
    findings: Sequence[Finding] | None = None


class HeldTrees:
    """Of one transaction: nobody else changes what it holds."""

    def __init__(self) -> None:
        self._trees: dict[TreeId, HeldTree] = {}
        self.begun: Counter[Severity] = Counter()
        """The findings that have begun, of whatever tree, by severity."""

    def hold(self, held: HeldTree) -> None:
        """A tree that was locked just now, or has another revision."""
        self._trees[held.state.tree.id] = held

    def of(self, tree_id: TreeId) -> HeldTree | None:
        return self._trees.get(tree_id)

    def forget(self, tree_id: TreeId) -> None:
        self._trees.pop(tree_id, None)
