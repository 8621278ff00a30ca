"""The data behind a tar header: whole blocks, the last one filled with zeros."""

from typing import Final

from filemanager.archives.faults import Fault
from filemanager.archives.streams.byte_stream import ByteStream
from filemanager.archives.tar.sparse import SparseMap
from filemanager.archives.tar.ustar import BLOCK_BYTES
from filemanager.domain.blobs.blob import CHUNK_BYTES, Content
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch, ScratchWriter
from filemanager.domain.intake.unpacking import ArchiveRefused

ZEROS: Final = bytes(BLOCK_BYTES)
_HOLE: Final = bytes(CHUNK_BYTES)

_AT_ONCE_BYTES = 1 << 18
"""A member up to this size is read at once; larger ones go through in pieces."""


class TarData:
    """Takes data from *stream*; every method raises ``ArchiveRefused`` where it ends too early."""

    def __init__(self, stream: ByteStream, budget: Budget, scratch: Scratch) -> None:
        self._stream = stream
        self._budget = budget
        self._scratch = scratch

    def at_once(self, size_bytes: int) -> bytes:
        wanted = -size_bytes % BLOCK_BYTES
        data = self._stream.take(size_bytes + wanted)
        if len(data) < size_bytes + wanted:
            raise _truncated()
        _check_padding(data[size_bytes:])
        return data[:size_bytes]

    def content(self, size_bytes: int) -> Content:
        if size_bytes <= _AT_ONCE_BYTES:
            return self._scratch.write(self.at_once(size_bytes))
        writer = self._scratch.writer()
        self._copy(size_bytes, writer)
        self._skip_padding(size_bytes)
        return writer.finish()

    def sparse(self, pieces: SparseMap) -> Content:
        """Raises ``OverBudget`` and ``ScratchFull`` before a hole is written."""
        self._budget.take_hole(pieces.hole_bytes)
        self._scratch.reserve(pieces.size_bytes)
        writer = self._scratch.writer()
        at = 0
        for offset, length in pieces.pieces:
            self._fill(offset - at, writer)
            self._copy(length, writer)
            at = offset + length
        self._skip_padding(pieces.stored_bytes)
        return writer.finish()

    def skip(self, size_bytes: int) -> None:
        for _ in self._stream.pieces(size_bytes):
            pass
        self._skip_padding(size_bytes)

    def _copy(self, size_bytes: int, writer: ScratchWriter) -> None:
        for piece in self._stream.pieces(size_bytes):
            writer.write(piece)

    def _fill(self, size_bytes: int, writer: ScratchWriter) -> None:
        while size_bytes:
            self._budget.take_bytes(0)  # it looks at the clock
            size_bytes -= writer.write(memoryview(_HOLE)[:size_bytes])

    def _skip_padding(self, size_bytes: int) -> None:
        wanted = -size_bytes % BLOCK_BYTES
        padding = self._stream.take(wanted)
        if len(padding) < wanted:
            raise _truncated()
        _check_padding(padding)


def _check_padding(padding: bytes) -> None:
    if padding != ZEROS[: len(padding)]:
        raise ArchiveRefused(Fault.HIDDEN_DATA, "data stands between two members")


def _truncated() -> ArchiveRefused:
    return ArchiveRefused(Fault.TRUNCATED, "it ends in the middle of a file")
