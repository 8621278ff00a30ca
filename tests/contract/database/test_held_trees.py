"""What a transaction saw of a tree that it holds is not asked again, and makes no difference."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from builders.rows import NOW, Steps, a_finding, an_entry, held_in
from filemanager.db.database import SqlDatabase
from filemanager.domain.ids import Revision
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import LEFT_OUT, Severity
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import (
    Alteration,
    Altered,
    Tree,
    TreeChange,
    TreePath,
)
from filemanager.domain.workspaces.workspace import Workspace
from worlds.questions import questions

_ALTERED = Altered(
    alteration=Alteration.REWRITTEN,
    code="unmacified",
    before="b",
    after="b",
    file=0,
    before_bytes=5,
)
_FILLED = TreeChange(
    put=(
        an_entry("b"),
        an_entry("a"),
        an_entry("d/c"),
        an_entry("d/e/f"),
        an_entry("x", area=Area.ANCILLARY),
        replace(an_entry("gone", area=Area.REMOVED), code="deleted"),
    ),
    findings=(
        a_finding("whole"),
        a_finding("on_d", "d/"),
        replace(a_finding("on_a", "a"), severity=Severity.FATAL),
        a_finding("passing", "b", persistent=False),
        replace(a_finding(LEFT_OUT, "x"), area=Area.ANCILLARY, awaits="anc/y"),
    ),
    altered=(_ALTERED, replace(_ALTERED, file=None, before_bytes=0)),
    is_upload=True,
)
_CHANGES = {
    "nothing": TreeChange(),
    "an upload of nothing": TreeChange(is_upload=True),
    "another file": TreeChange(put=(an_entry("c"),), is_upload=True),
    "a file overwritten": TreeChange(
        put=(an_entry("a"), an_entry("d/c")), clear=((Area.SOURCE, "a"),), is_upload=True
    ),
    "a file ended": TreeChange(end=((Area.SOURCE, TreePath("a")),)),
    "a file ended and begun": TreeChange(
        end=((Area.SOURCE, TreePath("a")),), put=(an_entry("a"), an_entry("a/b"))
    ),
    "all ended": TreeChange(
        end_areas=(Area.SOURCE, Area.ANCILLARY), put=(an_entry("a"),), clear_codes=("whole",)
    ),
    "findings": TreeChange(
        clear=((Area.SOURCE, "d/"),),
        clear_codes=("whole",),
        findings=(a_finding("whole"), a_finding("new", "b", persistent=False)),
    ),
    "alterations": TreeChange(put=(an_entry("c"),), altered=(_ALTERED,), is_upload=True),
}


def _look(view: TreeView) -> list[object]:
    """Ask all that can be asked."""
    places = [(area, path) for area in Area for path in ("a", "b", "d", "d/c", "e", "x", "gone")]
    return [
        [view.holds_below(area, path) for area, path in places],
        [view.find(area, path) for area, path in places],
        [view.findings_on(area, path) for area, path in (*places, (Area.SOURCE, "d/"))],
        view.findings_at(places),
        view.findings_on(None, None),
        view.findings_of(LEFT_OUT),
        view.source_bounds(),
        view.sole_source(),
        view.below(Area.SOURCE, ""),
        view.below(Area.SOURCE, "d"),
        view.counts,
    ]


def _view(tx: Transaction, workspace: Workspace) -> TreeView:
    return tx.trees.view(workspace.tree, workspace.source_format)


def _state(tx: Transaction, tree: Tree) -> list[object]:
    return [*held_in(tx, tree), _look(tx.trees.view(tree))]


def _changed(
    database: SqlDatabase,
    workspace: Workspace,
    change: TreeChange,
    see: Callable[[TreeView], object],
) -> tuple[Tree, list[object]]:
    """The tree, and what the transaction itself tells of it, behind its lock."""

    def work(tx: Transaction) -> tuple[Tree, list[object]]:
        locked = tx.workspaces.lock(workspace.id)
        see(_view(tx, locked))
        tree = tx.trees.apply(locked.tree, change, NOW)
        return tree, _state(tx, tree)

    return database.write(work)


def _nothing(_view: TreeView) -> None:
    """It is all unknown."""


@pytest.mark.parametrize("name", _CHANGES)
def test_a_change_is_the_same_whatever_was_seen_before(
    steps: Steps, database: SqlDatabase, name: str
) -> None:
    seen, unseen = (steps.apply(steps.add(), _FILLED) for _ in range(2))

    (tree, told), (other, _) = (
        _changed(database, workspace, _CHANGES[name], see)
        for workspace, see in ((seen, _look), (unseen, _nothing))
    )

    assert replace(tree, id=other.id) == other
    with database.read() as tx:
        assert told == _state(tx, tree) == _state(tx, other)


def test_two_changes_in_one_transaction_are_as_two(steps: Steps, database: SqlDatabase) -> None:
    one, other = (steps.apply(steps.add(), _FILLED) for _ in range(2))
    first, second = _CHANGES["a file overwritten"], _CHANGES["another file"]

    def both(tx: Transaction) -> Tree:
        locked = tx.workspaces.lock(one.id)
        _look(_view(tx, locked))
        tree = tx.trees.apply(locked.tree, first, NOW)
        _look(tx.trees.view(tree))
        return tx.trees.apply(tree, second, NOW)

    tree = database.write(both)
    apart = steps.apply(steps.apply(other, first), second)

    with database.read() as tx:
        assert _state(tx, tree) == _state(tx, apart.tree)


def test_what_is_restored_is_asked_for(steps: Steps, database: SqlDatabase) -> None:
    workspace = steps.apply(steps.apply(steps.add(), _FILLED), _CHANGES["all ended"])

    def restore(tx: Transaction) -> tuple[Tree, list[object]]:
        locked = tx.workspaces.lock(workspace.id)
        _look(_view(tx, locked))
        tree = tx.trees.restore(locked.tree, Revision(1), NOW)
        return tree, _state(tx, tree)

    tree, told = database.write(restore)

    with database.read() as tx:
        assert told == _state(tx, tree)
    assert "d/e/f" in [entry.path for entry in told[0]]  # type: ignore[attr-defined]  # a listing


def test_what_was_seen_is_not_asked_again(steps: Steps, database: SqlDatabase) -> None:
    workspace = steps.apply(steps.add(), _FILLED)

    def work(tx: Transaction) -> list[str]:
        locked = tx.workspaces.lock(workspace.id)
        view = _view(tx, locked)
        view.holds_below(Area.SOURCE, "a")
        view.findings_on(None, None)
        with questions() as asked:
            _view(tx, locked).find(Area.SOURCE, "a")
            view.source_bounds()
            view.findings_of(LEFT_OUT)
            view.findings_at([(Area.SOURCE, "a")])
            tree = tx.trees.apply(locked.tree, _CHANGES["an upload of nothing"], NOW)
            tx.trees.severities(tree)
        return asked

    asked = database.write(work)

    # The transient finding ends, as do two kinds of alterations; and the tree's row.
    assert [statement.partition(" ")[0] for statement in asked] == [
        *("UPDATE", "DELETE", "UPDATE"),
        "UPDATE",
    ]


def test_of_many_findings_only_those_asked_for_are_read(steps: Steps) -> None:
    findings = tuple(a_finding("many", f"f{number}") for number in range(100))
    workspace = steps.apply(steps.add(), TreeChange(findings=(*findings, a_finding("whole"))))

    with steps.database.read() as tx:
        view = _view(tx, workspace)
        assert view.findings_on(None, None) == [a_finding("whole")]
        assert view.findings_on(Area.SOURCE, "f7") == [findings[7]]
        assert view.findings_of("many") == list(findings)
        assert view.findings_at([(Area.SOURCE, "f9")]) == [findings[9]]
