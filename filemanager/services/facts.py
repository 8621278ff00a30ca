"""Facts about blobs that are found when first asked for and then kept: MD5 and media type."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.blobs import StoredBlob
from filemanager.domain.ids import Digest, parse_digest
from filemanager.domain.ports import BlobStore, Database

HEAD_BYTES = 64 << 10
"""How much of a file the media type is guessed from."""


@dataclass(frozen=True, slots=True)
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
        """Known facts in one question; unknown ones are found by reading each blob once."""
        with self._database.read() as tx:
            known = tx.blobs.facts(digests)
            unknown = tx.blobs.find([digest for digest in digests if digest not in known])
        found = {digest: self._find(blob) for digest, blob in unknown.items()}
        if found:
            rows = {d: {"md5": f.md5, "media_type": f.media_type} for d, f in found.items()}
            self._database.write(lambda tx: tx.blobs.save_facts(rows))
        stored = {d: Facts(row["md5"], row["media_type"]) for d, row in known.items()}
        return {**stored, **found}

    def media_type(self, digest: str) -> str:
        return self.of([parse_digest(digest)])[parse_digest(digest)].media_type

    def _find(self, blob: StoredBlob) -> Facts:
        md5 = hashlib.md5(usedforsecurity=False)
        head = b""
        for chunk in self._blobs.read(blob):
            md5.update(chunk)
            if len(head) < HEAD_BYTES:
                head += chunk[: HEAD_BYTES - len(head)]
        return Facts(md5.hexdigest(), self._guess(head))
