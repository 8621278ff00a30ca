"""A workspace as a page: the verdict on top, findings with what to do, files, what we changed."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller
from filemanager.api.http.operations import operation
from filemanager.api.http.paging import entry_of
from filemanager.api.http.wishes import Cursor, Wish
from filemanager.api.pages.texts import _, shown_moment, shown_size
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.listing import EntryPage, EntryQuery
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.services.workspaces.checking.missing import count_missing
from filemanager.web.door import door
from filemanager.web.session.guard import OpensWorkspace
from filemanager.web.session.pages import MOVED, PAGE, page
from filemanager.web.workspaces.changes import changes, summed_up
from filemanager.web.workspaces.findings import grouped
from filemanager.web.workspaces.rights import Offered
from filemanager.web.workspaces.tree import directories, next_page, removed
from filemanager.web.workspaces.words import state_word, title_of, verdict

showing = Blueprint("showing", __name__)

_FILES = 1000
_REMOVED = 200


class WorkspaceQueryWish(Wish):
    q: str = Field("", max_length=200, description="Part of the path, in any case.")
    cursor: Cursor | None = None
    done: str | None = Field(None, max_length=40, description="What was done just now.")
    added: int | None = Field(None, ge=0, description="How many files were sent just now.")


@showing.get("/w/<id:workspace_id>")
@operation(guard=OpensWorkspace(Scope.READ), errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_workspace_page(workspace_id: int, query: WorkspaceQueryWish) -> ResponseReturnValue:
    """Show a workspace: the verdict, findings and what to do, files, and what checks changed."""
    identity = WorkspaceId(workspace_id)
    uses = door().workspaces
    workspace = uses.life.get(identity)
    revision, found = uses.reading.findings(identity, workspace.revision)
    entries = uses.reading.entries(
        identity,
        EntryQuery(
            revision=revision,
            contains=query.q.strip() or None,
            after=entry_of(query.cursor),
            limit=_FILES,
        ),
    )
    _at, altered = uses.reading.altered(identity)
    advice = uses.advice.of(identity, revision)
    taken_out = _removed(identity, workspace)
    return page(
        "workspace.html",
        **heading(workspace),
        verdict=verdict(workspace, found, count_missing(advice)),
        told=_told(query.done),
        summed_up=summed_up(altered, query.added),
        groups=list(grouped(workspace_id, (*found, *advice))),
        changes=changes(altered),
        directories=directories(workspace_id, entries),
        next_page=next_page(entries, query.q),
        searched=query.q,
        removed=removed(taken_out),
        has_more_removed=taken_out.next_after is not None,
    )


def heading(workspace: Workspace) -> dict[str, Any]:
    """What every page of a workspace shows of it."""
    uses = door().workspaces
    is_locked = uses.life.is_locked(workspace)
    tree, room = workspace.tree, uses.files.room
    return {
        "workspace": workspace,
        "home": f"/w/{workspace.id}",
        "title": title_of(workspace),
        "state": state_word(workspace, is_locked=is_locked),
        "is_locked": is_locked,
        "may": Offered(caller(), workspace, is_locked),
        "size": shown_size(tree.total_bytes),
        "count": tree.count(Area.SOURCE) + tree.count(Area.ANCILLARY),
        "room": shown_size(max(0, room.max_bytes - tree.kept_bytes)),
        "changed": shown_moment(workspace.modified_at),
    }


def _removed(identity: WorkspaceId, workspace: Workspace) -> EntryPage:
    query = EntryQuery(revision=workspace.revision, area=Area.REMOVED, limit=_REMOVED)
    return door().workspaces.reading.entries(identity, query)


def _told(done: str | None) -> str:
    """Of what is on this list alone: a link must not put words into our mouth."""
    words = {
        "uploaded": _("Your files are here."),
        "deleted": _("Deleted. You can bring it back below."),
        "moved": _("Moved."),
        "back": _("It is back."),
        "undone": _("The change is undone."),
        "locked": _("Locked: nobody changes a file until it is unlocked."),
        "unlocked": _("Unlocked."),
        "released": _("Released."),
        "unreleased": _("The release is taken back."),
        "checkpoint": _("The checkpoint is made."),
        "restored": _("The files are as they were at the checkpoint."),
        "checked": _("Every file was checked again."),
    }
    return words.get(done or "", "")
