"""Where the files of a guest lie, and by whose right they come there."""

from dataclasses import dataclass, replace

from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.errors import InsufficientScope, NotOwner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import TreePath
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.invitations.errors import InviterMayNoMore
from filemanager.domain.workspaces.invitations.guest import InvitedGuest
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.subtree import CheckedFolder, Subtree
from filemanager.services.workspaces.invitations.room import Seat
from filemanager.services.workspaces.summary import live


@dataclass(frozen=True, slots=True)
class GuestPlace:
    """``acting`` is the inviter, who is named with the guest in logs."""

    workspace: Workspace
    acting: Caller
    folder: CheckedFolder | None


def place_of(tx: Transaction, seat: Seat, workspace_id: WorkspaceId | None) -> GuestPlace:
    """Where files go now. Raises ``InviterMayNoMore``: his rights are looked at each time."""
    inviter = _named(seat)
    if workspace_id is None:
        raise InviterMayNoMore
    try:
        workspace = live(tx, workspace_id)
        if seat.invitation.workspace_id is None:
            inviter = _of_own(inviter, workspace)
        workspace.ensure_allows(inviter, Scope.UPDATE)
    except (NotOwner, InsufficientScope, WorkspaceNotFound) as error:
        raise InviterMayNoMore from error
    return GuestPlace(workspace, inviter, folder_of(seat.guest))


def maker(seat: Seat) -> Caller:
    """The inviter, who makes a workspace for a guest. Raises ``InviterMayNoMore``."""
    inviter = _named(seat)
    if not inviter.holds(Scope.CREATE):
        raise InviterMayNoMore
    return inviter


def folder_of(guest: InvitedGuest) -> CheckedFolder | None:
    return None if guest.folder is None else CheckedFolder(TreePath(guest.folder))


def shown_path(guest: InvitedGuest, path: str) -> str:
    """A public path of the workspace as the guest sees it."""
    folder = folder_of(guest)
    return path if folder is None else folder.inner(Area.REMOVED, path) or path


def kept_path(guest: InvitedGuest, path: str) -> str:
    """The public path in the workspace of what the guest calls *path*. Raises ``PathRefused``."""
    folder = folder_of(guest)
    return path if folder is None else folder.public(path)


def seen_by(guest: InvitedGuest, view: TreeView) -> TreeView:
    folder = folder_of(guest)
    return view if folder is None else Subtree(view, folder)


def _named(seat: Seat) -> Caller:
    inviter = seat.invitation.inviter
    return replace(inviter, name=f"guest {seat.guest.number} of {inviter.name}")


def _of_own(inviter: Caller, workspace: Workspace) -> Caller:
    """Who may make workspaces may fill those that he made for guests."""
    if workspace.owner != inviter.owner or not inviter.holds(Scope.CREATE):
        raise NotOwner
    bound = GrantedScope(Scope.UPDATE, str(workspace.id))
    return replace(inviter, granted=inviter.granted | {bound})
