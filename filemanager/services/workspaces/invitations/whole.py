"""Files that came whole, by a form: handed in as what comes in pieces is, by the same limits."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from filemanager.domain.blobs.blob import Content
from filemanager.domain.caller import Caller
from filemanager.domain.errors import FilemanagerError
from filemanager.domain.ids import random_id
from filemanager.domain.uploads.targets import InvitationTarget
from filemanager.domain.uploads.upload import BatchId, Upload, UploadNotFound, UploadOver, Way
from filemanager.domain.workspaces.invitations.guest import guest_caller
from filemanager.services.uploads.receiving import ReceivingService, Reception
from filemanager.services.uploads.resumable import UploadService, UploadWish
from filemanager.services.workspaces.invitations.room import Seat


@dataclass(frozen=True, slots=True)
class WholeFile:
    """``path`` as the guest calls it."""

    path: str
    content: Content


@dataclass(frozen=True, slots=True)
class WholeHandIn:
    uploads: UploadService
    receiving: ReceivingService

    def hand_in(self, seat: Seat, files: Sequence[WholeFile], *, unpack: bool | None) -> Reception:
        """All of them in one revision, or none; what is refused leaves nothing on its way.

        Raises what ``UploadService.begin`` and ``ReceivingService.receive`` do.
        """
        caller, batch = guest_caller(seat.guest), BatchId(random_id())
        wishes = [
            UploadWish(
                way=Way.TUS,
                target=InvitationTarget(guest_id=seat.guest.id, path=one.path, unpack=unpack),
                size_bytes=one.content.size_bytes,
                batch=batch,
            )
            for one in files
        ]
        begun = self.uploads.begin(caller, wishes)
        try:
            for upload, one in zip(begun, files, strict=True):
                self._take(caller, upload, one.content)
            return self.receiving.receive(caller, batch)
        except FilemanagerError:
            self._give_up(caller, begun)
            raise

    def _take(self, caller: Caller, upload: Upload, content: Content) -> None:
        with content.open() as stream:
            self.uploads.take(self.uploads.claim(caller, upload.id, 0), stream)

    def _give_up(self, caller: Caller, begun: Sequence[Upload]) -> None:
        for upload in begun:
            with suppress(UploadNotFound, UploadOver):
                self.uploads.give_up(caller, upload.id)
