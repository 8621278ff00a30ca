"""``content.zip``, put together from stored blobs and never recompressed."""

from collections.abc import Iterable, Iterator
from itertools import chain, count
from typing import NamedTuple

from zlib_ng.zlib_ng import crc32

from filemanager.archives.out.pieces import (
    DeflatedBody,
    Made,
    Piece,
    RawBody,
    ReadStored,
    assembled,
)
from filemanager.archives.out.records import (
    DEFLATED,
    STORED,
    Member,
    directory_end,
    directory_header,
    local_header,
)
from filemanager.domain.blobs.blob import Encoding, StoredBlob
from filemanager.domain.blobs.gzip_member import END
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.listing import PackedEntry

MANIFEST_NAME = "manifest-sha256.txt"
"""The last member: ``<sha256>  <path>`` for each file, as ``sha256sum --check`` reads it.

Another name is taken where the workspace holds this one.
"""

_MANIFEST_STEM = "manifest-sha256"


def zip_bytes(entries: Iterable[PackedEntry]) -> int:
    """The length of the archive of *entries*; nothing is read."""
    return sum(piece.length for piece in _pieces(entries))


def zip_stream(
    entries: Iterable[PackedEntry], read: ReadStored, start: int = 0, stop: int | None = None
) -> Iterator[bytes]:
    """Bytes ``[start, stop)`` of the archive of *entries*, in chunks of about 1 MiB at most.

    Members have their public paths, and the entries are asked for as the archive gets to them.
    The manifest and the directory are held in memory: about 200 bytes for each entry. Equal
    stored blobs make equal bytes. Whatever *read* raises goes through.
    """
    return assembled(_pieces(entries), read, start, stop)


def _pieces(entries: Iterable[PackedEntry]) -> Iterator[Piece]:
    layout = _Layout()
    for entry in entries:
        yield from layout.add_entry(entry)
    yield from layout.close()


class _Layout:
    """Lays members one behind another, and remembers what the end of the archive tells of them."""

    def __init__(self) -> None:
        self._offset = 0
        self._count = 0
        self._directory = bytearray()
        self._manifest = bytearray()
        self._tops_like_manifest: set[str] = set()

    def add_entry(self, entry: PackedEntry) -> Iterator[Piece]:
        path = public_path(entry.area, entry.path)
        self._manifest += f"{entry.blob.digest}  {path}\n".encode()
        top = path.partition("/")[0].casefold()
        if top.startswith(_MANIFEST_STEM):
            self._tops_like_manifest.add(top)
        yield self._header(path, entry.blob.crc32, entry.blob.size_bytes, _packed(entry.blob))
        yield from _body(entry.blob)

    def close(self) -> Iterator[Piece]:
        manifest = Made(bytes(self._manifest))
        sizes = _Packed(STORED, manifest.length)
        yield self._header(self._manifest_name(), crc32(manifest.made), manifest.length, sizes)
        yield manifest
        yield Made(bytes(self._directory))
        yield Made(directory_end(self._count, len(self._directory), self._offset))

    def _header(self, path: str, crc: int, size: int, packed: "_Packed") -> Piece:
        member = Member(
            name=path.encode(),
            method=packed.method,
            crc32=crc,
            size_bytes=size,
            packed_bytes=packed.length,
            offset=self._offset,
        )
        header = Made(local_header(member))
        self._offset += header.length + packed.length
        self._count += 1
        self._directory += directory_header(member)
        return header

    def _manifest_name(self) -> str:
        """A name that no file and no directory of the archive has, in any case of letters."""
        numbered = (f"{_MANIFEST_STEM}-{number}.txt" for number in count(2))
        names = chain([MANIFEST_NAME], numbered)
        return next(name for name in names if name not in self._tops_like_manifest)


class _Packed(NamedTuple):
    method: int
    length: int


def _packed(blob: StoredBlob) -> _Packed:
    if blob.encoding is Encoding.GZIP and blob.size_bytes:
        return _Packed(DEFLATED, DeflatedBody(blob).length + len(END))
    return _Packed(STORED, blob.size_bytes)


def _body(blob: StoredBlob) -> Iterator[Piece]:
    if not blob.size_bytes:
        return  # an empty blob has no stored bytes
    if blob.encoding is Encoding.GZIP:
        yield from (DeflatedBody(blob), Made(END))
    else:
        yield RawBody(blob)
