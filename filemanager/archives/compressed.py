"""A compressed file by itself: the bytes inside, whatever they are."""

from filemanager.archives.faults import Fault
from filemanager.archives.streams.byte_stream import chunks_of, counted
from filemanager.archives.streams.decompress import compression_of, decompressed
from filemanager.archives.zip.end import ends_as_zip
from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import ArchiveRefused

_HEAD_BYTES = 8


def decompress(content: Content, budget: Budget, scratch: Scratch) -> Content | None:
    """The bytes inside, into *scratch*; None where the content is not compressed.

    One layer only. Raises ``ArchiveRefused`` and ``OverBudget``.
    """
    compression = compression_of(content.head(_HEAD_BYTES))
    if not compression:
        return None
    if ends_as_zip(content):
        raise ArchiveRefused(Fault.AMBIGUOUS, "it is a zip to some programs and not to others")
    writer = scratch.writer()
    with content.open() as file:
        for piece in counted(decompressed(compression, chunks_of(file)), budget):
            writer.write(piece)
    return writer.finish()
