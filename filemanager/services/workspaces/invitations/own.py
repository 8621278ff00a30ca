"""What a guest sees of his own, takes back, and confirms."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from filemanager.domain.caller import Owner
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.errors import FileNotFound, PathRefused
from filemanager.domain.trees.findings import LEFT_OUT, Finding
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import locate
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.invitations.errors import (
    NotGivenBack,
    NotHandedIn,
    NothingToConfirm,
)
from filemanager.domain.workspaces.invitations.guest import GuestFile, InvitedGuest
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.services.downloads import Download
from filemanager.services.workspaces.content import ContentService
from filemanager.services.workspaces.invitations.handing import seat_of
from filemanager.services.workspaces.invitations.places import kept_path, seen_by, shown_path
from filemanager.services.workspaces.invitations.room import RoomLeft, Seat, room_left
from filemanager.services.workspaces.summary import live


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """A guest's files by the paths that he knows, and what checks say of them and of what was
    removed; a finding without a path is about all of them together.
    """

    seat: Seat
    files: Sequence[GuestFile]
    findings: Sequence[Finding]
    left: RoomLeft


class HandInService:
    """``gives_back``: whether guests may download what they sent."""

    def __init__(
        self, database: Database, content: ContentService, clock: Clock, *, gives_back: bool
    ) -> None:
        self._database = database
        self._content = content
        self._clock = clock
        self._gives_back = gives_back

    def show(self, seat: Seat) -> Belongings:
        with self._database.read() as tx:
            return belongings(tx, seat)

    def file(self, seat: Seat, path: str) -> Download:
        """A file that is still what the guest handed in. Raises ``NotGivenBack`` and
        ``NotHandedIn``.
        """
        if not self._gives_back:
            raise NotGivenBack
        with self._database.read() as tx:
            mine = own_file(tx, seat, path)
        if seat.guest.workspace_id is None:
            raise NotHandedIn
        try:
            download = self._content.file(seat.guest.workspace_id, mine.path)
        except (FileNotFound, WorkspaceNotFound) as error:
            raise NotHandedIn from error
        if download.sha256 != mine.digest:
            raise NotHandedIn
        return replace(download, owner=Owner(""))

    def confirm(self, seat: Seat) -> InvitedGuest:
        """Say that this is all. Asked again it stays as it was confirmed first.

        Raises ``InvitationClosed``, ``InvitationNotOpen`` and ``NothingToConfirm``.
        """

        def work(tx: Transaction) -> InvitedGuest:
            now = seat_of(tx, seat.guest.id)
            at = self._clock()
            now.invitation.ensure_open(at)
            if now.guest.confirmed_at is not None:
                return now.guest
            if not tx.invitations.files.totals([now.guest.id]):
                raise NothingToConfirm
            confirmed = replace(now.guest, confirmed_at=at)
            tx.invitations.guests.save(confirmed)
            return confirmed

        return self._database.write(work)


def belongings(tx: Transaction, seat: Seat) -> Belongings:
    files = tx.invitations.files.of(seat.guest.id)
    shown = [replace(one, path=shown_path(seat.guest, one.path)) for one in files]
    return Belongings(
        seat=seat, files=shown, findings=_said(tx, seat.guest), left=room_left(tx, seat)
    )


def still_kept(
    tx: Transaction, guest: InvitedGuest, files: Iterable[GuestFile]
) -> Sequence[GuestFile]:
    """Those that are as they were handed in: the workspace is the inviter's, who may have changed
    or deleted others. *files* have the paths that the guest knows.
    """
    workspace = _workspace(tx, guest)
    if workspace is None:
        return ()
    view = seen_by(guest, tx.trees.view(workspace.tree, workspace.source_format))
    there = {
        (entry.public_path, entry.digest)
        for area in (Area.SOURCE, Area.ANCILLARY)
        for entry in view.below(area, "")
    }
    return [one for one in files if (one.path, one.digest) in there]


def own_file(tx: Transaction, seat: Seat, path: str) -> GuestFile:
    """By the path that the guest knows. Raises ``NotHandedIn``."""
    try:
        kept = kept_path(seat.guest, public_path(*locate(path)))
    except PathRefused as error:
        raise NotHandedIn from error
    found = tx.invitations.files.at(seat.guest.id, [kept]).get(kept)
    if found is None:
        raise NotHandedIn
    return found


def _said(tx: Transaction, guest: InvitedGuest) -> Sequence[Finding]:
    """In a common workspace of the guest's folder alone."""
    workspace = _workspace(tx, guest)
    if workspace is None:
        return ()
    tree = workspace.tree
    if guest.folder is None:
        return tx.trees.findings(tree.id, tree.revision, transient=True)
    view = seen_by(guest, tx.trees.view(tree, workspace.source_format))
    return [*view.findings_at(list(_spoken_of(view))), *view.findings_on(None, None)]


def _workspace(tx: Transaction, guest: InvitedGuest) -> Workspace | None:
    """None: there is none yet, or no more."""
    if guest.workspace_id is None:
        return None
    try:
        return live(tx, guest.workspace_id)
    except WorkspaceNotFound:
        return None


def _spoken_of(view: TreeView) -> Iterator[tuple[Area, str]]:
    """Files, the directories that they lie in, what was removed, and archives that are no more."""
    places: dict[tuple[Area, str], None] = {}
    for area in (Area.SOURCE, Area.ANCILLARY):
        for entry in view.below(area, ""):
            places[area, str(entry.path)] = None
            places.update({(area, f"{name}/"): None for name in entry.path.directories()})
    for entry in view.below(Area.REMOVED, ""):
        places[Area.REMOVED, str(entry.path)] = None
    for one in view.findings_of(LEFT_OUT):
        if one.area is not None and one.path is not None:
            places[one.area, one.path] = None
    yield from places
