"""Facts about blobs that are found when first asked for and then kept: MD5 and media type."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Database
from filemanager.services.remembering import remember

HEAD_BYTES = 64 << 10
"""How much of a file the media type is guessed from."""


_NAMES = frozenset({"md5", "media_type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    md5: str
    media_type: str


class FactService:
    """``guess`` tells a media type from the first bytes of a file."""

    def __init__(self, database: Database, blobs: BlobStore, guess: Callable[[bytes], str]) -> None:
        self._database = database
        self._blobs = blobs
        self._guess = guess

    def of(self, digests: Sequence[Digest]) -> Mapping[Digest, Facts]:
        """Known facts in one question; for an unknown MD5 each blob is read once."""
        with self._database.read() as tx:
            known = tx.blobs.facts(digests)
            whole = {
                digest: Facts(md5=row["md5"], media_type=row["media_type"])
                for digest, row in known.items()
                if set(row) >= _NAMES
            }
            unknown = tx.blobs.find([digest for digest in digests if digest not in whole])
        found = {digest: self._find(blob) for digest, blob in unknown.items()}
        self._save({d: {"md5": f.md5, "media_type": f.media_type} for d, f in found.items()})
        return {**whole, **found}

    def md5(self, digest: Digest) -> str:
        """In hex; known for good once a blob was read whole for it."""
        with self._database.read() as tx:
            row = tx.blobs.facts([digest]).get(digest, {})
            if "md5" in row:
                return row["md5"]
            blob = tx.blobs.find([digest])[digest]
        found = self._find(blob)
        self._save({digest: {"md5": found.md5, "media_type": found.media_type}})
        return found.md5

    def media_type(self, digest: Digest) -> str:
        """From the first bytes alone: a download does not wait for a digest of the whole."""
        with self._database.read() as tx:
            row = tx.blobs.facts([digest]).get(digest, {})
            if "media_type" in row:
                return row["media_type"]
            blob = tx.blobs.find([digest])[digest]
        head = b"".join(self._blobs.read(blob, 0, min(HEAD_BYTES, blob.size_bytes)))
        guessed = self._guess(head)
        self._save({digest: {"media_type": guessed}})
        return guessed

    def _save(self, rows: Mapping[Digest, Mapping[str, str]]) -> None:
        if rows:
            remember(self._database, lambda tx: tx.blobs.save_facts(rows))

    def _find(self, blob: StoredBlob) -> Facts:
        md5 = hashlib.md5(usedforsecurity=False)
        head = b""
        for chunk in self._blobs.read(blob):
            md5.update(chunk)
            if len(head) < HEAD_BYTES:
                head += chunk[: HEAD_BYTES - len(head)]
        return Facts(md5=md5.hexdigest(), media_type=self._guess(head))
