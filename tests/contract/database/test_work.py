"""How much work a question is for SQLite, counted in steps of its machine and not in time."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from builders.rows import NOW, Steps, a_finding, many
from filemanager.db.database import SqlDatabase
from filemanager.domain.ids import Revision
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.history import EndedBefore
from filemanager.domain.trees.listing import EntryQuery
from filemanager.domain.trees.tree import Tree, TreeChange

FEW, MANY = 250, 1000

Question = Callable[[Transaction, Tree], Any]

QUESTIONS: dict[str, Question] = {
    "entries": lambda tx, tree: tx.trees.entries(tree.id, tree.revision),
    "findings": lambda tx, tree: tx.trees.findings(tree.id, tree.revision, transient=True),
    "old_findings": lambda tx, tree: tx.trees.findings(tree.id, Revision(1), transient=False),
    "packed": lambda tx, tree: tx.trees.packed(tree.id, tree.revision, None, MANY),
    "packed_whole": lambda tx, tree: tx.trees.packed_whole(tree.id, tree.revision),
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


@dataclass(frozen=True)
class Filled:
    """A database file, and the tree of its only workspace."""

    file: Path
    tree: Tree

    def work_of(self, question: Question, copy: Path) -> int:
        shutil.copy(self.file, copy)
        with steps_counted() as counted, closing(SqlDatabase(f"sqlite:///{copy}")) as database:
            database.check()
            before = len(counted)
            database.write(lambda tx: question(tx, self.tree))
            return len(counted) - before


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Callable[[int], Filled]:
    """With so many files, of which each came twice and has a finding; made once."""
    directory = tmp_path_factory.mktemp("filled")

    @cache
    def made(count: int) -> Filled:
        file = directory / f"{count}.db"
        shutil.copy(migrated_file, file)
        entries = many(count)
        findings = tuple(a_finding("code", entry.path) for entry in entries)
        with closing(SqlDatabase(f"sqlite:///{file}")) as database:
            steps = Steps(database)
            workspace = steps.put(steps.add(), *entries)
            change = TreeChange(put=tuple(entries), findings=findings)
            return Filled(file, steps.apply(workspace, change).tree)

    return made


@pytest.mark.parametrize("name", QUESTIONS)
def test_four_times_the_files_are_about_four_times_the_work(
    tmp_path: Path, filled: Callable[[int], Filled], name: str
) -> None:
    few = filled(FEW).work_of(QUESTIONS[name], tmp_path / "few.db")
    many_times = filled(MANY).work_of(QUESTIONS[name], tmp_path / "many.db")

    # A square would make it sixteen times.
    assert many_times <= 8 * few + 10
