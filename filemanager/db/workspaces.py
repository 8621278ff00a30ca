"""Workspaces, each with the row of its tree."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, insert, select, update

from filemanager.db.columns import (
    milliseconds,
    moment,
    optional_milliseconds,
    optional_moment,
)
from filemanager.db.models import trees, workspaces
from filemanager.db.rows import TREE_COLUMNS, AnyRow, tree_of
from filemanager.domain.caller import Owner
from filemanager.domain.errors import WorkspaceNotFound
from filemanager.domain.findings import Readiness
from filemanager.domain.ids import Revision, TreeId, WorkspaceId
from filemanager.domain.kinds import SourceFormat
from filemanager.domain.listing import WorkspacePage, WorkspaceQuery
from filemanager.domain.tree import Tree
from filemanager.domain.workspace import Lock, Status, Workspace

_WITH_TREE = select(workspaces, *TREE_COLUMNS).join(trees, trees.c.id == workspaces.c.tree_id)
_GET = _WITH_TREE.where(workspaces.c.id == bindparam("workspace"))
# PostgreSQL: the keys do not change, so that rows which refer to them are not held up.
_LOCK = _GET.with_for_update(key_share=True)

_EMPTY_TREE = {
    "revision": 0,
    "next_position": 0,
    "next_ordinal": 0,
    "source_bytes": 0,
    "ancillary_bytes": 0,
    "content_bytes": 0,
    "counts": "{}",
}


class SqlWorkspaces:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, workspace: Workspace) -> Workspace:
        tree_id = self._insert(insert(trees).returning(trees.c.id), _EMPTY_TREE)
        values = {
            **_values(workspace),
            "tree_id": tree_id,
            "owner": workspace.owner,
            "created_at": milliseconds(workspace.created_at),
        }
        workspace_id = self._insert(insert(workspaces).returning(workspaces.c.id), values)
        tree = Tree(id=TreeId(tree_id), revision=Revision(0))
        return replace(workspace, id=WorkspaceId(workspace_id), tree=tree)

    def get(self, workspace_id: WorkspaceId) -> Workspace:
        return self._one(_GET, workspace_id)

    def lock(self, workspace_id: WorkspaceId) -> Workspace:
        return self._one(_LOCK, workspace_id)

    def save(self, workspace: Workspace) -> None:
        statement = update(workspaces).where(workspaces.c.id == workspace.id)
        self._connection.execute(statement, _values(workspace))

    def page(self, query: WorkspaceQuery) -> WorkspacePage:
        statement = (
            _WITH_TREE.where(*_conditions(query)).order_by(workspaces.c.id).limit(query.limit + 1)
        )
        found = [_workspace(row) for row in self._connection.execute(statement)]
        page = tuple(found[: query.limit])
        return WorkspacePage(page, page[-1].id if len(found) > query.limit else None)

    def _insert(self, statement: Any, values: dict[str, object]) -> int:
        return int(self._connection.execute(statement, values).scalar_one())

    def _one(self, statement: Select[Any], workspace_id: WorkspaceId) -> Workspace:
        row = self._connection.execute(statement, {"workspace": workspace_id}).one_or_none()
        if row is None:
            raise WorkspaceNotFound
        return _workspace(row)


def _conditions(query: WorkspaceQuery) -> Iterator[ColumnElement[bool]]:
    yield workspaces.c.id > query.after
    if query.owner is not None:
        yield workspaces.c.owner == query.owner
    if query.status is None:
        yield workspaces.c.status != Status.DELETED.value
    else:
        yield workspaces.c.status == query.status.value
    if query.updated_since is not None:
        yield workspaces.c.modified_at >= milliseconds(query.updated_since)


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


def _workspace(row: AnyRow) -> Workspace:
    return Workspace(
        id=WorkspaceId(row.id),
        owner=Owner(row.owner),
        tree=tree_of(tuple(row[-len(TREE_COLUMNS) :])),
        status=Status(row.status),
        lock=_lock(row),
        source_format=SourceFormat(row.source_format),
        readiness=Readiness(row.readiness),
        profile=row.profile,
        name=row.name,
        metadata=json.loads(row.metadata),
        created_at=moment(row.created_at),
        modified_at=moment(row.modified_at),
        started_at=moment(row.started_at),
        completed_at=moment(row.completed_at),
    )


def _lock(row: AnyRow) -> Lock | None:
    if row.locked_by is None:
        return None
    return Lock(
        by=row.locked_by, reason=row.lock_reason, expires_at=optional_moment(row.lock_expires_at)
    )
