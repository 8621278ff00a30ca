"""My packages: listed, and made."""

from dataclasses import dataclass

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller
from filemanager.api.http.operations import operation
from filemanager.api.http.paging import cursor_of, number_of
from filemanager.api.http.wishes import Cursor, Wish
from filemanager.api.pages.texts import _, shown_moment, shown_size
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Malformed
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.packages.data_package import DataPackage, Description
from filemanager.services.packages.checkpointing import CheckpointedWish
from filemanager.web.door import door
from filemanager.web.session.forms import form
from filemanager.web.session.guard import SignedIn
from filemanager.web.session.pages import FORM, MOVED, PAGE, moved, page

listing = Blueprint("packages", __name__)

NAME_CHARACTERS = 200

_LIMIT = 100


class MyPackagesQuery(Wish):
    cursor: Cursor | None = None
    done: str | None = Field(None, max_length=40, description="What was done just now.")


@dataclass(frozen=True, slots=True)
class ListedPackage:
    address: str
    name: str
    items: int
    size: str
    changed: str


@listing.get("/packages")
@operation(
    guard=SignedIn("the use case lists their own"), errors=(403,), answers={200: PAGE, 303: MOVED}
)
def show_my_packages(query: MyPackagesQuery) -> ResponseReturnValue:
    """Show my packages, oldest first."""
    caller().ensure_holds(Scope.PACKAGE_READ)
    found = door().packages.keeper.page(caller(), number_of(query.cursor), _LIMIT + 1)
    shown = found[:_LIMIT]
    return page(
        "packages.html",
        told=_("The package is deleted, with all its versions.") if query.done == "removed" else "",
        packages=[_listed(one) for one in shown],
        more=f"?cursor={cursor_of(shown[-1].number)}" if len(found) > _LIMIT else None,
        may_share=caller().holds(Scope.PACKAGE_SHARE),
        may_create=caller().holds(Scope.PACKAGE_WRITE),
    )


@listing.post("/packages")
@operation(
    guard=SignedIn("the use case makes it theirs"),
    sends=FORM,
    errors=(400, 403, 409, 413, 415, 422),
    answers={303: MOVED},
)
def begin_package() -> ResponseReturnValue:
    """Make an empty package, and show it."""
    made = door().packages.keeper.create(caller(), Description(name=sent_name()))
    return moved(f"/packages/{made.id}")


@listing.post("/packages/from-checkpoint")
@operation(
    guard=SignedIn("the use case asks for the package, and for the workspace"),
    sends=FORM,
    errors=(400, 403, 404, 409, 413, 415, 422),
    answers={303: MOVED},
)
def package_checkpoint() -> ResponseReturnValue:
    """Make a package with a version of a checkpoint; nothing is copied."""
    workspace, checkpoint = form().number("workspace"), form().number("checkpoint")
    if workspace is None or checkpoint is None:
        raise Malformed("Say which checkpoint of which workspace, by their numbers.")
    wish = CheckpointedWish(
        workspace_id=WorkspaceId(workspace),
        checkpoint_id=checkpoint,
        name=sent_name(),
        is_anonymous=form().text("anonymous") == "true",
    )
    made = door().packages.checkpointed.create(caller(), wish)
    return moved(f"/packages/{made.package_id}/versions?done=frozen")


def sent_name() -> str:
    """Of the package, as the form has it. Raises ``Malformed``."""
    name = form().line("name", NAME_CHARACTERS)
    if not name:
        raise Malformed("A package has a name: give it one.")
    return name


def _listed(package: DataPackage) -> ListedPackage:
    return ListedPackage(
        address=f"/packages/{package.id}",
        name=package.described.name,
        items=package.items,
        size=shown_size(package.size_bytes),
        changed=shown_moment(package.changed_at),
    )
