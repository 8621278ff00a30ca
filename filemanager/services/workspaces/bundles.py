"""What a bundle brings to a workspace: its files, with the bytes that came or were known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.blobs.blob import Content, StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Database
from filemanager.domain.trees.tree import locate
from filemanager.domain.uploads.bundle import BundledFile, BundleRefused
from filemanager.domain.uploads.upload import UploadIncomplete
from filemanager.sanitize.inspection import Sent
from filemanager.services.intake import Intake, Spool
from filemanager.services.neighbours import contents_in_turn
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
        known = self._known(caller, [one for one in bundled if one.content is None])
        return [
            Sent(*locate(one.path), one.content or known[one.digest], unpack=unpack)
            for one in bundled
        ]

    def _known(self, caller: Caller, unsent: Sequence[BundledFile]) -> Mapping[Digest, Content]:
        with self.database.read() as tx:
            found = readable_blobs(tx, caller, {one.digest for one in unsent})
        if missing := [one.path for one in unsent if one.digest not in found]:
            raise UploadIncomplete(missing)
        for one in unsent:
            _ensure_same_size(one, found[one.digest])
        return contents_in_turn(self.blobs, (found[one.digest] for one in unsent))


def _ensure_same_size(file: BundledFile, blob: StoredBlob) -> None:
    if file.size_bytes != blob.size_bytes:
        raise BundleRefused(file.path, "the bytes of its SHA-256 have another size")
