"""Checkpoints of a workspace, and what differs between two of its states."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller
from filemanager.api.http.operations import operation
from filemanager.api.http.wishes import Wish
from filemanager.api.pages.texts import _, change_word, shown_moment, shown_size
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.trees.listing import Difference
from filemanager.domain.workspaces.checkpoint import Checkpoint
from filemanager.web.door import door
from filemanager.web.session.forms import form, unchanged
from filemanager.web.session.guard import OpensWorkspace
from filemanager.web.session.pages import MOVED, PAGE, page
from filemanager.web.workspaces.acting import acts, done
from filemanager.web.workspaces.showing import heading

comparing = Blueprint("comparing", __name__, url_prefix="/w/<id:workspace_id>")

_MOST_SHOWN = 1000
_NAME_CHARACTERS = 200


class CompareQuery(Wish):
    from_: str = Field(alias="from", max_length=40)
    to: str | None = Field(None, max_length=40)
    path: str | None = Field(None, max_length=2000)


@dataclass(frozen=True, slots=True)
class ShownCheckpoint:
    id: int
    name: str
    description: str | None
    by: str
    at: str
    size: str
    compare: str


@dataclass(frozen=True, slots=True)
class ShownDifference:
    path: str
    change: str
    old: str
    new: str
    compare: str


@comparing.get("/checkpoints")
@operation(
    guard=OpensWorkspace(Scope.READ_CHECKPOINTS), errors=(403, 404), answers={200: PAGE, 303: MOVED}
)
def show_checkpoint_page(workspace_id: int) -> ResponseReturnValue:
    """Show the checkpoints, the latest first."""
    identity = WorkspaceId(workspace_id)
    workspace = door().workspaces.life.get(identity)
    found = door().workspaces.checkpoints.of(identity)
    return page(
        "checkpoints.html",
        **heading(workspace),
        checkpoints=[_checkpoint(workspace_id, one) for one in reversed(found)],
    )


@comparing.post("/checkpoints")
@acts(Scope.CREATE_CHECKPOINT, 400)
def name_checkpoint(workspace_id: int) -> ResponseReturnValue:
    """Name the present state; nothing is copied."""
    name = form().line("name", _NAME_CHARACTERS)
    door().workspaces.checkpoints.create(caller(), WorkspaceId(workspace_id), name or None)
    return done(workspace_id, "checkpoint")


@comparing.post("/checkpoints/<id:checkpoint_id>/restore")
@acts(Scope.RESTORE_CHECKPOINT)
def restore_by_form(workspace_id: int, checkpoint_id: int) -> ResponseReturnValue:
    """Go back to a checkpoint, in a new revision."""
    identity = WorkspaceId(workspace_id)
    found = door().workspaces.checkpoints.find(identity, checkpoint_id)
    door().workspaces.checkpoints.restore(caller(), identity, found, unchanged())
    return done(workspace_id, "restored")


@comparing.get("/diff")
@operation(guard=OpensWorkspace(Scope.READ), errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_differences(workspace_id: int, query: CompareQuery) -> ResponseReturnValue:
    """Show what differs between two revisions, each a number or ``checkpoint:<id>``.

    With a ``path`` the lines of that file, in two columns.
    """
    identity = WorkspaceId(workspace_id)
    uses = door().workspaces
    workspace = uses.life.get(identity)
    old = uses.reading.revision(identity, query.from_)
    new = uses.reading.revision(identity, query.to)
    ends: dict[str, Any] = {
        "from_name": _end(identity, query.from_),
        "to_name": _end(identity, query.to),
    }
    if query.path is not None:
        before, after = (uses.versions.entry(identity, query.path, at) for at in (old, new))
        places = uses.versions.side_by_side(before, after)
        return page("difference.html", **heading(workspace), **ends, path=query.path, places=places)
    found = uses.reading.difference(identity, old, new)
    return page(
        "differences.html",
        **heading(workspace),
        **ends,
        differences=[_difference(workspace_id, query, one) for one in found[:_MOST_SHOWN]],
        more=max(0, len(found) - _MOST_SHOWN),
    )


def _end(identity: WorkspaceId, point: str | None) -> str:
    """What was asked for, as people call it; ``revision`` has looked at it."""
    if point is None:
        return _("now")
    kind, _colon, number = point.rpartition(":")
    if kind:
        return door().workspaces.checkpoints.find(identity, int(number)).name
    return _("revision %(number)s") % {"number": number}


def _checkpoint(workspace_id: int, checkpoint: Checkpoint) -> ShownCheckpoint:
    asked = urlencode({"from": f"checkpoint:{checkpoint.id}"})
    return ShownCheckpoint(
        id=checkpoint.id,
        name=checkpoint.name,
        description=checkpoint.description,
        by=checkpoint.created_by,
        at=shown_moment(checkpoint.created_at),
        size=shown_size(checkpoint.content_bytes),
        compare=f"/w/{workspace_id}/diff?{asked}",
    )


def _difference(workspace_id: int, query: CompareQuery, one: Difference) -> ShownDifference:
    asked = {"from": query.from_, **({"to": query.to} if query.to else {}), "path": one.path}
    return ShownDifference(
        path=one.path,
        change=change_word(was=one.old_digest is not None, stays=one.new_digest is not None),
        old=shown_size(one.old_bytes),
        new=shown_size(one.new_bytes),
        compare=f"/w/{workspace_id}/diff?{urlencode(asked)}",
    )
