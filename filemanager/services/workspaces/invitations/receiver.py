"""The guests' side of uploads: what an invitation receives, by the right of who invited."""

from collections.abc import Sequence
from dataclasses import replace

from filemanager.domain.caller import Caller, Rights
from filemanager.domain.errors import InsufficientScope, NotOwner
from filemanager.domain.ids import GuestId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import Allowance, QuotaExceeded, charge
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.tree import locate
from filemanager.domain.uploads.targets import InvitationTarget, Target
from filemanager.domain.uploads.upload import Upload
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.invitations.errors import (
    FileOverLimit,
    InvitationUnknown,
    InviterHasNoRoom,
    InviterMayNoMore,
)
from filemanager.domain.workspaces.invitations.guest import (
    NAME,
    SentByGuest,
    guest_owner,
    guest_rights,
)
from filemanager.sanitize.inspection import Sent
from filemanager.services.intake import Spool
from filemanager.services.uploads.targets import Arrived, Settling
from filemanager.services.workspaces.files import FileService
from filemanager.services.workspaces.invitations.handing import HandingIn, seat_of
from filemanager.services.workspaces.invitations.opening import ensure_alive
from filemanager.services.workspaces.invitations.places import kept_path, maker, place_of
from filemanager.services.workspaces.invitations.room import Seat, ensure_few, ensure_inviters_room
from filemanager.services.workspaces.life import Wishes, WorkspaceService
from filemanager.services.workspaces.upload import Conditions


class InvitationReceiver:
    def __init__(
        self, database: Database, files: FileService, workspaces: WorkspaceService, clock: Clock
    ) -> None:
        self._database = database
        self._files = files
        self._workspaces = workspaces
        self._clock = clock

    def rights(self, target: Target) -> Rights:
        return guest_rights(_guest_in(target))

    def admit(
        self, tx: Transaction, caller: Caller, uploads: Sequence[Upload]
    ) -> Sequence[Allowance]:
        guest_id = _guest_in(uploads[0].target)
        if caller.owner != guest_owner(guest_id):
            raise InvitationUnknown
        seat = seat_of(tx, guest_id)
        seat.invitation.ensure_open(self._clock())
        for upload in uploads:
            assert isinstance(upload.target, InvitationTarget)  # noqa: S101  # by the receiver's contract
            locate(kept_path(seat.guest, public_path(*locate(upload.target.path))))
            _ensure_small(seat, upload.size_bytes or 0)
        ensure_few(tx, seat, len(uploads))
        seat = self._with_workspace(tx, seat)
        place = place_of(tx, seat, seat.guest.workspace_id)
        place.workspace.ensure_writable(self._clock())
        room = self._files.room.allowances(place.workspace.owner, place.workspace.id)
        ensure_inviters_room(tx, room, sum(charge(one.size_bytes or 0) for one in uploads))
        return (*seat.bytes_allowances, *room)

    def receive(
        self, caller: Caller, arrived: Sequence[Arrived], spool: Spool, settling: Settling
    ) -> None:
        del caller
        guest_id = _guest_in(arrived[0].target)
        with self._database.read() as tx:
            guest = tx.invitations.guests.get(guest_id)
            seat = Seat(ensure_alive(tx, tx.invitations.get(guest.invitation_id)), guest)
            seat.invitation.ensure_open(self._clock())
            place = place_of(tx, seat, guest.workspace_id)
        for one in arrived:
            _ensure_small(seat, one.content.size_bytes)
        files = [_sent(one) for one in arrived]
        told = {one.upload_id: _told(file) for one, file in zip(arrived, files, strict=True)}
        conditions = Conditions(
            wants_summary=False,
            settlement=HandingIn(settling, guest_id, told, self._clock),
            folder=place.folder,
        )
        try:
            self._files.receive(
                place.acting, place.workspace.id, files, spool, conditions=conditions
            )
        except (NotOwner, InsufficientScope, WorkspaceNotFound) as error:
            raise InviterMayNoMore from error
        except QuotaExceeded as full:
            if full.subject in {one.subject for one in seat.bytes_allowances}:
                raise
            raise InviterHasNoRoom from full

    def _with_workspace(self, tx: Transaction, seat: Seat) -> Seat:
        """A guest without one gets his workspace with his first upload."""
        if seat.guest.workspace_id is not None:
            return seat
        name = f"{seat.invitation.title} {seat.guest.number} {seat.guest.answers.get(NAME, '')}"
        wishes = Wishes(name=name.strip(), profile=seat.invitation.profile)
        workspace = self._workspaces.opened(tx, maker(seat), wishes)
        guest = replace(seat.guest, workspace_id=workspace.id)
        tx.invitations.guests.save(guest)
        return Seat(seat.invitation, guest)


def _guest_in(target: Target) -> GuestId:
    assert isinstance(target, InvitationTarget)  # noqa: S101  # by the receiver's contract
    return target.guest_id


def _ensure_small(seat: Seat, size_bytes: int) -> None:
    if size_bytes > seat.invitation.limits.file_bytes:
        raise FileOverLimit(seat.invitation.limits.file_bytes)


def _sent(one: Arrived) -> Sent:
    assert isinstance(one.target, InvitationTarget)  # noqa: S101  # by the receiver's contract
    area, path = locate(one.target.path)
    return Sent(area, path, one.content, unpack=one.target.unpack)


def _told(file: Sent) -> SentByGuest:
    path, content = public_path(file.area, file.path), file.content
    return SentByGuest(path=path, digest=content.digest, size_bytes=content.size_bytes)
