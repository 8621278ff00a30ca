"""All of an object as a content, read from where it lies."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from zlib_ng import zlib_ng

from filemanager.domain.blobs.blob import CHUNK_BYTES
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import Digest
from filemanager.domain.intake.scratch import MD5_BYTES
from filemanager.storage.blobs.objects import ObjectMissing, Objects
from filemanager.storage.reading import reader_of


@dataclass(frozen=True, slots=True)
class ObjectContent:
    """Holds nothing open, so that there may be any number of them."""

    objects: Objects
    key: str
    size_bytes: int
    digest: Digest
    crc32: int
    md5: str | None

    def open(self) -> BinaryIO:
        return reader_of(_ObjectSource(self))

    def head(self, length: int) -> bytes:
        return self.read(0, min(length, self.size_bytes))

    def read(self, start: int, stop: int) -> bytes:
        try:
            data = b"".join(self.objects.read(self.key, start, stop))
        except ObjectMissing as error:
            raise BlobDamaged(self.digest) from error
        if len(data) != stop - start:
            raise BlobDamaged(self.digest)
        return data


@dataclass(frozen=True, slots=True)
class _ObjectSource:
    content: ObjectContent

    @property
    def size_bytes(self) -> int:
        return self.content.size_bytes

    def read_into(self, target: memoryview, position: int) -> int:
        count = min(len(target), CHUNK_BYTES)
        target[:count] = self.content.read(position, position + count)
        return count

    def close(self) -> None:
        """Nothing is open."""


def hashed_at(objects: Objects, key: str, size_bytes: int) -> ObjectContent | None:
    """None: it went meanwhile. The MD5 is worked out of what is small enough."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    has_md5 = size_bytes <= MD5_BYTES
    crc32 = 0
    try:
        for chunk in objects.read(key, 0, size_bytes):
            sha256.update(chunk)
            crc32 = zlib_ng.crc32(chunk, crc32)
            if has_md5:
                md5.update(chunk)
    except ObjectMissing:
        return None
    digest = Digest(sha256.hexdigest())
    return ObjectContent(
        objects, key, size_bytes, digest, crc32, md5.hexdigest() if has_md5 else None
    )
