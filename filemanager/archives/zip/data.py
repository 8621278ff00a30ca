"""A zip member's data, decompressed: to the byte what its sizes say."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from filemanager.archives.faults import Fault
from filemanager.archives.streams.decoders import (
    Decoder,
    bzip2_stream,
    lzma_alone,
    pieces,
    raw_deflate,
)
from filemanager.archives.zip.directory import BZIP2, DEFLATED, LZMA, STORED, CentralHeader
from filemanager.domain.blobs.blob import CHUNK_BYTES
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.unpacking import ArchiveRefused
from filemanager.domain.workspaces.log import escaped

_DECODERS: dict[int, Callable[[bytes, Budget], Decoder]] = {
    DEFLATED: raw_deflate,
    BZIP2: bzip2_stream,
    LZMA: lzma_alone,
}
_LZMA_HEAD_BYTES = 4
_LZMA_PROPERTIES_BYTES = 5
_LZMA_HAS_END_MARK = 0x0002
_UNKNOWN_SIZE = (1 << 64) - 1


def decoded(file: BinaryIO, header: CentralHeader, offset: int, budget: Budget) -> Iterator[bytes]:
    """Raises ``ArchiveRefused`` unless the data ends where its size says and gives as many bytes
    as it says. At most a piece is given out beyond that.
    """
    written = 0
    for piece in _decompressed(file, header, offset, budget):
        written += len(piece)
        yield piece
        if written > header.size_bytes:
            break
    if written != header.size_bytes:
        raise ArchiveRefused(Fault.BAD_SIZE, f"'{escaped(header.name)}' has another size than said")


def _decompressed(
    file: BinaryIO, header: CentralHeader, offset: int, budget: Budget
) -> Iterator[bytes]:
    file.seek(offset)
    if header.method == STORED:
        yield from _chunks(file, header.packed_bytes)
        return
    packed_bytes = header.packed_bytes
    head = b""
    if header.method == LZMA:
        head = _alone_head(file.read(_LZMA_HEAD_BYTES + _LZMA_PROPERTIES_BYTES), header)
        packed_bytes -= _LZMA_HEAD_BYTES + _LZMA_PROPERTIES_BYTES
    decoder = _DECODERS[header.method](head, budget)
    yield from pieces(decoder, head)
    for chunk in _chunks(file, packed_bytes):
        if decoder.eof:
            break
        yield from pieces(decoder, chunk)
        packed_bytes -= len(chunk)
    if packed_bytes or not decoder.eof or decoder.unused_data:
        raise ArchiveRefused(
            Fault.DAMAGED, f"the data of '{escaped(header.name)}' does not end where it should"
        )


def _chunks(file: BinaryIO, count: int) -> Iterator[bytes]:
    while count > 0 and (chunk := file.read(min(count, CHUNK_BYTES))):
        yield chunk
        count -= len(chunk)


def _alone_head(head: bytes, header: CentralHeader) -> bytes:
    """The head of an ``.lzma`` file from that of a zip member: it knows where the data ends."""
    has_end_mark = header.flags & _LZMA_HAS_END_MARK
    properties = head[_LZMA_HEAD_BYTES:]
    if int.from_bytes(head[2:_LZMA_HEAD_BYTES], "little") != _LZMA_PROPERTIES_BYTES:
        raise ArchiveRefused(Fault.DAMAGED, f"the data of '{escaped(header.name)}' is no LZMA")
    size_bytes = _UNKNOWN_SIZE if has_end_mark else header.size_bytes
    return properties + size_bytes.to_bytes(8, "little")
