"""Facts about blobs that are found when first asked for and then kept: MD5 and media type.

A list asks for what the first bytes tell alone: gigabytes are not read for it.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Database
from filemanager.services.neighbours import read_small
from filemanager.services.remembering import remember

HEAD_BYTES = 64 << 10
"""How much of a file the media type is guessed from."""

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``md5`` None: the blob is large, and nobody has asked for it yet."""

    md5: str | None
    media_type: str


class FactService:
    """``guess`` tells a media type from the first bytes of a file."""

    def __init__(self, database: Database, blobs: BlobStore, guess: Callable[[bytes], str]) -> None:
        self._database = database
        self._blobs = blobs
        self._guess = guess
        self._media_types: dict[Digest, str] = {}

    def of(self, digests: Sequence[Digest]) -> Mapping[Digest, Facts]:
        """Known facts in two questions; of a blob whose media type is unknown the first bytes are
        read once, small ones with their neighbours.
        """
        with self._database.read() as tx:
            stored = tx.blobs.find(digests)
            types = {
                digest: row["media_type"]
                for digest, row in tx.blobs.facts(digests).items()
                if "media_type" in row
            }
        new = self._guessed([blob for digest, blob in stored.items() if digest not in types])
        if new:
            rows = {digest: {"media_type": media} for digest, media in new.items()}
            remember(self._database, lambda tx: tx.blobs.save_facts(rows))
        types |= new
        return {
            digest: Facts(md5=blob.md5, media_type=types[digest]) for digest, blob in stored.items()
        }

    def md5(self, digest: Digest) -> str:
        """In hex: known since the upload, or else worked out now and kept."""
        with self._database.glance() as tx:
            blob = tx.blobs.find([digest])[digest]
        if blob.md5 is not None:
            return blob.md5
        found = self._read_md5(blob)
        remember(self._database, lambda tx: tx.blobs.save_md5s({digest: found}))
        return found

    def media_type(self, digest: Digest) -> str:
        """From the first bytes alone: a download does not wait for a digest of the whole.

        It is asked for once in each process, since the bytes never change.
        """
        known = self._media_types.get(digest)
        if known is None:
            known = self._media_type(digest)
            if len(self._media_types) >= _REMEMBERED:
                self._media_types.clear()
            self._media_types[digest] = known
        return known

    def guessed(self, head: bytes) -> str:
        """The media type of what begins so, and is not kept here."""
        return self._guess(head)

    def _media_type(self, digest: Digest) -> str:
        with self._database.read() as tx:
            row = tx.blobs.facts([digest]).get(digest, {})
            if "media_type" in row:
                return row["media_type"]
            blob = tx.blobs.find([digest])[digest]
        guessed = self._guess(self._head(blob))
        remember(self._database, lambda tx: tx.blobs.save_facts({digest: {"media_type": guessed}}))
        return guessed

    def _guessed(self, unknown: Sequence[StoredBlob]) -> Mapping[Digest, str]:
        found = {
            blob.digest: self._guess(data[:HEAD_BYTES])
            for blob, data in read_small(self._blobs, unknown)
        }
        others = [blob for blob in unknown if blob.digest not in found]
        return {**found, **{blob.digest: self._guess(self._head(blob)) for blob in others}}

    def _head(self, blob: StoredBlob) -> bytes:
        return b"".join(self._blobs.read(blob, 0, min(HEAD_BYTES, blob.size_bytes)))

    def _read_md5(self, blob: StoredBlob) -> str:
        md5 = hashlib.md5(usedforsecurity=False)
        for chunk in self._blobs.read(blob):
            md5.update(chunk)
        return md5.hexdigest()
