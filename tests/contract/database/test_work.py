"""How much work a question is for SQLite, counted in steps of its machine and not in time."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from builders.rows import NOW, Steps, a_finding, many
from filemanager.db.database import SqlDatabase
from filemanager.db.engine.migrate import upgrade
from filemanager.domain.ids import Revision
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.history import EndedBefore
from filemanager.domain.trees.listing import EntryQuery
from filemanager.domain.trees.tree import Tree, TreeChange
from filemanager.domain.workspaces.workspace import Workspace

FEW, MANY = 250, 1000

Question = Callable[[Transaction, Tree], Any]

QUESTIONS: dict[str, Question] = {
    "entries": lambda tx, tree: tx.trees.entries(tree.id, tree.revision),
    "findings": lambda tx, tree: tx.trees.findings(tree.id, tree.revision, transient=True),
    "old_findings": lambda tx, tree: tx.trees.findings(tree.id, Revision(1), transient=False),
    "packed": lambda tx, tree: tx.trees.packed(tree.id, tree.revision, None, MANY),
    "page": lambda tx, tree: tx.trees.page(tree.id, EntryQuery(revision=tree.revision, limit=MANY)),
    "severities": lambda tx, tree: tx.trees.severities(tree),
    "altered": lambda tx, tree: tx.trees.altered(tree.id),
    "difference": lambda tx, tree: tx.trees.difference(tree.id, Revision(0), tree.revision),
    "restore": lambda tx, tree: tx.trees.restore(tree, Revision(0), NOW),
    "delete_all": lambda tx, tree: tx.trees.apply(tree, TreeChange(end_areas=tuple(Area)), NOW),
    "prune": lambda tx, _tree: tx.upkeep.prune(EndedBefore(NOW), MANY),
}


@contextmanager
def steps_counted() -> Iterator[list[int]]:
    """One item for every hundred steps of every connection that is made meanwhile."""
    counted: list[int] = []

    def watch(connection: Any, _record: object) -> None:
        connection.set_progress_handler(lambda: counted.append(100), 100)

    event.listen(Engine, "connect", watch)
    try:
        yield counted
    finally:
        event.remove(Engine, "connect", watch)


def filled(steps: Steps, count: int) -> Workspace:
    """Every file came twice, and each has a finding."""
    entries = many(count)
    findings = tuple(a_finding("code", entry.path) for entry in entries)
    workspace = steps.put(steps.add(), *entries)
    return steps.apply(workspace, TreeChange(put=tuple(entries), findings=findings))


def work_of(question: Question, directory: Path, count: int) -> int:
    url = f"sqlite:///{directory / 'filemanager.db'}"
    directory.mkdir()
    upgrade(url)
    with steps_counted() as counted, closing(SqlDatabase(url)) as database:
        tree = filled(Steps(database), count).tree
        before = len(counted)
        database.write(lambda tx: question(tx, tree))
        return len(counted) - before


@pytest.mark.parametrize("name", QUESTIONS)
def test_four_times_the_files_are_about_four_times_the_work(tmp_path: Path, name: str) -> None:
    few = work_of(QUESTIONS[name], tmp_path / "few", FEW)
    many_times = work_of(QUESTIONS[name], tmp_path / "many", MANY)

    # A square would make it sixteen times.
    assert many_times <= 8 * few + 10
