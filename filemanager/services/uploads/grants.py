"""Grants: a batch of files for a workspace, whose bytes go straight into the store."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller, Rights
from filemanager.domain.ids import random_id
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.uploads.grant import (
    GrantNotFound,
    Leave,
    LeaveUsed,
    NotInParts,
    Portion,
    PutInParts,
    upload_id_in,
)
from filemanager.domain.uploads.ports import DirectStore
from filemanager.domain.uploads.upload import (
    BatchId,
    Segment,
    Upload,
    UploadId,
    UploadIncomplete,
    UploadNotFound,
    UploadOver,
    UploadState,
    Way,
    name_of,
)
from filemanager.services.uploads.admission import Admission
from filemanager.services.uploads.known import readable_blobs
from filemanager.services.uploads.parts import let_go
from filemanager.services.uploads.plans import (
    Grant,
    GrantTerms,
    GrantWish,
    PartWish,
    Planning,
    ensure_distinct,
    part_sizes,
    planned,
    portion_of,
)
from filemanager.services.uploads.receiving import ReceivingService, Reception


class GrantService:
    """Nothing is visible before a grant is complete and received, and then everything is."""

    def __init__(  # noqa: PLR0913  # the parts that it is put together of
        self,
        *,
        database: Database,
        blobs: BlobStore,
        store: DirectStore,
        admission: Admission,
        receiving: ReceivingService,
        terms: GrantTerms,
        clock: Clock,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._store = store
        self._admission = admission
        self._receiving = receiving
        self._terms = terms
        self._clock = clock

    def begin(self, caller: Caller, wish: GrantWish) -> Grant:
        """Admit all of the files or none, and reserve their room at once.

        What *caller* could download already is not put again. Raises what the target refuses with,
        ``PathTwice``, ``UploadTooLarge``, ``TooManyUploads`` and ``QuotaExceeded``.
        """
        ensure_distinct(wish.files)
        for file in wish.files:
            self._admission.ensure_size(file.size_bytes)
        with self._database.read() as tx:
            blobs = readable_blobs(tx, caller, {file.digest for file in wish.files})
        known = {(blob.digest, blob.size_bytes) for blob in blobs.values()}
        grant = BatchId(random_id())
        at = self._clock()
        life = self._admission.limits.life
        planning = Planning(caller=caller, at=at, expires_at=at + life, known=known)
        uploads = list(planned(grant, wish, self._terms, planning))
        leaves = self._leaves(upload for upload in uploads if not upload.is_known)

        def work(tx: Transaction) -> Grant:
            self._admission.admit(tx, caller, uploads)
            tx.uploads.save_leaves(list(leaves.values()))
            return Grant(grant, uploads, leaves)

        return self._database.write(work)

    def get(self, caller: Caller, grant: BatchId) -> tuple[Sequence[Upload], Collection[UploadId]]:
        """The files of a grant, and which of them lie whole in the store or need not.

        Raises ``GrantNotFound``, also for a stranger's grant and an expired one.
        """
        uploads = self._living(caller, grant)
        if not self._rights(uploads[0]).may_look(caller):
            raise GrantNotFound
        return uploads, self._arrived(grant, uploads)

    def renew(self, caller: Caller, grant: BatchId) -> Grant:
        """The grant with new leaves for whole files that have not been put. Raises
        ``GrantNotFound``.
        """
        uploads = self._its_own(caller, grant)
        leaves = self._leaves(upload for upload in uploads if upload.state is UploadState.OPEN)

        def work(tx: Transaction) -> Grant:
            if not tx.uploads.lock_batch(caller.owner, grant):
                raise GrantNotFound
            tx.uploads.save_leaves(list(leaves.values()))
            return Grant(grant, uploads, leaves)

        return self._database.write(work)

    def put_anew(self, caller: Caller, grant: BatchId, number: int) -> Leave:
        """Leave to put a whole file, where the first has expired, or a known one after all.

        Raises ``UploadNotFound``, ``LeaveUsed`` where it has come, ``UploadOver`` and
        ``PutInParts``.
        """

        def work(tx: Transaction) -> Leave:
            upload = self._open(tx, caller, grant, number)
            if upload.part_bytes is not None:
                raise PutInParts
            if upload.is_known:
                tx.uploads.save(replace(upload, is_known=False, state=UploadState.OPEN))
            leave = self._leave(portion_of(upload))
            tx.uploads.save_leaves([leave])
            return leave

        return self._database.write(work)

    def put_parts(
        self, caller: Caller, grant: BatchId, number: int, wishes: Sequence[PartWish]
    ) -> Sequence[Leave]:
        """Leave to put parts of a file, as often as asked for until the grant is complete.

        A known file is put after all. Raises ``UploadNotFound``, ``LeaveUsed``, ``UploadOver``,
        ``NotInParts`` and ``PartUnknown``.
        """
        with self._database.read() as tx:
            upload = self._ensure_open(caller, tx.uploads.get(upload_id_in(grant, number)))
        if upload.part_bytes is None:
            raise NotInParts
        upload = self._begun(caller, upload)
        leaves = [self._leave(portion_of(upload, wish)) for wish in wishes]
        self._database.write(lambda tx: tx.uploads.save_leaves(leaves))
        return leaves

    def complete(self, caller: Caller, grant: BatchId, *, is_async: bool = False) -> Reception:
        """Receive the files of a grant, all or none, by the rights that *caller* has now.

        Raises ``GrantNotFound``, ``UploadIncomplete`` naming what has not been put, and as
        ``ReceivingService.receive`` does. What was received is not received again.
        """
        uploads = self._its_own(caller, grant)
        waiting = [upload for upload in uploads if upload.state is UploadState.OPEN]
        if waiting:
            self._finish(grant, waiting)
        return self._receiving.receive(caller, grant, is_async=is_async)

    def abandon(self, caller: Caller, grant: BatchId) -> None:
        """Forget a grant that is not received, with all that was put. Raises ``UploadOver``."""
        uploads = self._its_own(caller, grant)

        def work(tx: Transaction) -> list[str]:
            now = tx.uploads.lock_batch(caller.owner, grant)
            if any(one.state in (UploadState.RECEIVING, UploadState.RECEIVED) for one in now):
                raise UploadOver
            keys = self._keys(now) + let_go(tx, now)
            for upload in now:
                tx.uploads.delete(upload.id)
            return keys

        keys = self._database.write(work)
        for upload in uploads:
            if upload.store_name is not None:
                self._store.forget_parts(upload.id, upload.store_name)
        for key in keys:
            self._blobs.delete(key)

    def _leaves(self, uploads: Iterable[Upload]) -> Mapping[UploadId, Leave]:
        """For those that are put whole."""
        whole = (upload for upload in uploads if upload.part_bytes is None)
        return {upload.id: self._leave(portion_of(upload)) for upload in whole}

    def _leave(self, portion: Portion) -> Leave:
        return self._store.may_put(portion, self._clock() + self._terms.life)

    def _keys(self, uploads: Iterable[Upload]) -> list[str]:
        """What clients may have put for those that no row names an object of yet."""
        waiting = (upload for upload in uploads if upload.state is UploadState.OPEN)
        keys = (self._store.key_of(upload.id) for upload in waiting)
        return [key for key in keys if key is not None]

    def _begun(self, caller: Caller, upload: Upload) -> Upload:
        """The upload with the store's name for its object; of two begun at once, one stays."""
        if upload.store_name is not None:
            return upload
        name = self._store.begin_parts(upload.id)

        def work(tx: Transaction) -> Upload:
            now = self._ensure_open(caller, tx.uploads.lock(upload.id))
            if now.store_name is None:
                now = replace(now, store_name=name, is_known=False, state=UploadState.OPEN)
                tx.uploads.save(now)
            return now

        begun = self._database.write(work)
        if begun.store_name != name:
            self._store.forget_parts(upload.id, name)
        return begun

    def _finish(self, grant: BatchId, waiting: Sequence[Upload]) -> None:
        """Make objects of parts, and note what lies in the store."""
        for upload in waiting:
            if upload.store_name is not None:
                self._store.finish_parts(upload.id, upload.store_name, part_sizes(upload))
        arrived = self._arrived(grant, waiting)
        if missing := [name_of(upload) for upload in waiting if upload.id not in arrived]:
            raise UploadIncomplete(missing)

        def work(tx: Transaction) -> None:
            now = tx.uploads.lock_batch(waiting[0].owner, grant)
            here = [one for one in now if one.state is UploadState.OPEN and one.id in arrived]
            tx.uploads.add_segments([self._segment(upload) for upload in here])
            tx.uploads.save_all([_completed(upload) for upload in here])

        self._database.write(work)

    def _segment(self, upload: Upload) -> Segment:
        key = self._store.key_of(upload.id)
        assert key is not None  # noqa: S101  # only a store that has keys tells what has arrived
        size_bytes = upload.size_bytes or 0
        return Segment(upload_id=upload.id, key=key, start=0, size_bytes=size_bytes)

    def _arrived(self, grant: BatchId, uploads: Sequence[Upload]) -> Collection[UploadId]:
        arrived = {upload.id for upload in uploads if upload.state is not UploadState.OPEN}
        if len(arrived) < len(uploads):
            sizes = self._store.sizes(grant)
            arrived |= {one.id for one in uploads if sizes.get(one.id) == one.size_bytes}
        return arrived

    def _rights(self, upload: Upload) -> Rights:
        return self._admission.targets.rights(upload)

    def _its_own(self, caller: Caller, grant: BatchId) -> Sequence[Upload]:
        """For a change of it. Raises ``GrantNotFound``, for a token with too few rights too."""
        uploads = self._living(caller, grant)
        if not self._rights(uploads[0]).may_change(caller):
            raise GrantNotFound
        return uploads

    def _living(self, caller: Caller, grant: BatchId) -> Sequence[Upload]:
        with self._database.read() as tx:
            uploads = tx.uploads.of_batch(caller.owner, grant)
        is_one = uploads and all(upload.way is Way.GRANT for upload in uploads)
        if not is_one or uploads[0].expires_at <= self._clock():
            raise GrantNotFound
        return uploads

    def _open(self, tx: Transaction, caller: Caller, grant: BatchId, number: int) -> Upload:
        return self._ensure_open(caller, tx.uploads.lock(upload_id_in(grant, number)))

    def _ensure_open(self, caller: Caller, upload: Upload) -> Upload:
        if upload.owner != caller.owner or upload.expires_at <= self._clock():
            raise UploadNotFound
        if not self._rights(upload).may_change(caller):
            raise UploadNotFound
        if upload.state is UploadState.COMPLETE and not upload.is_known:
            raise LeaveUsed
        if upload.state not in (UploadState.OPEN, UploadState.COMPLETE):
            raise UploadOver
        return upload


def _completed(upload: Upload) -> Upload:
    return replace(upload, state=UploadState.COMPLETE, received_bytes=upload.size_bytes or 0)
