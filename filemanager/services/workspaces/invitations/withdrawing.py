"""Taking back what was handed in, until the invitation closes."""

from dataclasses import dataclass, replace

from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.trees.tree import locate
from filemanager.domain.workspaces.invitations.guest import GuestFile
from filemanager.domain.workspaces.log import escaped
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.outcome import Outcome
from filemanager.sanitize.registry import profile_named
from filemanager.sanitize.reviewing import reviewed
from filemanager.sanitize.subtree import placed
from filemanager.services.committing import NO_BYTES, Committer
from filemanager.services.workspaces.edits import removal
from filemanager.services.workspaces.invitations.handing import FilesChanged, change_files, seat_of
from filemanager.services.workspaces.invitations.own import own_file
from filemanager.services.workspaces.invitations.places import GuestPlace, place_of, seen_by
from filemanager.services.workspaces.invitations.room import Seat
from filemanager.services.workspaces.logs import Event, signed
from filemanager.services.workspaces.revisions import save_revision


@dataclass(frozen=True, slots=True)
class WithdrawService:
    """A withdrawn file lies among the removed ones, as with any other deletion."""

    database: Database
    committer: Committer
    clock: Clock

    def withdraw(self, seat: Seat, path: str) -> None:
        """A file that the inviter changed since is his: it stays, and is the guest's no more.

        Raises ``NotHandedIn``, ``InvitationClosed``, ``InvitationNotOpen``, ``InviterMayNoMore``,
        and what a workspace that is locked or released does.
        """
        self.database.write(lambda tx: self._withdraw(tx, seat, path))

    def _withdraw(self, tx: Transaction, seat: Seat, path: str) -> None:
        # The workspace is locked before the guest, as where uploads are received.
        place = place_of(tx, seat, seat.guest.workspace_id)
        workspace = tx.workspaces.lock(place.workspace.id)
        now = seat_of(tx, seat.guest.id)
        now.invitation.ensure_open(self.clock())
        workspace.ensure_writable(self.clock())
        mine = own_file(tx, now, path)
        change_files(tx, now, FilesChanged([mine], []))
        outcome = _removed(tx, now, workspace, mine, path)
        if outcome is not None:
            self._save(tx, replace(place, workspace=workspace), outcome, mine)

    def _save(self, tx: Transaction, place: GuestPlace, outcome: Outcome, mine: GuestFile) -> None:
        before, at = place.workspace, self.clock()
        if place.folder is not None:
            outcome = placed(outcome, place.folder, before.source_format)
        after = replace(
            before,
            tree=self.committer.apply(tx, NO_BYTES, before.tree, outcome.change, at),
            source_format=outcome.source_format,
            modified_at=at,
        )
        text = f"Deleted '{escaped(mine.path)}'"
        event = Event(
            caller=place.acting,
            workspace_id=before.id,
            at=at,
            code="edit",
            text=signed(text, place.acting),
            what=text,
        )
        save_revision(tx, before, after, event.lines())


def _removed(
    tx: Transaction, seat: Seat, workspace: Workspace, mine: GuestFile, path: str
) -> Outcome | None:
    """None: what is there is not what was handed in."""
    view = seen_by(seat.guest, tx.trees.view(workspace.tree, workspace.source_format))
    entry = view.find(*locate(path))
    if entry is None or entry.digest != mine.digest:
        return None
    return reviewed(view, removal([entry]), profile_named(workspace.profile))
