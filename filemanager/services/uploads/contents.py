"""The bytes of uploads, read from where they wait."""

from collections.abc import Iterator
from dataclasses import dataclass

from filemanager.domain.blobs.blob import Content
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import DigestMismatch
from filemanager.domain.ports import Database
from filemanager.domain.uploads.upload import Upload, UploadIncomplete, name_of
from filemanager.services.intake import Spool


@dataclass(frozen=True, slots=True)
class UploadContents:
    database: Database
    blobs: BlobStore

    def spooled(self, spool: Spool, upload: Upload) -> Content:
        """The bytes of the upload's segments, or of its parts', read once and hashed by us.

        Raises ``DigestMismatch`` and ``UploadIncomplete``.
        """
        with self.database.read() as tx:
            sources = upload.parts or (upload.id,)
            segments = [one for source in sources for one in tx.uploads.segments(source)]
        content = spool.receive_chunks(
            chunk for segment in segments for chunk in self._read(segment.key)
        )
        if upload.digest is not None and content.digest != upload.digest:
            raise DigestMismatch("sha-256")
        if content.size_bytes != upload.size_bytes:
            raise UploadIncomplete([name_of(upload)])
        return content

    def _read(self, key: str) -> Iterator[bytes]:
        chunks = self.blobs.read_object(key)
        return iter(()) if chunks is None else chunks
