"""What names a content: the checksum over 256 buckets (decision 0018), and the form before it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from filemanager.domain.ids import Checksum, Digest, checksum_from

BUCKETS = 256

Names = Iterable[tuple[str, Digest]]
"""Public paths and digests, in any order."""

_DIGEST_BYTES = 32
_CHECKSUM_BYTES = 16


class ChecksumForm(IntEnum):
    """How a checksum was made. Equal contents have equal checksums of one form."""

    LINES = 1
    BUCKETS = 2


def bucket_of(public_path: str) -> int:
    return hashlib.sha256(public_path.encode()).digest()[0]


def bucket_digest(names: Names) -> bytes:
    """The SHA-256 of ``<sha256>  <public path>`` lines in byte order of the paths."""
    return hashlib.sha256(_listing(names)).digest()


_EMPTY_BUCKET = hashlib.sha256().digest()


@dataclass(frozen=True, slots=True)
class Buckets:
    """A content by the digests of its buckets, one behind the other: 8,192 bytes."""

    digests: bytes

    @classmethod
    def of(cls, names: Names) -> Self:
        buckets = defaultdict[int, list[tuple[str, Digest]]](list)
        for path, digest in names:
            buckets[bucket_of(path)].append((path, digest))
        return cls(_EMPTY_BUCKET * BUCKETS).renewed(buckets)

    def renewed(self, buckets: Mapping[int, Names]) -> Self:
        """With these made anew, each of all the names that it has."""
        digests = list(self._each())
        for number, names in buckets.items():
            digests[number] = bucket_digest(names)
        return type(self)(b"".join(digests))

    @property
    def checksum(self) -> Checksum:
        return checksum_from(hashlib.sha256(self.digests).digest()[:_CHECKSUM_BYTES])

    def _each(self) -> Iterator[bytes]:
        for start in range(0, len(self.digests), _DIGEST_BYTES):
            yield self.digests[start : start + _DIGEST_BYTES]


def checksum_of(names: Names, form: ChecksumForm) -> Checksum:
    """Name a content in a form that a row says."""
    if form is ChecksumForm.BUCKETS:
        return Buckets.of(names).checksum
    return checksum_from(hashlib.md5(_listing(names), usedforsecurity=False).digest())


def _listing(names: Names) -> bytes:
    lines = sorted((path.encode(), digest.encode()) for path, digest in names)
    return b"".join(b"%b  %b\n" % (digest, path) for path, digest in lines)
