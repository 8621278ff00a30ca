"""The bytes of uploads, read from where they wait."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.blobs.blob import LARGE_BLOB_BYTES, Content
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import BlobDamaged, DigestMismatch
from filemanager.domain.ports import Database
from filemanager.domain.uploads.upload import Segment, Upload, UploadId, UploadIncomplete, name_of
from filemanager.services.intake import Spool


@dataclass(frozen=True, slots=True)
class WaitingBytes:
    """Segments of uploads; ``whole`` are the contents of those that are one large object, which
    stay where they are until they are put.
    """

    blobs: BlobStore
    segments: Mapping[UploadId, Sequence[Segment]]
    whole: Mapping[UploadId, Content]

    @property
    def spooled_bytes(self) -> int:
        """What ``content`` will write to scratch."""
        return sum(
            segment.size_bytes
            for upload_id, segments in self.segments.items()
            for segment in segments
            if upload_id not in self.whole
        )

    def content(self, spool: Spool, upload: Upload) -> Content:
        """The bytes of *upload*, read once and hashed by us.

        Raises ``DigestMismatch``, ``UploadIncomplete`` and ``BlobDamaged``.
        """
        content = self.whole.get(upload.id)
        if content is None:
            segments = self.segments[upload.id]
            content = spool.receive_chunks(chunk for one in segments for chunk in self._read(one))
        ensure_is(upload, content)
        return content

    def _read(self, segment: Segment) -> Iterator[bytes]:
        """Bytes that the store has lost are no fault of who sent them: nothing is judged by what is
        left.
        """
        missing_bytes = segment.size_bytes
        for chunk in self.blobs.read_object(segment.key, segment.size_bytes) or ():
            missing_bytes -= len(chunk)
            yield chunk
        if missing_bytes:
            raise BlobDamaged(segment.key)


def waiting(database: Database, blobs: BlobStore, uploads: Sequence[Upload]) -> WaitingBytes:
    with database.read() as tx:
        segments = {
            upload.id: [
                one
                for source in upload.parts or (upload.id,)
                for one in tx.uploads.segments(source)
            ]
            for upload in uploads
        }
    lying = {upload_id: _whole(blobs, found) for upload_id, found in segments.items()}
    whole = {upload_id: content for upload_id, content in lying.items() if content is not None}
    return WaitingBytes(blobs, segments, whole)


def ensure_is(upload: Upload, content: Content) -> None:
    """Raise ``DigestMismatch`` or ``UploadIncomplete`` unless it is what was announced."""
    if upload.digest is not None and content.digest != upload.digest:
        raise DigestMismatch("sha-256")
    if content.size_bytes != upload.size_bytes:
        raise UploadIncomplete([name_of(upload)])


def _whole(blobs: BlobStore, segments: Sequence[Segment]) -> Content | None:
    if len(segments) != 1 or segments[0].size_bytes < LARGE_BLOB_BYTES:
        return None
    return blobs.content_at(segments[0].key, segments[0].size_bytes)
