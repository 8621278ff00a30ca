"""What an archive is, by its bytes alone, and the reader that takes it.

===============================================  =========================================
``PK`` in front                                  a zip
gzip, bzip2, xz, zstd or compress in front       what is inside decides: a tar or one file
a tar header with a right checksum               a tar
a zip and a tar at once, or something else that  refused (``ambiguous``)
ends in a zip's end record
``ustar`` in its place, but a wrong checksum     refused as no tar (``bad_checksum``)
anything else                                    no archive
===============================================  =========================================
"""

from collections.abc import Callable
from dataclasses import replace

from filemanager.archives.faults import Fault
from filemanager.archives.streams.byte_stream import ByteStream, chunks_of, counted
from filemanager.archives.streams.decoders import HEAD_BYTES
from filemanager.archives.streams.decompress import Decompression, compression_of
from filemanager.archives.tar.reader import TarReader
from filemanager.archives.tar.ustar import BLOCK_BYTES, MAGIC, begins_a_tar
from filemanager.archives.zip.end import begins_a_zip, ends_as_zip
from filemanager.archives.zip.reader import read_zip
from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import ArchiveForm, ArchiveRefused, Member, Unpacked

_MAGIC_AT = slice(257, 257 + len(MAGIC))


class ArchiveUnpacker:
    """The ``Unpacker`` of the service; keeps nothing between calls."""

    def unpack(self, archive: Content, budget: Budget, scratch: Scratch) -> Unpacked | None:
        head = archive.head(HEAD_BYTES)
        is_tar = begins_a_tar(head)
        if begins_a_zip(head):
            _refuse_both(is_both=is_tar)
            return read_zip(archive, budget, scratch)
        compression = compression_of(head)
        is_archive = bool(compression) or _is_tar(head, is_right=is_tar)
        _refuse_both(is_both=ends_as_zip(archive))
        if not is_archive:
            return None
        return _unpack_stream(archive, compression, budget, scratch)


def _refuse_both(*, is_both: bool) -> None:
    if is_both:
        raise ArchiveRefused(Fault.AMBIGUOUS, "it is a zip to some programs and not to others")


def _is_tar(head: bytes, *, is_right: bool) -> bool:
    if not is_right and head[_MAGIC_AT] == MAGIC:
        detail = "its first header has a wrong checksum"
        raise ArchiveRefused(Fault.BAD_CHECKSUM, detail, is_recognised=False)
    return is_right


def _unpack_stream(
    archive: Content, compression: str, budget: Budget, scratch: Scratch
) -> Unpacked:
    with archive.open() as file:
        if not compression:
            return _unpack_tar(ByteStream(counted(chunks_of(file), budget)), budget, scratch)
        inside = Decompression(compression, chunks_of(file), budget)
        stream = ByteStream(counted(inside, budget))
        head = stream.peek(BLOCK_BYTES)
        if _is_tar(head, is_right=begins_a_tar(head)):
            unpacked = _unpack_tar(stream, budget, scratch, lambda: inside.has_checksum)
        else:
            unpacked = _single(stream, budget, scratch)
    # What ends as a zip is one to readers that look at the end, with padding as without.
    _refuse_both(is_both=inside.trailing_bytes > 0 and ends_as_zip(archive, is_padded=True))
    return replace(unpacked, compression=compression, trailing_bytes=inside.trailing_bytes)


def _unpack_tar(
    stream: ByteStream,
    budget: Budget,
    scratch: Scratch,
    is_verified: Callable[[], bool] = lambda: False,
) -> Unpacked:
    reader = TarReader(stream, budget, scratch)
    reader.read(is_verified)
    return Unpacked(
        form=ArchiveForm.TAR,
        compression="",
        members=tuple(reader.members),
        refused=tuple(reader.refused),
    )


def _single(stream: ByteStream, budget: Budget, scratch: Scratch) -> Unpacked:
    budget.take_entry()
    writer = scratch.writer()
    while data := stream.take_some():
        writer.write(data)
    content = writer.finish()
    return Unpacked(form=ArchiveForm.SINGLE, compression="", members=(Member("", content),))
