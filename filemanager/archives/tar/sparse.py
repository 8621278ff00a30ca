"""The maps of old GNU sparse files: read only to find where the next member begins."""

from filemanager.archives.faults import Fault
from filemanager.archives.streams.byte_stream import ByteStream
from filemanager.archives.tar.ustar import BLOCK_BYTES, Header, number
from filemanager.domain.intake.unpacking import ArchiveRefused

_CHUNK_BYTES = 24
_IN_HEADER = slice(386, 482)
_MORE_IN_HEADER = 482
_IN_BLOCK = slice(0, 504)
_MORE_IN_BLOCK = 504


def check_sparse_map(header: Header, stream: ByteStream) -> None:
    """Read the blocks of the map that follow *header*; raise ``ArchiveRefused`` unless the lengths
    in it add up to the stored size.
    """
    total = _stored_bytes(header.block[_IN_HEADER])
    has_more = header.block[_MORE_IN_HEADER]
    while has_more:
        block = stream.take(BLOCK_BYTES)
        if len(block) < BLOCK_BYTES:
            raise ArchiveRefused(Fault.TRUNCATED, "it ends in the map of a sparse file")
        total += _stored_bytes(block[_IN_BLOCK])
        has_more = block[_MORE_IN_BLOCK]
    if total != header.size_bytes:
        raise ArchiveRefused(Fault.CONTRADICTION, "the map of a sparse file does not add up")


def _stored_bytes(field: bytes) -> int:
    chunks = (field[at : at + _CHUNK_BYTES] for at in range(0, len(field), _CHUNK_BYTES))
    return sum(number(chunk[12:]) for chunk in chunks if any(chunk))
