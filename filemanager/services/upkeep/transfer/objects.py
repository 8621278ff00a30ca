"""Copying objects from one store to another, and reading every blob back from the copy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.uploads.upload import Segment
from filemanager.services.upkeep.integrity import is_whole
from filemanager.services.upkeep.watching import Problem, Watcher


@dataclass(frozen=True, slots=True)
class Brought:
    blobs: int
    damaged: int


@dataclass(frozen=True, slots=True)
class ObjectTransfer:
    """Byte for byte and under the same keys: rows that say where blobs lie stay true."""

    from_blobs: BlobStore
    to_blobs: BlobStore
    watcher: Watcher

    def bring(self, blobs: Iterable[StoredBlob]) -> Brought:
        """Bring the objects of *blobs*, which come object by object.

        A blob that does not have its SHA-256 in the copy is told as a problem, and the rest is
        brought nevertheless.
        """
        count = damaged = 0
        is_new = self._is_new()
        for key, group in groupby(blobs, lambda blob: blob.object_key):
            lying = list(group)
            wrong = self._bring(key, lying, is_new=is_new)
            for blob in wrong:
                detail = "its bytes do not have this SHA-256 in the copy, or are missing"
                self.watcher.problem(Problem("blob_damaged", blob.digest, detail))
            count += len(lying)
            damaged += len(wrong)
            self.watcher.advance(1)
        return Brought(count, damaged)

    def bring_segments(self, segments: Iterable[Segment]) -> int:
        """Bring the bytes of uploads on their way; returns how many segments are incomplete.

        Nobody knows their digests before an upload is received, so that their sizes are compared.
        Those of an upload that was received or given up since are missing, and told.
        """
        missing = 0
        is_new = self._is_new()
        for segment in segments:
            if not self._bring_segment(segment, is_new=is_new):
                detail = f"bytes of the upload {segment.upload_id} from {segment.start} on"
                self.watcher.problem(Problem("segment_missing", segment.key, detail))
                missing += 1
        return missing

    def _is_new(self) -> bool:
        """A new store need not be asked for objects, and a new directory would not answer."""
        return next(iter(self.to_blobs.objects()), None) is None

    def _bring_segment(self, segment: Segment, *, is_new: bool) -> bool:
        if not is_new and self.to_blobs.object_size(segment.key) == segment.size_bytes:
            return True
        chunks = self.from_blobs.read_object(segment.key, segment.size_bytes)
        if chunks is None:
            return False
        if not is_new:
            self.to_blobs.delete(segment.key)
        self.to_blobs.write_object(segment.key, chunks)
        return self.to_blobs.object_size(segment.key) == segment.size_bytes

    def _bring(
        self, key: str, lying: Sequence[StoredBlob], *, is_new: bool
    ) -> Sequence[StoredBlob]:
        """Leave an object that is there and right: by an earlier try, or in a store kept on.

        Returns the blobs that are wrong in the copy.
        """
        if not key:
            return self._wrong(lying)
        if not is_new and self.to_blobs.object_size(key) is not None and not self._wrong(lying):
            return ()
        chunks = self.from_blobs.read_object(key)
        if chunks is None:
            return lying
        if not is_new:
            # Half a copy may be there, and stores do not write over it.
            self.to_blobs.delete(key)
        self.to_blobs.write_object(key, chunks)
        return self._wrong(lying)

    def _wrong(self, lying: Sequence[StoredBlob]) -> Sequence[StoredBlob]:
        return [blob for blob in lying if not is_whole(self.to_blobs, blob)]
