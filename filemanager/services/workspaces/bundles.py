"""What a bundle brings to a workspace: its files, with the bytes that came or were known."""

from collections.abc import Sequence
from dataclasses import dataclass

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller
from filemanager.domain.ports import Database
from filemanager.domain.trees.tree import locate
from filemanager.domain.uploads.bundle import BundledFile, BundleRefused
from filemanager.domain.uploads.upload import UploadIncomplete
from filemanager.sanitize.inspection import Sent
from filemanager.services.intake import Intake, Spool
from filemanager.services.uploads.known import readable_blobs
from filemanager.services.uploads.targets import Arrived


@dataclass(frozen=True, slots=True)
class Bundles:
    database: Database
    blobs: BlobStore
    intake: Intake

    def files(
        self, caller: Caller, arrived: Arrived, spool: Spool, *, unpack: bool | None
    ) -> Sequence[Sent]:
        """The files of a bundle that has arrived, each as if it had been sent alone.

        Whether *caller* may read what is known is asked now. Raises ``BundleRefused``,
        ``OverBudget``, and ``UploadIncomplete`` naming those whose bytes have to be sent after all.
        """
        bundled = self.intake.bundled(spool, arrived.content)
        unsent = [one for one in bundled if one.content is None]
        with self.database.read() as tx:
            known = readable_blobs(tx, caller, {one.digest for one in unsent})
        if missing := [one.path for one in unsent if one.digest not in known]:
            raise UploadIncomplete(missing)
        return [
            Sent(
                *locate(one.path),
                one.content or self.blobs.content(_same(one, known[one.digest])),
                unpack=unpack,
            )
            for one in bundled
        ]


def _same(file: BundledFile, blob: StoredBlob) -> StoredBlob:
    if file.size_bytes != blob.size_bytes:
        raise BundleRefused(file.path, "the bytes of its SHA-256 have another size")
    return blob
