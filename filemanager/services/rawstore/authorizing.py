"""The rawstore door: leave to post files directly into the store, and what is known of them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from filemanager.domain.caller import Owner
from filemanager.domain.jobs.job import Task
from filemanager.domain.named_objects import NamedObjects, PostForm, PostTerms
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.rawstore.path_pattern import PathPattern
from filemanager.domain.rawstore.stored_file import (
    ACTIVE_TYPES,
    FORM_LIFETIME,
    MEGABYTE,
    POST_TIME,
    Deposit,
    DepositedFile,
    Depositor,
    DepositRefused,
    Findability,
    KeyTaken,
    OwnerDiffers,
    StorageLimitReached,
    StoredFile,
    StoredFileState,
    Version,
)
from filemanager.services.rawstore.settling import SETTLE, Settler

_SLOT = timedelta(minutes=10)
"""Forms that expire in one of these are settled by one task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorized:
    """``exists``: these very bytes are settled at the place already."""

    wish: DepositedFile
    form: PostForm
    exists: bool


@dataclass(frozen=True, slots=True)
class Publishing:
    """What anybody may read: *active_types* too, or not."""

    active_types: bool = False

    def shows(self, version: Version) -> bool:
        kind = version.media_type.partition(";")[0].strip().lower()
        is_passive = self.active_types or kind not in ACTIVE_TYPES
        return is_passive and version.findability is not Findability.PRIVATE


class RawstoreService:
    def __init__(  # noqa: PLR0913  # the parts that it is put together of
        self,
        *,
        database: Database,
        objects: NamedObjects,
        pattern: PathPattern,
        publishing: Publishing,
        settler: Settler,
        clock: Clock,
    ) -> None:
        self._database = database
        self._objects = objects
        self._pattern = pattern
        self._publishing = publishing
        self._settler = settler
        self._clock = clock

    def authorize(self, depositor: Depositor, deposit: Deposit) -> Sequence[Authorized]:
        """Promise room for every file of the deposit, or for none, and give out their forms.

        Whatever the number of files, the database is asked as often, and the store is not asked
        at all unless the limit is reached. Raises ``OwnerDiffers``, ``DepositRefused``,
        ``KeyTaken`` or ``StorageLimitReached``.
        """
        if deposit.owner != depositor.user:
            raise OwnerDiffers
        wishes = self._by_key(deposit)
        try:
            known = self._promise(depositor, deposit, wishes)
        except StorageLimitReached:
            # Promises that were never kept may be all that is in the way.
            if not self._settler.settle_some(depositor.owner):
                raise
            known = self._promise(depositor, deposit, wishes)
        return [
            self._authorized(key, wish, deposit, known.get(key)) for key, wish in wishes.items()
        ]

    def url_prefixes(self, depositor: Depositor) -> Sequence[str]:
        """What the URLs of the depositor's files may begin with."""
        prefix = self._pattern.prefix(depositor.user)
        return [before + prefix for before in self._objects.url_prefixes()]

    def held_bytes(self, depositor: Depositor, bucket: str, key: str) -> int | None:
        """The size of a file of the depositor's; None: there is none."""
        with self._database.read() as tx:
            file = tx.stored_files.find(bucket, [key]).get(key)
        if file is None or file.owner != depositor.owner:
            return None
        settled = self._settler.settle(file)
        return settled.held.size_bytes if settled is not None and settled.held else None

    def total(self, owner: Owner, findability: Findability | None) -> int:
        with self._database.read() as tx:
            return tx.stored_files.held_bytes_of_owner(owner, findability)

    def total_of_dataset(
        self, owner: Owner, dataset_id: str, findability: Findability | None
    ) -> int:
        with self._database.read() as tx:
            return tx.stored_files.held_bytes_of_dataset(owner, dataset_id, findability)

    def total_of_flow(self, owner: Owner, flow_id: str, findability: Findability | None) -> int:
        with self._database.read() as tx:
            return tx.stored_files.held_bytes_of_flow(owner, flow_id, findability)

    def _by_key(self, deposit: Deposit) -> dict[str, DepositedFile]:
        wishes: dict[str, DepositedFile] = {}
        for wish in deposit.files:
            key = self._pattern.key(deposit, wish)
            if key in wishes:
                why = f"it would lie at the same place as '{wishes[key].path}'"
                raise DepositRefused(f"filedata['{wish.path}']", why)
            wishes[key] = wish
        return wishes

    def _promise(
        self, depositor: Depositor, deposit: Deposit, wishes: Mapping[str, DepositedFile]
    ) -> Mapping[str, StoredFile]:
        """Write the rows, and return those that were there before."""
        at = self._clock()

        def work(tx: Transaction) -> Mapping[str, StoredFile]:
            tx.stored_files.lock(depositor.owner)
            known = tx.stored_files.find(self._objects.bucket, wishes)
            for key, file in known.items():
                if file.owner != depositor.owner:
                    raise KeyTaken(wishes[key].path)
            promised = [
                _promised(known[key], deposit, wish, at)
                if key in known
                else self._new(depositor.owner, key, deposit, wish, at)
                for key, wish in wishes.items()
            ]
            _ensure_room(tx, depositor, promised, known)
            tx.stored_files.save(promised)
            tx.outbox.add(_settling(depositor.owner, at), at)
            return known

        return self._database.write(work)

    def _new(
        self, owner: Owner, key: str, deposit: Deposit, wish: DepositedFile, at: datetime
    ) -> StoredFile:
        return StoredFile(
            bucket=self._objects.bucket,
            key=key,
            owner=owner,
            wanted=_wanted(deposit, wish),
            created_at=at,
            expires_at=at + FORM_LIFETIME,
            dataset_id=deposit.dataset,
            flow_ids=(deposit.flow_id,) if deposit.flow_id else (),
        )

    def _authorized(
        self, key: str, wish: DepositedFile, deposit: Deposit, known: StoredFile | None
    ) -> Authorized:
        version = _wanted(deposit, wish)
        terms = PostTerms(
            key=key,
            size_bytes=wish.size_bytes,
            md5=wish.md5,
            media_type=wish.media_type,
            is_public=self._publishing.shows(version),
        )
        return Authorized(
            wish=wish,
            form=self._objects.form(terms, FORM_LIFETIME),
            exists=known is not None and _has_settled(known, version),
        )


def _wanted(deposit: Deposit, wish: DepositedFile) -> Version:
    return Version(
        size_bytes=wish.size_bytes,
        md5=wish.md5,
        media_type=wish.media_type,
        findability=deposit.findability,
    )


def _has_settled(file: StoredFile, version: Version) -> bool:
    return file.state is StoredFileState.SETTLED and file.wanted.has_bytes_of(version)


def _promised(known: StoredFile, deposit: Deposit, wish: DepositedFile, at: datetime) -> StoredFile:
    """The row of a file that may be posted again; the dataset it came with stays its own."""
    wanted = _wanted(deposit, wish)
    flows = tuple(flow for flow in known.flow_ids if flow != deposit.flow_id)
    is_as_before = known.state is StoredFileState.SETTLED and known.wanted == wanted
    return replace(
        known,
        wanted=wanted,
        state=StoredFileState.SETTLED if is_as_before else StoredFileState.PENDING,
        # What nobody authorised is no version to go back to: it is to be compared anew.
        held_version=None if known.state is StoredFileState.CHANGED else known.held_version,
        flow_ids=(*flows, deposit.flow_id) if deposit.flow_id else known.flow_ids,
        expires_at=at + FORM_LIFETIME,
    )


def _ensure_room(
    tx: Transaction,
    depositor: Depositor,
    promised: Sequence[StoredFile],
    known: Mapping[str, StoredFile],
) -> None:
    """What is pushed again does not count twice. Private files have a limit of their own; against
    the other one every file counts.
    """
    is_private = any(file.wanted.findability is Findability.PRIVATE for file in promised)
    limits = depositor.limits
    limit_mb = limits.private_mb if is_private else limits.public_mb
    counted = [
        file
        for file in known.values()
        if not is_private or file.wanted.findability is Findability.PRIVATE
    ]
    more_bytes = sum(file.counted_bytes for file in promised)
    more_bytes -= sum(file.counted_bytes for file in counted)
    of = Findability.PRIVATE if is_private else None
    total_bytes = tx.stored_files.counted_bytes(depositor.owner, of)
    if more_bytes > 0 and total_bytes + more_bytes > limit_mb * MEGABYTE:
        raise StorageLimitReached(limit_mb, is_private=is_private)


def _settling(owner: Owner, at: datetime) -> Task:
    """One task for all forms of an owner that end in the same minutes, due when all have ended."""
    slot = (at + FORM_LIFETIME + POST_TIME).timestamp() // _SLOT.total_seconds() + 1
    due_at = datetime.fromtimestamp(slot * _SLOT.total_seconds(), at.tzinfo)
    name = hashlib.sha256(owner.encode()).hexdigest()[:32]
    return Task(
        kind=SETTLE, payload={"owner": owner}, key=f"{SETTLE}:{name}:{int(slot)}", due_at=due_at
    )
