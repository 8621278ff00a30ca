"""What ends uploads in the transaction of their effect, and undoes who is too late."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from filemanager.domain.ports import Transaction
from filemanager.domain.uploads.upload import (
    OffsetConflict,
    Upload,
    UploadIncomplete,
    UploadState,
    name_of,
)
from filemanager.services.jobs import Running
from filemanager.services.uploads.parts import let_go
from filemanager.services.uploads.targets import Results


class AlreadyReceived(Exception):
    """Another request or worker was first; rolls this one's effect back."""

    def __init__(self, uploads: Sequence[Upload]) -> None:
        super().__init__()
        self.uploads = uploads


@dataclass(slots=True)
class UploadsSettling:
    """Ends the uploads of a batch, and the job if there is one, with their effect.

    *unwritten* is an upload whose bytes are counted by that alone, as it was seen before.
    """

    uploads: Sequence[Upload]
    running: Running | None
    unwritten: Upload | None = None
    received: Sequence[Upload] = field(default_factory=list)
    keys: Sequence[str] = field(default_factory=list)

    def begin(self, tx: Transaction) -> None:
        first = self.uploads[0]
        now = tx.uploads.lock_batch(first.owner, first.batch)
        if any(upload.is_over for upload in now):
            raise AlreadyReceived(now)
        if [upload.id for upload in now] != [upload.id for upload in self.uploads]:
            # One was begun, or has expired, while the bytes were being read.
            raise UploadIncomplete([name_of(upload) for upload in now])
        if self.unwritten is not None:
            _ensure_unwritten(self.unwritten, now[0])
        self.keys = let_go(tx, now)

    def end(self, tx: Transaction, results: Results) -> None:
        self.received = [_received(upload, results) for upload in self.uploads]
        tx.uploads.save_all(self.received)
        if self.running is not None:
            self.running.settle(tx, {"uploads": [dict(one) for one in results.values()]})


@dataclass(slots=True)
class UnbegunSettling:
    """Adds an upload as one that was received: nobody has heard of it, and nothing was promised."""

    upload: Upload

    def begin(self, tx: Transaction) -> None:
        """There is nothing to be locked or given back."""

    def end(self, tx: Transaction, results: Results) -> None:
        self.upload = _received(self.upload, results)
        tx.uploads.add([self.upload])


def _received(upload: Upload, results: Results) -> Upload:
    told = {"result": results[upload.id], "code": None, "message": None}
    return replace(upload, state=UploadState.RECEIVED, **told)  # type: ignore[arg-type]  # fields by name


def _ensure_unwritten(seen: Upload, now: Upload) -> None:
    """The bytes that are at hand go behind what was counted, unless a newer writer came."""
    if (now.generation, now.received_bytes) != (seen.generation, seen.received_bytes):
        raise OffsetConflict(now.received_bytes)
