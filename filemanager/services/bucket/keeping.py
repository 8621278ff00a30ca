"""The bucket: what is sent is kept, taken apart, and labelled; all of an upload or nothing."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from filemanager.domain.blobs.blob import Content, Put, StoredBlob
from filemanager.domain.bucket.drop import (
    ANONYMOUS,
    ANONYMOUS_DROPS,
    Drop,
    DropId,
    TooManyAnonymousDrops,
    TooManyDrops,
    UploadsExceeded,
)
from filemanager.domain.caller import Caller, Owner
from filemanager.domain.ids import Digest
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import Unpacker
from filemanager.domain.jobs.job import Lane, Task
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import Allowance, QuotaExceeded, owner_subject
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import Entry, TreeChange
from filemanager.domain.workspaces.log import LogLine, escaped
from filemanager.services.bucket.labels import Labelled, Labelling
from filemanager.services.bucket.paths import BLOB, EXPLODE, sharded
from filemanager.services.bucket.stages import SHA256, SentFile, Stages, StageTools, stages_of
from filemanager.services.bucket.terms import Terms
from filemanager.services.committing import Committer, packed
from filemanager.services.uploads.targets import Settlement

EXPORT = "bucket.export"
CHECKSUMS = "bucket.checksums"

_SECONDS_OF_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """What a file of an upload became. Paths are relative ones, below the door's address."""

    drop: Drop
    checksums: Mapping[Digest, str]
    paths: Mapping[str, str | None]
    replicas: tuple[str, ...]
    log: tuple[str, ...]

    def checksum(self, digest: Digest | None) -> str | None:
        return None if digest is None else self.checksums[digest]


@dataclass(frozen=True, slots=True)
class _Upload:
    caller: Caller | None
    files: Sequence[Stages]
    labels: Mapping[str, str]
    at: datetime
    settlement: Settlement[Sequence[Dropped]] | None

    @property
    def owner(self) -> Owner | None:
        return None if self.caller is None else self.caller.owner

    def contents(self) -> Mapping[Digest, Content]:
        return {c.digest: c for stages in self.files for c in stages.contents()}

    def checksums(self) -> dict[Digest, str]:
        return {digest: v for stages in self.files for digest, v in stages.checksums.items()}


class BucketService:
    def __init__(  # what the bucket stands on, all by keyword
        self,
        *,
        database: Database,
        committer: Committer,
        unpacker: Unpacker,
        terms: Terms,
        clock: Clock,
    ) -> None:
        self._database = database
        self._committer = committer
        self._unpacker = unpacker
        self.terms = terms
        self._clock = clock

    def take_turn(self, address: str) -> int:
        """Count an upload without a token; what is left to the address in this minute.

        Raises ``UploadsExceeded``.
        """
        limit, subject = self.terms.uploads_per_minute, f"turns:{address}"
        until = self._clock().replace(second=0, microsecond=0) + timedelta(minutes=1)

        def work(tx: Transaction) -> int | None:
            is_taken = tx.tallies.take(subject, 1, limit, until)
            return limit - tx.tallies.taken(subject, until) if is_taken else None

        left = self._database.write(work)
        if left is None:
            raise UploadsExceeded(limit, self.seconds_left())
        return left

    def seconds_left(self) -> int:
        """Of the minute that turns are counted in."""
        return _SECONDS_OF_MINUTE - int(self._clock().timestamp()) % _SECONDS_OF_MINUTE

    def receive(
        self,
        caller: Caller | None,
        files: Sequence[SentFile],
        labels: Mapping[str, str],
        scratch: Scratch,
        *,
        settlement: Settlement[Sequence[Dropped]] | None = None,
    ) -> Sequence[Dropped]:
        """Keep *files*, in their order; *labels* are request headers by names in lower case.

        *caller* None: nobody in particular. Equal bytes are stored once, whoever sends them at the
        same time. Raises ``OverBudget``, ``QuotaExceeded``, ``TooManyDrops`` and
        ``TooManyAnonymousDrops``.
        """
        if len(files) > (most := self.terms.drops_at_once(caller)):
            raise TooManyDrops(most)
        tools = StageTools(
            unpacker=self._unpacker,
            scratch=scratch,
            budget=Budget(
                self.terms.limits, sum(one.content.size_bytes for one in files), time.monotonic
            ),
            algorithm=self.terms.algorithm,
            clock=self._clock,
        )
        with tools.budget.turn:
            stages = [stages_of(sent, tools) for sent in files]
        upload = _Upload(caller, stages, labels, self._clock(), settlement)
        contents = upload.contents()
        return self._committer.commit(
            lambda: contents, lambda tx, put: self._commit(tx, put, upload)
        )

    def _commit(self, tx: Transaction, put: Put, upload: _Upload) -> Sequence[Dropped]:
        """Locks are taken in one order: blobs, explosions, replicas, uploads, quotas."""
        contents = upload.contents()
        stored = self._committer.keep(tx, put, set(contents))
        shown = {digest: str(digest) for digest in contents}
        if self.terms.algorithm != SHA256:
            shown |= tx.drops.note_checksums(self.terms.algorithm, upload.checksums())
        for archive, stages in _archives(upload.files):
            self._explode(tx, archive, stages, stored)
        drops = tx.drops.add([self._drop(upload, stages) for stages in upload.files])
        labelling = Labelling(tx, self.terms.patterns, upload.labels, upload.at)
        dropped = [
            _dropped(stages, drop, shown, labelling.label(drop))
            for stages, drop in zip(upload.files, drops, strict=True)
        ]
        if upload.settlement is not None:
            upload.settlement.begin(tx)
        self._count(tx, upload)
        tx.logs.append([_log_line(upload)])
        for task in self._tasks():
            tx.outbox.add(task, upload.at)
        if upload.settlement is not None:
            upload.settlement.end(tx, dropped)
        return dropped

    def _count(self, tx: Transaction, upload: _Upload) -> None:
        more_bytes = sum(stages.kept_bytes for stages in upload.files)
        tx.quotas.use([self.allowance(upload.caller)], more_bytes)
        if upload.caller is None:
            limit = self.terms.anonymous_drops
            try:
                tx.quotas.use([Allowance(ANONYMOUS_DROPS, limit)], len(upload.files))
            except QuotaExceeded as full:
                raise TooManyAnonymousDrops(limit) from full

    def allowance(self, caller: Caller | None) -> Allowance:
        """Whom an upload counts against."""
        if caller is None:
            return Allowance(ANONYMOUS, self.terms.anonymous_bytes)
        return Allowance(owner_subject(caller.owner), self.terms.owner_bytes)

    def _explode(
        self, tx: Transaction, archive: Digest, stages: Stages, stored: Mapping[Digest, StoredBlob]
    ) -> None:
        if tx.drops.hold_explosion(archive) is not None:
            return
        tree = tx.drops.add_explosion(archive)
        if tree is None:
            return
        at = self._clock()
        entries = tuple(
            Entry(
                area=Area.SOURCE,
                path=path,
                kind=FileKind.UNKNOWN,
                size_bytes=content.size_bytes,
                digest=content.digest,
                modified_at=at,
            )
            for path, content in stages.members.items()
        )
        tx.trees.apply(tree, packed(TreeChange(put=entries), stored), at)

    def _drop(self, upload: _Upload, stages: Stages) -> Drop:
        caller = upload.caller
        archive, inner = stages.archive, stages.decompressed
        return Drop(
            id=DropId(0),
            path=stages.sent.path,
            digest=stages.sent.content.digest,
            decompressed=None if inner is None else inner.digest,
            archive=None if archive is None else archive.digest,
            size_bytes=stages.sent.content.size_bytes,
            kept_bytes=stages.kept_bytes,
            owner=None if caller is None else caller.owner,
            created_at=upload.at,
            expires_at=upload.at + self.terms.keep_anonymous if caller is None else None,
        )

    def _tasks(self) -> Iterator[Task]:
        if self.terms.is_exported:
            yield export_task()
        if self.terms.also:
            yield Task(kind=CHECKSUMS, lane=Lane.LONG, key=CHECKSUMS)


def export_task() -> Task:
    return Task(kind=EXPORT, lane=Lane.LONG, key=EXPORT)


def shown_checksums(
    tx: Transaction, algorithm: str, digests: Sequence[Digest]
) -> Mapping[Digest, str]:
    """What each of *digests* is called in a path: the SHA-256 where another owns its checksum."""
    known = {} if algorithm == SHA256 else tx.drops.checksums(algorithm, digests)
    return {digest: known.get(digest, digest) for digest in digests}


def _archives(files: Sequence[Stages]) -> Sequence[tuple[Digest, Stages]]:
    """Each archive once, by digest."""
    found = {one.archive.digest: one for one in files if one.archive is not None}
    return [(archive, found[archive]) for archive in sorted(found)]


def _log_line(upload: _Upload) -> LogLine:
    who = "anonymous" if upload.caller is None else escaped(upload.caller.name)
    first = escaped(upload.files[0].sent.path)
    more = f" and {len(upload.files) - 1} more" if len(upload.files) > 1 else ""
    text = f"Bucket '{first}'{more} [{who}]."
    return LogLine(at=upload.at, code="bucket_upload", text=text, counted_for=upload.owner)


def _dropped(
    stages: Stages, drop: Drop, shown: Mapping[Digest, str], labelled: Labelled
) -> Dropped:
    names = (BLOB, drop.digest), (BLOB, drop.decompressed), (EXPLODE, drop.archive)
    blob, decompressed, archive = (
        None if digest is None else sharded(kind, shown[digest]) for kind, digest in names
    )
    return Dropped(
        drop=drop,
        checksums=dict(stages.checksums),
        paths={"blob": blob, "decompressed": decompressed, "archive": archive},
        replicas=labelled.paths,
        log=(*stages.log, *labelled.log),
    )
