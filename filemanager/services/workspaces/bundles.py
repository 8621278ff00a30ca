"""What a bundle brings to a workspace: its files, with the bytes that came or were known."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from filemanager.archives.out.read_ahead import ReadAhead
from filemanager.domain.blobs.blob import Content, Encoding, StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Database
from filemanager.domain.trees.listing import PackedEntry
from filemanager.domain.trees.tree import locate
from filemanager.domain.uploads.bundle import BundledFile, BundleRefused
from filemanager.domain.uploads.upload import UploadIncomplete
from filemanager.sanitize.inspection import Sent
from filemanager.services.intake import Intake, Spool
from filemanager.services.uploads.known import readable_blobs
from filemanager.services.uploads.targets import Arrived

_SMALL_BYTES = 16 << 10
"""Up to this size known bytes are read with their neighbours, and once for all checks."""

_GZIP = 16 + zlib.MAX_WBITS


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
        known = self._known(caller, [one for one in bundled if one.content is None], spool)
        return [
            Sent(*locate(one.path), one.content or known[one.digest], unpack=unpack)
            for one in bundled
        ]

    def _known(
        self, caller: Caller, unsent: Sequence[BundledFile], spool: Spool
    ) -> Mapping[Digest, Content]:
        with self.database.read() as tx:
            found = readable_blobs(tx, caller, {one.digest for one in unsent})
        if missing := [one.path for one in unsent if one.digest not in found]:
            raise UploadIncomplete(missing)
        entries = {one.digest: _entry(one, found[one.digest]) for one in unsent}
        contents = {digest: self.blobs.content(blob) for digest, blob in found.items()}
        return {**contents, **self._small(list(entries.values()), spool)}

    def _small(self, entries: Sequence[PackedEntry], spool: Spool) -> Mapping[Digest, Content]:
        """Many by one request, as far as they lie together."""
        ahead = ReadAhead(self.blobs.read_stored, self.blobs.read_run)
        small = [one for one in entries if 0 < one.blob.size_bytes <= _SMALL_BYTES]
        small.sort(key=lambda one: (one.blob.object_key, one.blob.offset))
        contents: dict[Digest, Content] = {}
        for entry in ahead.watch(small):
            blob = entry.blob
            stored = b"".join(ahead.read(blob, 0, blob.stored_bytes))
            contents[blob.digest] = spool.scratch.write(_decoded(stored, blob))
            if contents[blob.digest].digest != blob.digest:
                raise BlobDamaged(blob.digest)
        return contents


def _entry(file: BundledFile, blob: StoredBlob) -> PackedEntry:
    if file.size_bytes != blob.size_bytes:
        raise BundleRefused(file.path, "the bytes of its SHA-256 have another size")
    return PackedEntry(*locate(file.path), blob)


def _decoded(stored: bytes, blob: StoredBlob) -> bytes:
    if blob.encoding is not Encoding.GZIP:
        return stored
    return zlib.decompressobj(_GZIP).decompress(stored, blob.size_bytes)
