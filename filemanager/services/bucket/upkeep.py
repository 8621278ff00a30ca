"""What is done for the bucket in the background: retention, other checksums."""

from collections.abc import Mapping, Sequence

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import BlobsGone
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.services.bucket.keeping import export_task
from filemanager.services.bucket.reading import take_out
from filemanager.services.bucket.stages import checksum_of
from filemanager.services.bucket.terms import Terms
from filemanager.services.jobs import Running
from filemanager.services.paging import pages, until_nothing

_BATCH = 100


class BucketUpkeep:
    def __init__(self, database: Database, blobs: BlobStore, terms: Terms, clock: Clock) -> None:
        self._database = database
        self._blobs = blobs
        self._terms = terms
        self._clock = clock

    def expire(self) -> int:
        """Take out drops whose time is over; returns how many."""
        return until_nothing(self._database, self._expire)

    def work_out_checksums(self, running: Running) -> None:
        """The handler of the task that ``Terms.also`` asks for: reads each new file once.

        What is known already is left, so it may be stopped and begun again at any point.
        """
        for algorithm in self._terms.also:
            running.report(0, f"working out {algorithm}")
            self._work_out(algorithm)
        self._database.write(running.settle)

    def _expire(self, tx: Transaction) -> int:
        at = self._clock()
        taken = take_out(tx, tx.drops.expired(at, _BATCH))
        if taken and self._terms.is_exported:
            tx.outbox.add(export_task(), at)
        return len(taken)

    def _work_out(self, algorithm: str) -> None:
        def unknown(tx: Transaction, last: StoredBlob | None) -> Sequence[StoredBlob]:
            after = last.digest if last else None
            digests = tx.drops.without_checksum(algorithm, after, _BATCH)
            found = tx.blobs.find(digests)
            return [found[digest] for digest in digests]

        for page in pages(self._database, unknown):
            values = {
                blob.digest: checksum_of(self._blobs.content(blob), algorithm) for blob in page
            }
            self._note(algorithm, values)

    def _note(self, algorithm: str, values: Mapping[Digest, str]) -> None:
        def work(tx: Transaction) -> None:
            tx.blobs.want(values.keys(), self._clock())
            tx.drops.note_checksums(algorithm, values)

        try:
            self._database.write(work)
        except BlobsGone as gone:
            self._note(algorithm, {d: v for d, v in values.items() if d not in gone.digests})
