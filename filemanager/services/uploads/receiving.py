"""Receiving uploads: a batch goes to its target, all or none, exactly once.

Once, though nobody knows whether the request, a retry of the client, or the job of a worker that
was killed gets there first: the state of the uploads moves in the transaction of the effect. Who
comes later finds it moved and answers what became of them, and who is too late at the commit is
undone whole. So nothing here may have an effect outside that transaction but the bytes, which no
row names until then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from filemanager.domain.blobs.blob import Content
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller, Owner
from filemanager.domain.errors import (
    BlobDamaged,
    Conflict,
    FilemanagerError,
    Forbidden,
    PreconditionFailed,
    StoreFull,
    Unavailable,
)
from filemanager.domain.jobs.job import Job, Lane, LeaseLost, Task
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.uploads.upload import (
    INLINE_BYTES,
    BatchId,
    Upload,
    UploadNotFound,
    UploadState,
)
from filemanager.services.intake import Intake, Spool
from filemanager.services.jobs import JobService, Running
from filemanager.services.uploads.batches import (
    ensure_complete,
    ensure_not_refused,
    ensure_one_place,
)
from filemanager.services.uploads.contents import ensure_is, waiting
from filemanager.services.uploads.known import known_contents
from filemanager.services.uploads.parts import let_go
from filemanager.services.uploads.settling import (
    AlreadyReceived,
    UnbegunSettling,
    UploadsSettling,
)
from filemanager.services.uploads.targets import Arrived, Settling, Targets

RECEIVE = "receive"
"""The kind of the job."""

_REPEATABLE = (Forbidden, Conflict, PreconditionFailed, StoreFull)
"""Refusals by the state of things: what was uploaded is kept, and can be received later."""


@dataclass(frozen=True, slots=True)
class Reception:
    """What came of it: uploads that are over, or the job that receives them."""

    uploads: Sequence[Upload]
    job: Job | None = None


class ReceivingService:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        intake: Intake,
        targets: Targets,
        jobs: JobService,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._intake = intake
        self._targets = targets
        self._jobs = jobs

    def receive(self, caller: Caller, batch: BatchId, *, is_async: bool = False) -> Reception:
        """Receive every upload of the batch, by the rights that *caller* has now.

        A batch that was received is not received again: its results are returned. A large one
        becomes a job, as any does with *is_async*. Raises ``UploadNotFound``,
        ``UploadIncomplete``, ``BatchElsewhere``, ``UploadRefused`` for one refused before, and what
        the target refuses with. After a refusal by the state of things the batch can be received
        later.
        """
        with self._database.read() as tx:
            reception = self._looked_at(caller, tx, tx.uploads.of_batch(caller.owner, batch))
        if reception.job is not None or reception.uploads[0].is_over:
            return reception
        if is_async or sum(upload.received_bytes for upload in reception.uploads) > INLINE_BYTES:
            return self._database.write(lambda tx: self._promise(tx, caller, batch))
        return Reception(self._received(reception.uploads, None))

    def receive_due(self, caller: Caller, upload: Upload) -> Upload:
        """Receive an upload that is whole and waits for no others; any other comes back as it is.

        Where a server died between the last byte and this, asking for the upload's state repairs
        it. Raises what ``receive`` does.
        """
        if not upload.is_due:
            return upload
        reception = self.receive(caller, upload.batch)
        return next(one for one in reception.uploads if one.id == upload.id)

    def receive_at_once(
        self, caller: Caller, seen: Upload, content: Content, spool: Spool
    ) -> Upload:
        """Receive an upload that *content* is all of, and that no byte was counted of before.

        Raises ``OffsetConflict`` where somebody wrote it since it was *seen*, and what the target
        refuses with; then nothing has changed, and nothing is noted.
        """
        settling = UploadsSettling([_whole(caller, seen, content)], None, seen)
        try:
            self._give(caller, seen, content, spool, settling)
        except AlreadyReceived as already:
            ensure_not_refused(already.uploads)
            return next(one for one in already.uploads if one.id == seen.id)
        return settling.received[0]

    def receive_unbegun(
        self, caller: Caller, foreseen: Upload, content: Content, spool: Spool
    ) -> Upload:
        """``receive_at_once`` for an upload that has not been begun; refused, it is not there."""
        settling = UnbegunSettling(_whole(caller, foreseen, content))
        self._give(caller, foreseen, content, spool, settling)
        return settling.upload

    def _give(
        self, caller: Caller, upload: Upload, content: Content, spool: Spool, settling: Settling
    ) -> None:
        ensure_is(upload, content)
        arrived = [Arrived(upload.id, upload.target, content)]
        self._targets.of(upload.target).receive(caller, arrived, spool, settling)

    def show(self, caller: Caller, batch: BatchId) -> Sequence[Upload]:
        """The caller's uploads of a batch. Raises ``UploadNotFound`` where there are none."""
        with self._database.read() as tx:
            uploads = tx.uploads.of_batch(caller.owner, batch)
        if not uploads or not self._targets.rights(uploads[0]).may_look(caller):
            raise UploadNotFound
        return uploads

    def run(self, running: Running) -> None:
        """The job: by the rights of whoever asked for it, as they were then."""
        payload = running.claimed.payload
        owner, batch = Owner(str(payload["owner"])), BatchId(str(payload["batch"]))
        with self._database.read() as tx:
            uploads = tx.uploads.of_batch(owner, batch)
        if not uploads:
            raise UploadNotFound
        ensure_not_refused(uploads)
        running.report(0, f"receiving {len(uploads)} uploads")
        if not uploads[0].is_over:
            uploads = self._received(uploads, running)
        self._settle_already(uploads, running)

    def _looked_at(self, caller: Caller, tx: Transaction, uploads: Sequence[Upload]) -> Reception:
        """Those that are over, that a job receives, or that can be received by *caller* now."""
        if not uploads or not self._targets.rights(uploads[0]).may_change(caller):
            raise UploadNotFound
        ensure_not_refused(uploads)
        if uploads[0].state is UploadState.RECEIVED:
            return Reception(uploads)
        if (running := _job_on_its_way(tx, uploads[0])) is not None:
            return Reception(uploads, running)
        ensure_one_place(uploads)
        ensure_complete(uploads)
        return Reception([replace(upload, caller=caller) for upload in uploads])

    def _promise(self, tx: Transaction, caller: Caller, batch: BatchId) -> Reception:
        uploads = tx.uploads.lock_batch(caller.owner, batch)
        reception = self._looked_at(caller, tx, uploads)
        if reception.job is not None or reception.uploads[0].is_over:
            return reception
        job = self._promised(tx, caller, uploads[0])
        promised = [
            replace(upload, state=UploadState.RECEIVING, job_id=job.id)
            for upload in reception.uploads
        ]
        tx.uploads.save_all(promised)
        return Reception(promised, job)

    def _promised(self, tx: Transaction, caller: Caller, upload: Upload) -> Job:
        payload = {"owner": str(upload.owner), "batch": str(upload.batch)}
        task = Task(kind=RECEIVE, lane=Lane.LONG, payload=payload)
        return self._jobs.promise(tx, caller, task, self._targets.rights(upload))

    def _received(self, uploads: Sequence[Upload], running: Running | None) -> Sequence[Upload]:
        settling = UploadsSettling(uploads, running)
        try:
            self._hand_over(uploads, settling)
        except AlreadyReceived as already:
            return already.uploads
        except BlobDamaged:
            # Whoever was first has deleted the bytes, perhaps while they were being read here.
            if (already_received := self._already(uploads)) is not None:
                return already_received
            raise
        except (Unavailable, LeaseLost):
            raise
        except FilemanagerError as refusal:
            if (already_received := self.refuse(uploads, refusal)) is not None:
                return already_received
            raise
        for key in settling.keys:
            self._blobs.delete(key)
        return settling.received

    def _settle_already(self, uploads: Sequence[Upload], running: Running) -> None:
        """End the job of uploads that somebody else received meanwhile."""
        if running.is_settled:
            return
        results = {"uploads": [dict(upload.result or {}) for upload in uploads]}
        self._database.write(lambda tx: running.settle(tx, results))

    def _already(self, uploads: Sequence[Upload]) -> Sequence[Upload] | None:
        """The uploads, where they are over by now."""
        with self._database.read() as tx:
            now = tx.uploads.of_batch(uploads[0].owner, uploads[0].batch)
        return now if any(upload.is_over for upload in now) else None

    def _hand_over(self, uploads: Sequence[Upload], settling: UploadsSettling) -> None:
        known = known_contents(self._database, self._blobs, uploads)
        here = waiting(self._database, self._blobs, [one for one in uploads if not one.is_known])
        with self._intake.spool(here.spooled_bytes) as spool:
            arrived = [
                Arrived(one.id, one.target, known.get(one.id) or here.content(spool, one))
                for one in uploads
            ]
            receiver = self._targets.of(uploads[0].target)
            receiver.receive(uploads[0].caller, arrived, spool, settling)

    def refuse(
        self, uploads: Sequence[Upload], refusal: FilemanagerError
    ) -> Sequence[Upload] | None:
        """Note why; what can be received later stays complete, the rest is over.

        Returns the uploads, and notes nothing, where they were received by somebody else.
        """
        is_over = not isinstance(refusal, _REPEATABLE)
        first = uploads[0]
        keys: list[str] = []

        def work(tx: Transaction) -> Sequence[Upload] | None:
            keys.clear()
            now = tx.uploads.lock_batch(first.owner, first.batch)
            if any(upload.is_over for upload in now):
                return now
            state = UploadState.REFUSED if is_over else UploadState.COMPLETE
            noted = {"state": state, "code": refusal.code, "message": refusal.message}
            tx.uploads.save_all([replace(upload, **noted) for upload in now])  # type: ignore[arg-type]  # fields by name
            if is_over:
                keys.extend(let_go(tx, now))
            return None

        already = self._database.write(work)
        for key in keys:
            self._blobs.delete(key)
        return already


def _whole(caller: Caller, upload: Upload, content: Content) -> Upload:
    return replace(upload, caller=caller, received_bytes=content.size_bytes)


def _job_on_its_way(tx: Transaction, upload: Upload) -> Job | None:
    if upload.state is not UploadState.RECEIVING or upload.job_id is None:
        return None
    job = tx.jobs.get(upload.job_id)
    return None if job.is_over else job
