"""Workspaces, each with the row of its tree."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    collate,
    false,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import NoResultFound

from filemanager.db.engine.columns import (
    milliseconds,
    moment,
    optional_milliseconds,
    optional_moment,
    storable,
)
from filemanager.db.engine.driver import DriversRow, change_later, row_of
from filemanager.db.trees.bare import add_tree
from filemanager.db.trees.begun import begin_tree
from filemanager.db.trees.buckets import keep_buckets
from filemanager.db.trees.held import HeldTree, HeldTrees
from filemanager.db.trees.rows import STATE_COLUMNS, TREE_COLUMNS, state_of, tree_of
from filemanager.db.trees.tables import trees
from filemanager.db.trees.told import entries_told, findings_told
from filemanager.db.workspaces.tables import workspaces
from filemanager.domain.caller import Owner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.trees.checksums import Buckets
from filemanager.domain.trees.findings import Readiness
from filemanager.domain.trees.kinds import SourceFormat
from filemanager.domain.trees.tree import Tree, TreeChange
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.listing import WorkspacePage, WorkspaceQuery
from filemanager.domain.workspaces.workspace import BegunWorkspace, Lock, Status, Workspace

_COLUMNS = (
    workspaces.c.id,
    workspaces.c.owner,
    workspaces.c.status,
    workspaces.c.locked_by,
    workspaces.c.lock_reason,
    workspaces.c.lock_expires_at,
    workspaces.c.source_format,
    workspaces.c.readiness,
    workspaces.c.profile,
    workspaces.c.name,
    workspaces.c.metadata,
    workspaces.c.created_at,
    workspaces.c.modified_at,
    workspaces.c.started_at,
    workspaces.c.completed_at,
)
_WITH_TREE = select(*_COLUMNS, *TREE_COLUMNS).join(trees, trees.c.id == workspaces.c.tree_id)
_GET = _WITH_TREE.where(workspaces.c.id == bindparam("workspace"))
# PostgreSQL: the keys do not change, so that rows which refer to them are not held up.
_LOCK = (
    select(*_COLUMNS, *STATE_COLUMNS)
    .join(trees, trees.c.id == workspaces.c.tree_id)
    .where(workspaces.c.id == bindparam("workspace"))
    .with_for_update(key_share=True)
)
_STATUSES = {status.value: status for status in Status}
_FORMATS = {source_format.value: source_format for source_format in SourceFormat}
_READINESSES = {readiness.value: readiness for readiness in Readiness}

_MOST_DIGITS = 19
_REMEMBERED = 1024

_ADD = insert(workspaces).returning(workspaces.c.id)
_SAVE = update(workspaces).where(workspaces.c.id == bindparam("workspace"))


class SqlWorkspaces:
    def __init__(self, connection: Connection, held: HeldTrees) -> None:
        self._connection = connection
        self._held = held

    def add(self, workspace: Workspace) -> Workspace:
        return self._add(workspace, add_tree(self._connection))

    def begin(
        self, workspace: Workspace, change: TreeChange, at: datetime, buckets: Buckets
    ) -> BegunWorkspace:
        self._held.begun.update(finding.severity for finding in change.findings)
        tree, begun = begin_tree(self._connection, change, at, buckets.checksum)
        keep_buckets(self._connection, tree, buckets)
        return BegunWorkspace(
            workspace=self._add(workspace, tree),
            entries=entries_told(begun.placed(), tree.revision),
            findings=findings_told(change.findings, begun.position_of()),
        )

    def get(self, workspace_id: WorkspaceId) -> Workspace:
        return _workspace(self._one(_GET, workspace_id))

    def lock(self, workspace_id: WorkspaceId) -> Workspace:
        row = self._one(_LOCK, workspace_id)
        of_workspace, of_tree = row[: len(_COLUMNS)], row[len(_COLUMNS) :]
        state = state_of(of_tree)
        self._held.hold(HeldTree(state))
        return _workspace((*of_workspace, *of_tree[: len(TREE_COLUMNS)]))

    def save(self, workspace: Workspace) -> None:
        change_later(self._connection, _SAVE, [{"workspace": workspace.id} | _values(workspace)])

    def page(self, query: WorkspaceQuery) -> WorkspacePage:
        key = workspaces.c.id
        statement = (
            _WITH_TREE.where(*self._conditions(query))
            .order_by(key.desc() if query.is_newest_first else key)
            .limit(query.limit + 1)
        )
        found = [_workspace(tuple(row)) for row in self._connection.execute(statement)]
        page = tuple(found[: query.limit])
        return WorkspacePage(page, page[-1].id if len(found) > query.limit else None)

    def _conditions(self, query: WorkspaceQuery) -> Iterator[ColumnElement[bool]]:
        yield from _conditions(query)
        if query.contains:
            name: ColumnElement[str] = workspaces.c.name
            if self._connection.dialect.name == "mysql":
                # In the byte order of the column no two letters are the same.
                name = collate(name, "utf8mb4_general_ci")
            asked = storable(query.contains)
            yield or_(name.icontains(asked, autoescape=True), _is_numbered(asked))

    def _add(self, workspace: Workspace, tree: Tree) -> Workspace:
        values = {
            **_values(workspace),
            "tree_id": tree.id,
            "owner": workspace.owner,
            "created_at": milliseconds(workspace.created_at),
        }
        told = row_of(self._connection, _ADD, values)
        if told is None:
            raise NoResultFound
        return replace(workspace, id=WorkspaceId(int(told[0])), tree=tree)

    def _one(self, statement: Select[Any], workspace_id: WorkspaceId) -> DriversRow:
        row = row_of(self._connection, statement, {"workspace": workspace_id})
        if row is None:
            raise WorkspaceNotFound
        return row


def _conditions(query: WorkspaceQuery) -> Iterator[ColumnElement[bool]]:
    key = workspaces.c.id
    if query.after:
        yield key < query.after if query.is_newest_first else key > query.after
    if query.owner is not None:
        yield workspaces.c.owner == query.owner
    if query.status is None:
        yield workspaces.c.status != Status.DELETED.value
    else:
        yield workspaces.c.status == query.status.value
    if query.updated_since is not None:
        yield workspaces.c.modified_at >= milliseconds(query.updated_since)


def _is_numbered(text: str) -> ColumnElement[bool]:
    is_number = text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS
    return workspaces.c.id == int(text) if is_number else false()


def _values(workspace: Workspace) -> dict[str, object]:
    lock = workspace.lock
    return {
        "status": workspace.status.value,
        "locked_by": lock.by if lock else None,
        "lock_reason": lock.reason if lock else None,
        "lock_expires_at": optional_milliseconds(lock.expires_at) if lock else None,
        "source_format": workspace.source_format.value,
        "readiness": workspace.readiness.value,
        "profile": workspace.profile,
        "name": workspace.name,
        "metadata": json.dumps(dict(workspace.metadata)),
        "modified_at": milliseconds(workspace.modified_at),
        "started_at": milliseconds(workspace.started_at),
        "completed_at": milliseconds(workspace.completed_at),
    }


@lru_cache(maxsize=_REMEMBERED)
def _workspace(row: tuple[Any, ...]) -> Workspace:
    """Values never change, and a row that is asked for is mostly one that was asked for lately."""
    key, owner, status, by, reason, expires_at, *judged = row[: len(_COLUMNS)]
    source_format, readiness, profile, name, metadata, *times = judged
    created_at, modified_at, started_at, completed_at = map(moment, times)
    return Workspace(
        id=WorkspaceId(key),
        owner=Owner(owner),
        tree=tree_of(row[len(_COLUMNS) :]),
        status=_STATUSES[status],
        lock=None
        if by is None
        else Lock(by=by, reason=reason, expires_at=optional_moment(expires_at)),
        source_format=_FORMATS[source_format],
        readiness=_READINESSES[readiness],
        profile=profile,
        name=name,
        metadata=json.loads(metadata),
        created_at=created_at,
        modified_at=modified_at,
        started_at=started_at,
        completed_at=completed_at,
    )
