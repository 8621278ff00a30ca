"""Bytes of a request for an upload: appended, or received at once where they are all of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from filemanager.domain.blobs.blob import CHUNK_BYTES, Content
from filemanager.domain.caller import Caller
from filemanager.domain.errors import FilemanagerError, Unavailable
from filemanager.domain.uploads.targets import InvitationTarget
from filemanager.domain.uploads.upload import OffsetConflict, Upload, UploadId, UploadState
from filemanager.services.intake import Intake, Spool
from filemanager.services.uploads.inflow import SEGMENT_BYTES, Inflow, Readable
from filemanager.services.uploads.receiving import ReceivingService
from filemanager.services.uploads.resumable import UploadService, UploadWish

Receive = Callable[[Content, Spool], Upload]


@dataclass(frozen=True, slots=True)
class SentBytes:
    """What a request brings, of *told_bytes* where it says so. *verify* raises where they are not
    what was meant; then none of them count.
    """

    stream: Readable
    told_bytes: int | None
    verify: Callable[[Content], None] | None = None


@dataclass(frozen=True, slots=True)
class AppendingService:
    uploads: UploadService
    receiving: ReceivingService
    intake: Intake

    def append(self, caller: Caller, upload_id: UploadId, offset: int, sent: SentBytes) -> Upload:
        """Append what comes; what came before a break counts, unless it is to be verified.

        An upload that is no longer than a segment, waits for no others and comes whole is received
        by the one transaction that counts it: until that, nobody was promised any byte of it.
        Raises as ``UploadService.claim`` and ``ReceivingService.receive`` do.
        """
        seen = self.uploads.unclaimed(caller, upload_id, offset, sent.told_bytes)
        if _comes_at_once(seen, sent):
            receive = partial(self.receiving.receive_at_once, caller, seen)
            return self._at_once(caller, sent, receive, lambda: seen)
        claimed = self.uploads.claim(caller, upload_id, offset, sent.told_bytes)
        if sent.verify is None:
            return self.uploads.take(claimed, sent.stream)
        with self.intake.spool(sent.told_bytes) as spool:
            content = spool.receive_chunks(iter(partial(sent.stream.read, CHUNK_BYTES), b""))
            sent.verify(content)
            with content.open() as stream:
                return self.uploads.take(claimed, stream)

    def begin(self, caller: Caller, wish: UploadWish, sent: SentBytes) -> Upload:
        """Begin an upload with its first bytes, as ``UploadService.begin`` and ``append`` do.

        One that is received at once is begun by that alone.
        """
        # A guest's first upload makes his workspace when it begins.
        is_of_guest = isinstance(wish.target, InvitationTarget)
        foreseen = None if wish.parts or is_of_guest else self.uploads.foreseen(caller, wish)
        if foreseen is None or not _comes_at_once(foreseen, sent):
            (upload,) = self.uploads.begin(caller, [wish])
            return self.append(caller, upload.id, 0, sent)
        receive = partial(self.receiving.receive_unbegun, caller, foreseen)
        return self._at_once(caller, sent, receive, lambda: self.uploads.begin(caller, [wish])[0])

    def _at_once(
        self, caller: Caller, sent: SentBytes, receive: Receive, begun: Callable[[], Upload]
    ) -> Upload:
        """What does not come whole, or is refused, is kept with the upload that is *begun*."""
        size_bytes = sent.told_bytes or 0
        with self.intake.spool(size_bytes) as spool:
            inflow = Inflow(sent.stream, 0, size_bytes)
            content = spool.receive_chunks(iter(inflow.read, b""))
            if sent.verify is not None:
                inflow.ensure_whole()
                sent.verify(content)
            if not inflow.is_at_stop:
                kept = self._kept(caller, begun(), content)
                inflow.ensure_whole()
                return kept
            try:
                return receive(content, spool)
            except (Unavailable, OffsetConflict):
                raise
            except FilemanagerError as refusal:
                # The bytes may be received later, as those of any upload that was refused.
                self.receiving.refuse([self._kept(caller, begun(), content)], refusal)
                raise

    def _kept(self, caller: Caller, begun: Upload, content: Content) -> Upload:
        claimed = self.uploads.claim(caller, begun.id, 0, content.size_bytes)
        with content.open() as stream:
            return self.uploads.take(claimed, stream)


def _comes_at_once(seen: Upload, sent: SentBytes) -> bool:
    is_open = seen.state is UploadState.OPEN and seen.is_alone
    return (
        is_open
        and not seen.received_bytes
        and _is_short(seen)
        and sent.told_bytes == seen.size_bytes
    )


def _is_short(seen: Upload) -> bool:
    return seen.size_bytes is not None and seen.size_bytes <= SEGMENT_BYTES
