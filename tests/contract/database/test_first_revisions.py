"""A first revision is told in the transaction that makes it as it is read afterwards."""

from dataclasses import replace
from datetime import timedelta

from builders.rows import NOW, Steps, a_finding, a_workspace, an_entry
from filemanager.db.database import SqlDatabase
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Severity
from filemanager.domain.trees.tree import Rewrites, Tree, TreeChange, TreePath
from worlds.questions import questions

_CHANGE = TreeChange(
    put=(
        replace(an_entry("b.tex"), modified_at=NOW + timedelta(microseconds=1_999)),
        replace(an_entry("a.tex"), name_as_sent="a\udcff\0.tex", rewrites=Rewrites(0)),
        an_entry("z.txt", area=Area.ANCILLARY),
        replace(an_entry("gone", area=Area.REMOVED), reason="\0", code="deleted"),
        an_entry("b.tex"),
    ),
    findings=(
        a_finding("of_all"),
        replace(a_finding("odd", "a.tex"), message="no \udcff", persistent=False),
        replace(a_finding("odd", "b.tex"), severity=Severity.FATAL),
        replace(a_finding("directory", "d/"), awaits="d/a.tex\0"),
        replace(a_finding("aside", "z.txt"), area=Area.ANCILLARY),
        replace(a_finding("gone", "gone"), area=Area.REMOVED),
    ),
    is_upload=True,
)


def _told(tx: Transaction, tree: Tree) -> list[object]:
    return [
        list(tx.trees.entries(tree.id, tree.revision)),
        list(tx.trees.findings(tree.id, tree.revision, transient=True)),
        list(tx.trees.findings(tree.id, tree.revision, transient=False)),
        tx.trees.severities(tree),
    ]


def test_what_is_told_at_once_is_what_is_read_later(steps: Steps, database: SqlDatabase) -> None:
    steps.store("text")
    asked: list[str] = []

    def make(tx: Transaction) -> tuple[Tree, list[object]]:
        tree = tx.trees.apply(tx.workspaces.add(a_workspace()).tree, _CHANGE, NOW)
        with questions() as found:
            told = _told(tx, tree)
        asked.extend(found)
        return tree, told

    tree, told = database.write(make)

    with database.read() as tx:
        assert told == _told(tx, tree)
    assert asked == []


def test_a_second_revision_in_the_same_transaction_is_read(
    steps: Steps, database: SqlDatabase
) -> None:
    steps.store("text")

    def make(tx: Transaction) -> tuple[Tree, list[object]]:
        first = tx.trees.apply(tx.workspaces.add(a_workspace()).tree, _CHANGE, NOW)
        second = tx.trees.apply(first, TreeChange(end=((Area.SOURCE, TreePath("a.tex")),)), NOW)
        return second, _told(tx, second)

    tree, told = database.write(make)

    with database.read() as tx:
        assert told == _told(tx, tree)
    assert tree.revision == 2
