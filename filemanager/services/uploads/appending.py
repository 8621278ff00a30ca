"""Bytes of a request for an upload: appended, or received at once where they are all of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from filemanager.domain.blobs.blob import CHUNK_BYTES, Content
from filemanager.domain.caller import Caller
from filemanager.domain.errors import FilemanagerError, Unavailable
from filemanager.domain.uploads.upload import OffsetConflict, Upload, UploadId, UploadState
from filemanager.services.intake import Intake
from filemanager.services.uploads.inflow import SEGMENT_BYTES, Inflow, Readable
from filemanager.services.uploads.receiving import ReceivingService
from filemanager.services.uploads.resumable import UploadService


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
            return self._at_once(caller, seen, sent)
        claimed = self.uploads.claim(caller, upload_id, offset, sent.told_bytes)
        if sent.verify is None:
            return self.uploads.take(claimed, sent.stream)
        with self.intake.spool(sent.told_bytes) as spool:
            content = spool.receive_chunks(iter(partial(sent.stream.read, CHUNK_BYTES), b""))
            sent.verify(content)
            with content.open() as stream:
                return self.uploads.take(claimed, stream)

    def _at_once(self, caller: Caller, seen: Upload, sent: SentBytes) -> Upload:
        with self.intake.spool(seen.size_bytes) as spool:
            inflow = Inflow(sent.stream, 0, seen.size_bytes or 0)
            content = spool.receive_chunks(iter(inflow.read, b""))
            if sent.verify is not None:
                inflow.ensure_whole()
                sent.verify(content)
            if not inflow.is_at_stop:
                kept = self._kept(caller, seen, content)
                inflow.ensure_whole()
                return kept
            try:
                return self.receiving.receive_at_once(caller, seen, content, spool)
            except (Unavailable, OffsetConflict):
                raise
            except FilemanagerError as refusal:
                # The bytes may be received later, as those of any upload that was refused.
                self.receiving.refuse([self._kept(caller, seen, content)], refusal)
                raise

    def _kept(self, caller: Caller, seen: Upload, content: Content) -> Upload:
        claimed = self.uploads.claim(caller, seen.id, 0, content.size_bytes)
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
