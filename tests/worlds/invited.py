"""An invitation of Alice's, the guests who come, and the services that they go through."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from typing import Any

from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.intake.budget import Limits
from filemanager.domain.quotas import Subject, Usage
from filemanager.domain.uploads.targets import InvitationTarget, PartTarget
from filemanager.domain.uploads.upload import BatchId, Upload, Way
from filemanager.domain.workspaces.invitations.guest import guest_caller
from filemanager.domain.workspaces.invitations.invitation import HandInLimits, Invitation
from filemanager.services.committing import Committer
from filemanager.services.intake import Intake
from filemanager.services.jobs import JobService
from filemanager.services.uploads.admission import UploadLimits
from filemanager.services.uploads.receiving import ReceivingService
from filemanager.services.uploads.resumable import UploadService, UploadWish
from filemanager.services.uploads.targets import PartReceiver, Targets
from filemanager.services.workspaces.content import ContentService
from filemanager.services.workspaces.files import FileService
from filemanager.services.workspaces.invitations.inviting import InvitationService, InvitationTerms
from filemanager.services.workspaces.invitations.opening import (
    BegunGuest,
    InvitationOpening,
    Knock,
)
from filemanager.services.workspaces.invitations.own import Belongings, HandInService
from filemanager.services.workspaces.invitations.passwords import InvitationPasswords
from filemanager.services.workspaces.invitations.receipts import ReceiptService
from filemanager.services.workspaces.invitations.receiver import InvitationReceiver
from filemanager.services.workspaces.invitations.room import Seat
from filemanager.services.workspaces.invitations.withdrawing import WithdrawService
from filemanager.services.workspaces.life import WorkspaceService
from filemanager.services.workspaces.room import Room
from filemanager.storage.scratch.space import DiskScratchSpace
from worlds.shares import PlainHashes
from worlds.stored import ALICE, ROOM, World

INVITER = replace(ALICE, granted=ALICE.granted | {GrantedScope(Scope.CREATE)})
LIMITS = HandInLimits(files=10, bytes=100_000, file_bytes=50_000)
HOME = "192.0.2.7"
_UPLOADS = UploadLimits(life=timedelta(days=7), open_uploads=100, upload_bytes=1 << 20, segments=9)


@dataclass
class Inbox:
    """Each service is made once; ``invite`` with a workspace, or with the profile ``generic``."""

    world: World
    hashes: PlainHashes = field(default_factory=PlainHashes)
    room: Room = ROOM

    def __post_init__(self) -> None:
        database, blobs, clock = self.world.database, self.world.blobs, self.world.clock
        space = DiskScratchSpace(self.world.directory, 1 << 30)
        intake = Intake(space, ArchiveUnpacker(), Limits(), clock)
        committer = Committer(database, blobs, clock)
        files = FileService(database, committer, intake, self.room, clock)
        self.workspaces = WorkspaceService(database, ROOM, clock)
        receiver = InvitationReceiver(database, files, self.workspaces, clock)
        targets = Targets({InvitationTarget: receiver, PartTarget: PartReceiver(None)})
        self.uploads = UploadService(database, blobs, targets, _UPLOADS, clock)
        jobs = JobService(database, clock)
        self.receiving = ReceivingService(database, blobs, intake, targets, jobs)
        self.inviting = InvitationService(database, self.hashes, clock)
        passwords = InvitationPasswords(database, self.hashes, clock)
        self.opening = InvitationOpening(database, passwords, clock)
        content = ContentService(database, blobs, self.world.checkpoints)
        self.own = HandInService(database, content, clock, gives_back=True)
        self.withdrawing = WithdrawService(database, committer, clock)
        self.receipts = ReceiptService(database, None)

    def invite(self, caller: Caller = INVITER, **more: Any) -> Invitation:
        values: dict[str, Any] = {
            "title": "Papers",
            "limits": LIMITS,
            "closes_at": self.world.clock() + timedelta(days=30),
        }
        if "workspace_id" not in more:
            values["profile"] = "generic"
        return self.inviting.create(caller, InvitationTerms(**values | more))

    def invite_in(self, **more: Any) -> Invitation:
        """Into one workspace for all."""
        return self.invite(workspace_id=self.world.create(), **more)

    def edit(self, invitation: Invitation, **changes: Any) -> Invitation:
        return self.inviting.edit(INVITER, invitation.id, lambda one: replace(one, **changes))

    def close(self, invitation: Invitation) -> Invitation:
        return self.edit(invitation, closes_at=self.world.clock())

    def come(self, invitation: Invitation, name: str = "", password: str | None = None) -> Seat:
        return self.begun(invitation, name, password).seat

    def begun(
        self, invitation: Invitation, name: str = "", password: str | None = None
    ) -> BegunGuest:
        """With the place that nobody is told again."""
        answers = {"name": name} if name else {}
        knock = Knock(answers=answers, password=password, address=HOME)
        return self.opening.begin(invitation.slug, knock)

    def begin(self, seat: Seat, path: str, size: int, batch: str | None = None) -> Upload:
        wish = UploadWish(
            way=Way.TUS,
            target=InvitationTarget(guest_id=seat.guest.id, path=path),
            size_bytes=size,
            batch=None if batch is None else BatchId(batch),
        )
        (upload,) = self.uploads.begin(guest_caller(seat.guest), [wish])
        return upload

    def append(self, seat: Seat, upload: Upload, data: bytes) -> Upload:
        claimed = self.uploads.claim(guest_caller(seat.guest), upload.id, upload.received_bytes)
        return self.uploads.take(claimed, BytesIO(data))

    def send(self, seat: Seat, path: str, data: bytes) -> Upload:
        upload = self.append(seat, self.begin(seat, path, len(data)), data)
        return self.receive(seat, upload)

    def receive(self, seat: Seat, upload: Upload) -> Upload:
        reception = self.receiving.receive(guest_caller(seat.guest), upload.batch)
        return next(one for one in reception.uploads if one.id == upload.id)

    def now(self, seat: Seat) -> Seat:
        """As the rows are."""
        with self.world.database.read() as tx:
            invitation = tx.invitations.get(seat.invitation.id)
            return Seat(invitation, tx.invitations.guests.get(seat.guest.id))

    def show(self, seat: Seat) -> Belongings:
        return self.own.show(self.now(seat))

    def paths(self, seat: Seat) -> list[str]:
        return [one.path for one in self.show(seat).files]

    def said(self, seat: Seat) -> list[tuple[str | None, str]]:
        return [(one.path, one.code) for one in self.show(seat).findings]

    def withdraw(self, seat: Seat, path: str) -> None:
        self.withdrawing.withdraw(self.now(seat), path)

    def used(self, subject: Subject) -> Usage:
        with self.world.database.read() as tx:
            return tx.quotas.usage(subject)

    def used_of(self, seat: Seat) -> list[int]:
        """Bytes, then files: used and reserved for the guest, and for all of the invitation."""
        allowances = (*seat.bytes_allowances, *seat.files_allowances)
        usages = [self.used(one.subject) for one in allowances]
        return [one.used_bytes + one.reserved_bytes for one in usages]
