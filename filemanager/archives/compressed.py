"""A compressed file by itself: the bytes inside, whatever they are."""

from filemanager.archives.faults import Fault
from filemanager.archives.streams.byte_stream import chunks_of, counted
from filemanager.archives.streams.decoders import HEAD_BYTES
from filemanager.archives.streams.decompress import Decompression, compression_of
from filemanager.archives.zip.end import ends_as_zip
from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import ArchiveRefused


def decompress(content: Content, budget: Budget, scratch: Scratch) -> Content | None:
    """The bytes inside, into *scratch*; None where the content is not compressed.

    One layer only. Raises ``ArchiveRefused``, also for what would be left out, and ``OverBudget``.
    """
    compression = compression_of(content.head(HEAD_BYTES))
    if not compression:
        return None
    if ends_as_zip(content):
        raise ArchiveRefused(Fault.AMBIGUOUS, "it is a zip to some programs and not to others")
    writer = scratch.writer()
    with content.open() as file:
        decompression = Decompression(compression, chunks_of(file), budget)
        for piece in counted(decompression, budget):
            writer.write(piece)
    inside = writer.finish()
    if decompression.trailing_bytes:
        raise ArchiveRefused(Fault.TRAILING_DATA, f"data follows the end of its {compression} data")
    return inside
