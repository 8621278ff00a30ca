"""How a blob's bytes are stored: compressed once where that is worth it, raw otherwise.

Unless all is to be kept raw, the bytes alone decide, so that every node stores the same bytes
alike. The compressed form is a gzip file (RFC 1952) whose deflate stream ends in a sync flush
before its last, empty block: what lies between header and end can be followed by any other deflate
block.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from isal import isal_zlib
from zlib_ng import zlib_ng

from filemanager.domain.blobs.blob import CHUNK_BYTES, LARGE_BLOB_BYTES, Content, Encoding, KeptAs
from filemanager.domain.blobs.gzip_member import GZIP_HEADER, gzip_end
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import Digest

TRIAL_BYTES = 64 << 10
"""How much of the head is compressed on trial."""

WORTHWHILE_SHARE = 0.9
"""Compressed bytes above this share of the raw ones are not worth the time of every reader."""

_SMALL_LEVEL = 3
_LARGE_LEVEL = 1
_RAW_DEFLATE = -15


@dataclass(frozen=True, slots=True)
class StoredForm:
    """How a content is stored; ``chunks`` can be read once, and checks the content on the way."""

    encoding: Encoding
    encoder: str
    chunks: Iterable[bytes]


def stored_form(content: Content, keep: KeptAs) -> StoredForm:
    """Decide how to store *content*. A blob below ``LARGE_BLOB_BYTES`` never grows by it.

    Reading ``chunks`` raises ``BlobDamaged`` where the bytes are not what *content* says.
    """
    if is_kept_as_it_is(content, keep):
        return _raw(checked_chunks(content))
    if content.size_bytes < LARGE_BLOB_BYTES:
        return _small_form(content)
    chunks = _gzip_chunks(checked_chunks(content), content, _LARGE_LEVEL)
    return StoredForm(Encoding.GZIP, f"isal-{_LARGE_LEVEL}", chunks)


def is_kept_as_it_is(content: Content, keep: KeptAs) -> bool:
    """Whether *content* is stored raw, as its head tells; of a small one only all of it does."""
    if keep is KeptAs.RAW:
        return True
    is_large = content.size_bytes >= LARGE_BLOB_BYTES
    return is_large and not _is_worthwhile(content.head(TRIAL_BYTES), _LARGE_LEVEL)


def checked_chunks(content: Content) -> Iterator[bytes]:
    """A content's bytes; raises ``BlobDamaged`` at the end where they were the wrong ones."""
    crc32 = size_bytes = 0
    with content.open() as reader:
        while chunk := reader.read(CHUNK_BYTES):
            crc32 = zlib_ng.crc32(chunk, crc32)
            size_bytes += len(chunk)
            yield chunk
    if (crc32, size_bytes) != (content.crc32, content.size_bytes):
        raise BlobDamaged(content.digest)


def decoded_chunks(stored: Iterable[bytes], digest: Digest) -> Iterator[bytes]:
    """Decode the stored form of a gzip blob, at most ``CHUNK_BYTES`` at a time.

    Raises ``BlobDamaged`` where *stored* is no gzip file, or ends early.
    """
    decoder = isal_zlib.decompressobj(wbits=31)
    for chunk in stored:
        pending, full = chunk, True
        while (pending or full) and not decoder.eof:
            decoded = _decode(decoder, pending, digest)
            if decoded:
                yield decoded
            pending, full = decoder.unconsumed_tail, len(decoded) == CHUNK_BYTES
    if not decoder.eof:
        raise BlobDamaged(digest)


def _decode(decoder: isal_zlib.Decompress, pending: bytes, digest: Digest) -> bytes:
    try:
        return decoder.decompress(pending, CHUNK_BYTES)
    except isal_zlib.IsalError as error:  # type: ignore[misc]  # the stub gives an instance
        raise BlobDamaged(digest) from error


def _small_form(content: Content) -> StoredForm:
    chunks = list(checked_chunks(content))
    if content.size_bytes > TRIAL_BYTES and not _is_worthwhile(
        chunks[0][:TRIAL_BYTES], _SMALL_LEVEL
    ):
        return _raw(chunks)
    stored = list(_gzip_chunks(chunks, content, _SMALL_LEVEL))
    if sum(map(len, stored)) > content.size_bytes * WORTHWHILE_SHARE:
        return _raw(chunks)
    return StoredForm(Encoding.GZIP, f"isal-{_SMALL_LEVEL}", stored)


def _raw(chunks: Iterable[bytes]) -> StoredForm:
    return StoredForm(Encoding.RAW, "", chunks)


def _is_worthwhile(head: bytes, level: int) -> bool:
    compressor = isal_zlib.compressobj(level, wbits=_RAW_DEFLATE)
    compressed = compressor.compress(head) + compressor.flush()
    return len(compressed) <= len(head) * WORTHWHILE_SHARE


def _gzip_chunks(chunks: Iterable[bytes], content: Content, level: int) -> Iterator[bytes]:
    yield GZIP_HEADER
    compressor = isal_zlib.compressobj(level, wbits=_RAW_DEFLATE)
    for chunk in chunks:
        if compressed := compressor.compress(chunk):
            yield compressed
    yield compressor.flush(isal_zlib.Z_SYNC_FLUSH)
    yield gzip_end(content.crc32, content.size_bytes)
