"""Blobs: whether what a row says of one fits together."""

from collections.abc import Iterator

from filemanager.domain.blobs.blob import Encoding, StoredBlob
from filemanager.domain.ids import digest_of
from filemanager.services.upkeep.watching import Problem

_EMPTY = digest_of(b"")


def blob_problems(blob: StoredBlob) -> Iterator[Problem]:
    for detail in _faults(blob):
        yield Problem("blob_row", blob.digest, detail)


def _faults(blob: StoredBlob) -> Iterator[str]:
    if (blob.size_bytes == 0) != (blob.digest == _EMPTY):
        yield f"{blob.size_bytes} bytes cannot have this digest"
    if blob.size_bytes and not blob.object_key:
        yield "it lies in no object"
    if not blob.size_bytes and (blob.object_key or blob.stored_bytes):
        yield "it is empty, and lies in an object"
    if blob.encoding is Encoding.RAW and (blob.stored_bytes, blob.stored_crc32) != (
        blob.size_bytes,
        blob.crc32,
    ):
        yield "it is stored raw, and its size or crc32 is another than as stored"
    if (blob.encoding is Encoding.RAW) != (blob.encoder == ""):
        yield f"encoding {blob.encoding} does not go with the encoder '{blob.encoder}'"
