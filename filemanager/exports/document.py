"""A document of an export: parts that stand as they are, and parts written for each item."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from filemanager.domain.blobs.chunks import joined
from filemanager.domain.ids import Digest
from filemanager.exports.listing import Edition, Items, ListedItem

WrittenItem = Callable[[ListedItem], bytes]


@dataclass(frozen=True, slots=True)
class Deferred:
    """What can be told only when the parts before it were written."""

    make: Callable[[], bytes]


DocumentPart = bytes | WrittenItem | Deferred

TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """Equal editions and items make equal bytes.

    ``parts`` are for one writing: one that is written for each item may remember the last.
    """

    name: str
    media_type: str
    parts: Callable[[Edition], Sequence[DocumentPart]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What an archive and a list of digests tell of a document before its first byte."""

    size_bytes: int
    sha256: Digest
    crc32: int


def written(document: ExportDocument, edition: Edition, items: Items) -> Iterator[bytes]:
    """The document in chunks of about 256 KiB, but for the first and the last."""
    return joined(_lines(document.parts(edition), items))


def measured(
    documents: Sequence[ExportDocument], edition: Edition, items: Items
) -> Sequence[Measured]:
    """Of each document; the items are asked for as often as one document alone needs them."""
    running = [_Running(document.parts(edition)) for document in documents]
    while writers := [(one, line) for one in running if (line := one.next_written())]:
        for item in items():
            for one, line in writers:
                one.add(line(item))
    return [one.measured() for one in running]


def _lines(parts: Sequence[DocumentPart], items: Items) -> Iterator[bytes]:
    for part in parts:
        if isinstance(part, bytes):
            yield part
        elif isinstance(part, Deferred):
            yield part.make()
        else:
            yield from map(part, items())


class _Running:
    def __init__(self, parts: Sequence[DocumentPart]) -> None:
        self._parts = iter(parts)
        self._size_bytes = 0
        self._sha256 = hashlib.sha256()
        self._crc32 = 0

    def next_written(self) -> WrittenItem | None:
        """What comes next for each item, when what stands before it was added; None: no more."""
        for part in self._parts:
            if isinstance(part, bytes):
                self.add(part)
            elif isinstance(part, Deferred):
                self.add(part.make())
            else:
                return part
        return None

    def add(self, line: bytes) -> None:
        self._size_bytes += len(line)
        self._sha256.update(line)
        self._crc32 = crc32(line, self._crc32)

    def measured(self) -> Measured:
        return Measured(self._size_bytes, Digest(self._sha256.hexdigest()), self._crc32)
