"""My workspaces: found, and made."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller
from filemanager.api.http.operations import operation
from filemanager.api.http.paging import cursor_of, number_of
from filemanager.api.http.wishes import Cursor, Wish
from filemanager.api.pages.texts import shown_moment, shown_size
from filemanager.domain.caller import Scope
from filemanager.domain.trees.areas import Area
from filemanager.domain.workspaces.listing import WorkspaceQuery
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.registry import PROFILES
from filemanager.services.workspaces.life import Wishes
from filemanager.web.door import door
from filemanager.web.session.forms import form
from filemanager.web.session.guard import SignedIn
from filemanager.web.session.pages import FORM, MOVED, PAGE, moved, page
from filemanager.web.workspaces.words import judge, judgement_word, state_word, title_of

listing = Blueprint("workspaces", __name__)

_LIMIT = 100
_NAME_CHARACTERS = 200


class SearchQuery(Wish):
    q: str = Field("", max_length=200, description="Part of the name, or the number.")
    cursor: Cursor | None = None


@dataclass(frozen=True, slots=True)
class ListedWorkspace:
    address: str
    title: str
    number: int
    state: str
    readiness: str
    files: int
    room: str
    changed: str


@listing.get("/w")
@operation(
    guard=SignedIn("the use case lists their own"), errors=(403,), answers={200: PAGE, 303: MOVED}
)
def show_my_workspaces(query: SearchQuery) -> ResponseReturnValue:
    """Show my workspaces, the newest first."""
    caller().ensure_holds(Scope.READ)
    found = door().workspaces.life.page(
        WorkspaceQuery(
            owner=caller().owner,
            contains=query.q.strip() or None,
            is_newest_first=True,
            after=number_of(query.cursor),
            limit=_LIMIT,
        )
    )
    missing = door().workspaces.missing.of(found.workspaces)
    after = found.next_after
    more = after and "?" + urlencode({"q": query.q, "cursor": cursor_of(after)})
    return page(
        "workspaces.html",
        searched=query.q,
        workspaces=[_listed(one, missing.get(one.id)) for one in found.workspaces],
        more=more,
        profiles=PROFILES.values(),
        may_create=caller().holds(Scope.CREATE),
    )


@listing.post("/w")
@operation(
    guard=SignedIn("the use case makes it theirs"),
    sends=FORM,
    errors=(400, 403, 413, 415, 422, 429),
    answers={303: MOVED},
)
def begin_workspace() -> ResponseReturnValue:
    """Make an empty workspace, and show it."""
    caller().ensure_holds(Scope.CREATE)
    name = form().line("name", _NAME_CHARACTERS)
    wishes = Wishes(name=name or None, profile=form().text("profile") or None)
    return moved(f"/w/{door().workspaces.life.create(caller(), wishes).id}")


def _listed(workspace: Workspace, missing: int | None) -> ListedWorkspace:
    life, room = door().workspaces.life, door().workspaces.files.room
    tree = workspace.tree
    return ListedWorkspace(
        address=f"/w/{workspace.id}",
        title=title_of(workspace),
        number=workspace.id,
        state=state_word(workspace, is_locked=life.is_locked(workspace)),
        readiness=judgement_word(judge(workspace, missing)),
        files=tree.count(Area.SOURCE) + tree.count(Area.ANCILLARY),
        room=shown_size(max(0, room.max_bytes - tree.kept_bytes)),
        changed=shown_moment(workspace.modified_at),
    )
