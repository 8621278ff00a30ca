"""A whole index, put together from its pages: plain, and as one gzip member."""

import hashlib
import lzma
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zlib_ng import zlib_ng

from filemanager.domain.blobs.chunks import joined, part_of
from filemanager.domain.blobs.gzip_member import GZIP_FRAME_BYTES, GZIP_HEADER, gzip_end
from filemanager.domain.repositories.published import IndexPage, Sums

_RAW_DEFLATE = -15
_XZ_PRESET = 6
"""As distributions pack theirs; the encoder takes 94 MiB."""


@dataclass(frozen=True, slots=True)
class Index:
    """*pages* in the order of their keys.

    Both forms follow from the pages alone; a range is inflated only where its pages are touched,
    and comes in chunks of 256 KiB or more but for the first and the last.
    """

    pages: Sequence[IndexPage]

    @property
    def plain_bytes(self) -> int:
        return sum(page.size_bytes for page in self.pages)

    @property
    def gzip_bytes(self) -> int:
        return len(GZIP_HEADER) + sum(len(page.body) for page in self.pages) + GZIP_FRAME_BYTES

    def plain(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Bytes ``[start, stop)``; None: to the end."""
        return joined(self._plain(start, self.plain_bytes if stop is None else stop))

    def gzip(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Bytes ``[start, stop)``; None: to the end."""
        last = self.gzip_bytes if stop is None else stop
        return joined(part_of(self._gzip(), start, last))

    def sums(self) -> tuple[Sums, Sums]:
        """Of the plain form, and of the gzip form."""
        return sums_of(self._plain(0, self.plain_bytes)), sums_of(self._gzip())

    def xz(self) -> Iterator[bytes]:
        """The plain form compressed anew, whole."""
        compressor = lzma.LZMACompressor(preset=_XZ_PRESET)
        for page in self.pages:
            if compressed := compressor.compress(_text(page)):
                yield compressed
        yield compressor.flush()

    def _plain(self, start: int, stop: int) -> Iterator[bytes]:
        position = 0
        for page in self.pages:
            first, last = max(0, start - position), min(page.size_bytes, stop - position)
            if first < last:
                yield _text(page)[first:last]
            position += page.size_bytes

    def _gzip(self) -> Iterator[bytes]:
        yield GZIP_HEADER
        crc = size = 0
        for page in self.pages:
            yield page.body
            crc = zlib_ng.crc32_combine(crc, page.crc32, page.size_bytes)
            size += page.size_bytes
        yield gzip_end(crc, size)


def sums_of(chunks: Iterable[bytes]) -> Sums:
    md5 = hashlib.md5(usedforsecurity=False)
    sha1 = hashlib.sha1(usedforsecurity=False)
    sha256 = hashlib.sha256()
    size = 0
    for chunk in chunks:
        size += len(chunk)
        for digest in (md5, sha1, sha256):
            digest.update(chunk)
    return Sums(size, md5.hexdigest(), sha1.hexdigest(), sha256.hexdigest())


def _text(page: IndexPage) -> bytes:
    return zlib_ng.decompressobj(wbits=_RAW_DEFLATE).decompress(page.body)
