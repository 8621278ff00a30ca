"""The first revision of a tree that began in this transaction: known, so that nobody reads it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from filemanager.db.engine.columns import milliseconds, moment, storable
from filemanager.db.trees.lives import Place
from filemanager.db.trees.rows import TreeState
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.tree import Entry, Rewrites, Tree

_FIRST = Revision(1)
_RANKS = {area: rank for rank, area in enumerate((*Area, None))}


@dataclass(frozen=True, slots=True)
class _Known:
    entries: Sequence[Entry]
    findings: Sequence[Finding]


class FirstRevisions:
    """Of one transaction. What is told is what a query would find."""

    def __init__(self) -> None:
        self._blank: set[TreeId] = set()
        self._known: dict[TreeId, _Known] = {}

    def begin(self, tree_id: TreeId) -> None:
        self._blank.add(tree_id)

    def blank_state(self, tree_id: TreeId) -> TreeState | None:
        """None: it is to be asked for."""
        return (
            TreeState(Tree(id=tree_id, revision=Revision(0)), 0, 0)
            if tree_id in self._blank
            else None
        )

    def moved(self, tree_id: TreeId) -> None:
        """Forget what was known of a tree that has another revision now."""
        self._blank.discard(tree_id)
        self._known.pop(tree_id, None)

    def made(
        self,
        tree_id: TreeId,
        entries: Mapping[Place, tuple[Entry, int]],
        findings: Iterable[Finding],
    ) -> None:
        """Each entry comes with its position."""
        self.moved(tree_id)
        read = [_entry_read(entry, position) for entry, position in entries.values()]
        positions = {place: position for place, (_, position) in entries.items()}
        self._known[tree_id] = _Known(
            sorted((one for one in read if one.area is not Area.REMOVED), key=_listing_order),
            _in_order(map(_finding_read, findings), positions),
        )

    def entries(self, tree_id: TreeId, revision: Revision) -> Sequence[Entry] | None:
        known = self._of(tree_id, revision)
        return None if known is None else known.entries

    def findings(
        self, tree_id: TreeId, revision: Revision, *, transient: bool
    ) -> Sequence[Finding] | None:
        known = self._of(tree_id, revision)
        if known is None:
            return None
        return [one for one in known.findings if transient or one.persistent]

    def severities(self, tree: Tree) -> frozenset[Severity] | None:
        known = self._of(tree.id, tree.revision)
        if known is None:
            return None
        return frozenset(one.severity for one in known.findings if one.persistent and one.counts)

    def _of(self, tree_id: TreeId, revision: Revision) -> _Known | None:
        return self._known.get(tree_id) if revision == _FIRST else None


def _entry_read(entry: Entry, position: int) -> Entry:
    rewrites = entry.rewrites
    return replace(
        entry,
        position=position,
        modified_at=moment(milliseconds(entry.modified_at)),
        name_as_sent=_stored(entry.name_as_sent),
        reason=_stored(entry.reason),
        code=_stored(entry.code),
        rewrites=rewrites and Rewrites(rewrites.file, rewrites.revision or _FIRST),
    )


def _finding_read(finding: Finding) -> Finding:
    return replace(finding, message=storable(finding.message), awaits=_stored(finding.awaits))


def _stored(given: str | None) -> str | None:
    return None if given is None else storable(given)


def _listing_order(entry: Entry) -> tuple[int, int]:
    return _RANKS[entry.area], entry.position or 0


def _in_order(findings: Iterable[Finding], positions: Mapping[Place, int]) -> Sequence[Finding]:
    """Directories, and paths without an entry, come behind the entries of their area."""

    def order(finding: Finding) -> tuple[int, bool, int]:
        at = None
        if finding.area is not None and finding.path is not None:
            at = positions.get((finding.area, str(finding.path)))
        return _RANKS[finding.area], at is None, at or 0

    return sorted(findings, key=order)
