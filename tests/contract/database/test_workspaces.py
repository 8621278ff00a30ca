"""Workspaces as the database keeps them."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from builders.rows import LATER, NOW, Steps, a_workspace, an_entry
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Owner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.findings import Readiness
from filemanager.domain.trees.kinds import SourceFormat
from filemanager.domain.trees.tree import Tree, TreeChange
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.listing import WorkspaceQuery
from filemanager.domain.workspaces.workspace import Lock, Status, Workspace

WRITERS = 8


def test_a_new_workspace_has_an_empty_tree_of_its_own(steps: Steps) -> None:
    first = steps.add()
    second = steps.add()

    assert steps.get(first) == first
    assert first.tree == Tree(id=first.tree.id, revision=first.revision)
    assert first.revision == 0
    assert first.tree.id != second.tree.id


def test_what_is_saved_is_read_back(steps: Steps) -> None:
    workspace = replace(
        steps.add(),
        status=Status.RELEASED,
        lock=Lock(by="bob", reason="é \U0001f512", expires_at=LATER),
        source_format=SourceFormat.TEX,
        readiness=Readiness.ERRORS,
        profile="generic",
        name="Ångström",
        metadata={"list": [1, None, {"é": True}]},
        modified_at=LATER,
        started_at=LATER + timedelta(milliseconds=1),
        completed_at=LATER + timedelta(milliseconds=2),
    )

    steps.database.write(lambda tx: tx.workspaces.save(workspace))

    assert steps.get(workspace) == workspace


def test_saving_leaves_owner_tree_and_creation_alone(steps: Steps) -> None:
    workspace = steps.add()
    other = replace(
        workspace,
        owner=Owner("issuer:eve"),
        created_at=LATER,
        tree=replace(workspace.tree, content_bytes=9),
    )

    steps.database.write(lambda tx: tx.workspaces.save(other))

    assert steps.get(workspace) == workspace


def test_an_unlocked_workspace_has_no_lock(steps: Steps) -> None:
    workspace = steps.add(replace(a_workspace(), lock=Lock(by="bob")))

    steps.database.write(lambda tx: tx.workspaces.save(replace(workspace, lock=None)))

    assert steps.get(workspace).lock is None


@pytest.mark.parametrize("question", ["get", "lock"])
def test_an_unknown_workspace_is_not_found(database: SqlDatabase, question: str) -> None:
    def work(tx: Transaction) -> None:
        getattr(tx.workspaces, question)(WorkspaceId(2**63 - 1))

    with pytest.raises(WorkspaceNotFound):
        database.write(work)


def test_a_page_lists_an_owner_s_workspaces_by_id(steps: Steps) -> None:
    mine = [steps.add(), steps.add(), steps.add()]
    steps.add(a_workspace("issuer:bob"))
    query = WorkspaceQuery(owner=Owner("issuer:alice"), limit=2)

    with steps.database.read() as tx:
        first = tx.workspaces.page(query)
        second = tx.workspaces.page(replace(query, after=first.next_after or 0))

    assert [found.id for found in first.workspaces] == [mine[0].id, mine[1].id]
    assert first.next_after == mine[1].id
    assert (second.workspaces, second.next_after) == ((mine[2],), None)


def test_a_page_may_begin_with_the_newest(steps: Steps) -> None:
    mine = [steps.add(), steps.add(), steps.add()]
    query = WorkspaceQuery(owner=Owner("issuer:alice"), is_newest_first=True, limit=2)

    with steps.database.read() as tx:
        first = tx.workspaces.page(query)
        second = tx.workspaces.page(replace(query, after=first.next_after or 0))

    assert [found.id for found in first.workspaces] == [mine[2].id, mine[1].id]
    assert (second.workspaces, second.next_after) == ((mine[0],), None)


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [("RINGS", True), ("%", True), ("_", False), ("{id}", True), ("9" * 40, False), ("", True)],
    ids=["case", "percent", "underline", "number", "long-number", "nothing"],
)
def test_a_page_may_be_of_those_called_so_or_numbered(
    steps: Steps, asked: str, is_found: bool
) -> None:
    named = steps.add(replace(a_workspace(), name="On rings, 50%"))
    other = steps.add()
    query = WorkspaceQuery(
        owner=Owner("issuer:alice"), contains=asked.replace("{id}", str(named.id))
    )

    with steps.database.read() as tx:
        found = [one.id for one in tx.workspaces.page(query).workspaces]

    assert found == ([named.id] if is_found else []) + ([] if asked else [other.id])


def test_owners_are_told_apart_by_every_byte(steps: Steps) -> None:
    for owner in ("issuer:alice ", "issuer:Alice", "issuer:àlice"):
        steps.add(a_workspace(owner))

    with steps.database.read() as tx:
        page = tx.workspaces.page(WorkspaceQuery(owner=Owner("issuer:alice")))

    assert page.workspaces == ()


def test_deleted_workspaces_are_listed_when_asked_for(steps: Steps) -> None:
    living = steps.add()
    deleted = steps.add(replace(a_workspace(), status=Status.DELETED))

    with steps.database.read() as tx:
        usual = tx.workspaces.page(WorkspaceQuery(owner=None))
        asked = tx.workspaces.page(WorkspaceQuery(owner=None, status=Status.DELETED))

    assert [found.id for found in usual.workspaces] == [living.id]
    assert [found.id for found in asked.workspaces] == [deleted.id]


def test_a_page_can_begin_at_a_time(steps: Steps) -> None:
    steps.add()
    updated = steps.add(replace(a_workspace(), modified_at=LATER))

    with steps.database.read() as tx:
        page = tx.workspaces.page(WorkspaceQuery(owner=None, updated_since=LATER))

    assert [found.id for found in page.workspaces] == [updated.id]


def test_writers_of_one_workspace_take_turns(steps: Steps) -> None:
    workspace = steps.add()
    start = threading.Barrier(WRITERS)
    steps.store("text")

    def upload(number: int) -> None:
        start.wait()
        for file in range(5):
            steps.database.write(partial(_put, workspace, f"{number}-{file}"))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(upload, range(WRITERS)))

    after = steps.get(workspace)
    assert after.revision == WRITERS * 5
    assert len(steps.paths(after)) == WRITERS * 5
    assert after.tree.source_bytes == WRITERS * 5 * len("text")


def test_processes_take_turns_too(steps: Steps) -> None:
    workspace = steps.add()
    steps.store("text")
    context = multiprocessing.get_context("fork")

    def upload(number: int) -> None:
        for file in range(5):
            steps.database.write(partial(_put, workspace, f"{number}-{file}"))
        steps.database.close()

    processes = [context.Process(target=upload, args=(number,)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0] * 4
    assert len(steps.paths(steps.get(workspace))) == 20


def _put(workspace: Workspace, path: str, tx: Transaction) -> None:
    locked = tx.workspaces.lock(workspace.id)
    tx.trees.apply(locked.tree, TreeChange(put=(an_entry(path),)), NOW)
