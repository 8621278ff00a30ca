"""Uploads on their way in: begun, continued, given up. Received elsewhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller
from filemanager.domain.ids import Digest, random_id
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import ReservationId
from filemanager.domain.uploads.targets import Target
from filemanager.domain.uploads.upload import (
    BatchId,
    MadeOfParts,
    OffsetConflict,
    Upload,
    UploadId,
    UploadNotFound,
    UploadOver,
    UploadState,
    Way,
)
from filemanager.services.paging import until_nothing
from filemanager.services.uploads.admission import Admission, UploadLimits
from filemanager.services.uploads.inflow import Readable, UploadTooLarge
from filemanager.services.uploads.known import readable_blobs
from filemanager.services.uploads.parts import let_go, put_together
from filemanager.services.uploads.segments import Segments, completed
from filemanager.services.uploads.targets import Targets

_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadWish:
    """What a client says of an upload before its bytes; ``size_bytes`` None: told later."""

    way: Way
    target: Target
    size_bytes: int | None
    digest: Digest | None = None
    batch: BatchId | None = None
    metadata: str = ""
    parts: tuple[UploadId, ...] = ()


class UploadService:
    """Bytes are durable before the row that counts them, as everywhere."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        targets: Targets,
        limits: UploadLimits,
        clock: Clock,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._targets = targets
        self._admission = Admission(targets, limits, clock)
        self._segments = Segments(database, blobs, self._admission)
        self.limits = limits
        self._clock = clock

    def begin(self, caller: Caller, wishes: Sequence[UploadWish]) -> list[Upload]:
        """Begin uploads to one place, all or none: rights are looked at, and room is reserved.

        An upload of parts, or of no bytes, is complete at once. Raises what the target refuses
        with, ``TooManyUploads``, ``UploadTooLarge``, ``QuotaExceeded``, ``BatchElsewhere`` and
        ``BatchClosed``, and for parts what ``put_together`` raises.
        """
        for wish in wishes:
            self._admission.ensure_size(wish.size_bytes)
        begun = self._new(caller, wishes)

        def work(tx: Transaction) -> list[Upload]:
            uploads = [self._with_parts(tx, upload) for upload in begun]
            self._admission.admit(tx, caller, uploads)
            return uploads

        return self._database.write(work)

    def foreseen(self, caller: Caller, wish: UploadWish) -> Upload:
        """The upload that ``begin`` would begin, raising as that does, but for room, which nobody
        keeps for it; nothing is written.
        """
        self._admission.ensure_size(wish.size_bytes)
        (upload,) = self._new(caller, [wish])
        with self._database.read() as tx:
            self._admission.ensure_admits(tx, caller, upload)
        return upload

    def get(self, caller: Caller, upload_id: UploadId) -> Upload:
        """Raises ``UploadNotFound``, also for a stranger's upload and an expired one."""
        with self._database.read() as tx:
            upload = self._living(caller, tx.uploads.get(upload_id))
        if not self._targets.rights(upload).may_look(caller):
            raise UploadNotFound
        return upload

    def unfinished(self, caller: Caller, after: UploadId | None, limit: int) -> Sequence[Upload]:
        """The caller's uploads that are neither over nor expired, by id, those behind *after*."""
        found: list[Upload] = []
        while len(found) < limit:
            with self._database.read() as tx:
                page = tx.uploads.unfinished(caller.owner, self._clock(), after, limit)
            found += [one for one in page if self._targets.rights(one).may_look(caller)]
            if len(page) < limit:
                break
            after = page[-1].id
        return found[:limit]

    def known(self, caller: Caller, digests: Collection[Digest]) -> Collection[Digest]:
        """Those whose bytes *caller* could download, so that they need not be sent."""
        with self._database.read() as tx:
            return readable_blobs(tx, caller, digests).keys()

    def take_over(self, caller: Caller, upload_id: UploadId) -> Upload:
        """Become the newest writer: whoever writes now adds nothing any more."""

        def work(tx: Transaction) -> Upload:
            upload = self._its_own(caller, tx.uploads.lock(upload_id))
            if upload.state is not UploadState.OPEN:
                return upload
            taken = replace(upload, generation=upload.generation + 1)
            tx.uploads.save(taken)
            return taken

        return self._database.write(work)

    def tell_size(self, caller: Caller, upload_id: UploadId, size_bytes: int) -> Upload:
        """Tell the size of an upload that began without; the same may be told again.

        Raises ``OffsetConflict`` for another size, or one below what has come.
        """
        self._admission.ensure_size(size_bytes)

        def work(tx: Transaction) -> Upload:
            upload = self._its_own(caller, tx.uploads.lock(upload_id))
            if upload.size_bytes == size_bytes:
                return upload
            if upload.size_bytes is not None or size_bytes < upload.received_bytes:
                raise OffsetConflict(upload.received_bytes)
            told = completed(replace(upload, size_bytes=size_bytes))
            tx.uploads.save(told)
            self._admission.reserve_anew(tx, caller, told, size_bytes)
            return told

        return self._database.write(work)

    def claim(
        self, caller: Caller, upload_id: UploadId, offset: int, more_bytes: int | None = None
    ) -> Upload:
        """Become the writer of bytes from *offset* on, of *more_bytes* where that is known.

        The caller's scopes are remembered with the upload: by them it will be received. Raises
        ``OffsetConflict`` where the upload does not go on at *offset*, ``UploadTooLarge``,
        ``MadeOfParts`` and ``UploadOver``.
        """

        def work(tx: Transaction) -> Upload:
            upload = self._its_own(caller, tx.uploads.lock(upload_id))
            self._ensure_continued(upload, offset, more_bytes)
            claimed = replace(upload, caller=caller, generation=upload.generation + 1)
            tx.uploads.save(claimed)
            return claimed

        return self._database.write(work)

    def unclaimed(
        self, caller: Caller, upload_id: UploadId, offset: int, more_bytes: int | None = None
    ) -> Upload:
        """The upload that ``claim`` would be given, raising as that does, and nobody's claim."""
        with self._database.glance() as tx:
            upload = self._its_own(caller, tx.uploads.get(upload_id))
        self._ensure_continued(upload, offset, more_bytes)
        return upload

    def take(self, upload: Upload, stream: Readable) -> Upload:
        """Take bytes for a claimed upload from *stream* to its end.

        Those that arrived count, even where it breaks off. Raises ``OffsetConflict`` where a newer
        writer came, ``UploadTooLarge`` for a byte too many, ``TooManySegments``, ``QuotaExceeded``
        where the size was not told before, and the ``OSError`` of the stream.
        """
        return self._segments.take(upload, stream, self._most_bytes(upload))

    def give_up(self, caller: Caller, upload_id: UploadId) -> None:
        """Forget an upload that is not received yet; its bytes go at once."""
        with self._database.read() as tx:
            upload = self._its_own(caller, tx.uploads.get(upload_id))
        self._forget(upload, even_on_its_way=False)

    def sweep(self) -> int:
        """Forget uploads that have expired, and release what was reserved; returns how many."""
        count = 0
        while expired := self._expired():
            for upload in expired:
                self._forget(upload, even_on_its_way=True)
            count += len(expired)
        at = self._clock()
        return count + until_nothing(
            self._database, lambda tx: tx.quotas.release_expired(at, _BATCH)
        )

    def _expired(self) -> Sequence[Upload]:
        with self._database.read() as tx:
            return tx.uploads.expired(self._clock(), _BATCH)

    def _forget(self, upload: Upload, *, even_on_its_way: bool) -> None:
        def work(tx: Transaction) -> list[str]:
            now = tx.uploads.lock(upload.id)
            is_on_its_way = now.state in (UploadState.RECEIVING, UploadState.RECEIVED)
            if is_on_its_way and not even_on_its_way:
                raise UploadOver
            keys = let_go(tx, [now])
            tx.uploads.delete(upload.id)
            return keys

        try:
            keys = self._database.write(work)
        except UploadNotFound:
            return
        for key in keys:
            self._blobs.delete(key)

    def _with_parts(self, tx: Transaction, upload: Upload) -> Upload:
        if not upload.parts:
            return upload
        whole = put_together(tx, upload, upload.created_at)
        self._admission.ensure_size(whole.size_bytes)
        self._segments.ensure_few(tx, whole.parts, whole.received_bytes)
        return whole

    def _new(self, caller: Caller, wishes: Sequence[UploadWish]) -> list[Upload]:
        at = self._clock()
        ids = [UploadId(random_id()) for _ in wishes]
        return [
            completed(
                Upload(
                    id=upload_id,
                    owner=caller.owner,
                    caller=caller,
                    way=wish.way,
                    target=wish.target,
                    batch=wish.batch or BatchId(upload_id),
                    reservation=ReservationId(ids[0]),
                    size_bytes=wish.size_bytes,
                    digest=wish.digest,
                    metadata=wish.metadata,
                    parts=wish.parts,
                    created_at=at,
                    expires_at=at + self.limits.life,
                )
            )
            for upload_id, wish in zip(ids, wishes, strict=True)
        ]

    def _its_own(self, caller: Caller, upload: Upload) -> Upload:
        """For a change of it. Raises ``UploadNotFound``, for a token with too few rights too."""
        if not self._targets.rights(upload).may_change(caller):
            raise UploadNotFound
        return self._living(caller, upload)

    def _living(self, caller: Caller, upload: Upload) -> Upload:
        if upload.owner != caller.owner or upload.expires_at <= self._clock():
            raise UploadNotFound
        if upload.way is not Way.TUS:
            # A file of a grant is put, received and forgotten with the grant alone.
            raise UploadNotFound
        return upload

    def _ensure_continued(self, upload: Upload, offset: int, more_bytes: int | None) -> None:
        """A whole upload goes on too, with no byte: so its end can be asked for again."""
        if upload.parts:
            raise MadeOfParts
        if upload.is_over:
            raise UploadOver
        is_open = upload.state in (UploadState.OPEN, UploadState.COMPLETE)
        if not is_open or upload.received_bytes != offset:
            raise OffsetConflict(upload.received_bytes)
        most_bytes = self._most_bytes(upload)
        if offset + (more_bytes or 0) > most_bytes:
            raise UploadTooLarge(most_bytes)

    def _most_bytes(self, upload: Upload) -> int:
        limit = self.limits.upload_bytes
        return limit if upload.size_bytes is None else upload.size_bytes
