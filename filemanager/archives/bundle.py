"""A bundle: a tar of regular files with paths as the tree has them, taken whole or not at all.

=============================================  ================================================
what the strict reader refuses, whole or not   the bundle is refused, and the member named
directories, links, devices, sparse files      refused
a path that is not as a tree has it            refused: nothing is repaired but ``./`` and ``//``
the same path twice                            refused
a file without ``FILEMANAGER.sha256`` in a     refused
pax header before it, or of another digest
``FILEMANAGER.size``                           known bytes of that size: none may come; of 0,
                                               all have come
compressed, or no file at all                  refused
=============================================  ================================================
"""

import re
from collections.abc import Iterator, Sequence

from filemanager.archives.streams.byte_stream import ByteStream, chunks_of, counted
from filemanager.archives.tar.reader import TarReader
from filemanager.domain.blobs.blob import Content
from filemanager.domain.ids import Digest
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import ArchiveRefused, Member
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import locate
from filemanager.domain.uploads.bundle import BundledFile, BundleRefused

_SHA256 = re.compile(rb"[0-9a-f]{64}")
_SIZE = re.compile(rb"0|[1-9][0-9]{0,17}")


def read_bundle(bundle: Content, budget: Budget, scratch: Scratch) -> Sequence[BundledFile]:
    """Its files in their order, those whose bytes came in *scratch*.

    Raises ``BundleRefused`` and ``OverBudget``.
    """
    with bundle.open() as file:
        reader = TarReader(ByteStream(counted(chunks_of(file), budget)), budget, scratch)
        try:
            reader.read(lambda: False)
        except ArchiveRefused as refused:
            why = f"in it or behind it, {refused.detail}" if reader.name else refused.detail
            raise BundleRefused(reader.name, why) from refused
    for member in reader.refused:
        raise BundleRefused(member.path, f"it is no plain file of a tree ({member.refusal})")
    if reader.has_root:
        raise BundleRefused("./", "it is a directory")
    files = list(_files(reader.members))
    if not files:
        raise BundleRefused("", "it holds no file")
    return files


def _files(members: Sequence[Member]) -> Iterator[BundledFile]:
    seen: set[str] = set()
    for member in members:
        path = _path_of(member)
        if path in seen:
            raise BundleRefused(path, "it is there twice")
        seen.add(path)
        yield _file(path, member)


def _path_of(member: Member) -> str:
    """Raises ``BundleRefused`` unless it is written as the tree has it."""
    said = member.sent_as or member.path
    try:
        path = public_path(*locate(said))
    except PathRefused as refused:
        raise BundleRefused(said, refused.why) from refused
    if path != said or member.changes:
        raise BundleRefused(said, f"its path is written '{path}' in a tree")
    return path


def _file(path: str, member: Member) -> BundledFile:
    content, announced = member.content, member.announced
    if content is None:
        raise BundleRefused(path, "it is a directory")
    if announced is None or announced.sha256 is None:
        raise BundleRefused(path, "it is no plain file that FILEMANAGER.sha256 is said of")
    if not _SHA256.fullmatch(announced.sha256):
        raise BundleRefused(path, "FILEMANAGER.sha256 is no SHA-256 in lower-case hex")
    digest = Digest(announced.sha256.decode())
    if announced.size is not None and (known := _known_size(path, content, announced.size)):
        return BundledFile(path, digest, known, None)
    # Of a file of no bytes all have come, whatever was announced.
    if content.digest != digest:
        raise BundleRefused(path, "its bytes have not the SHA-256 that is said of them")
    return BundledFile(path, digest, content.size_bytes, content)


def _known_size(path: str, content: Content, size: bytes) -> int:
    if content.size_bytes:
        raise BundleRefused(path, "bytes came for it, though FILEMANAGER.size says none would")
    if not _SIZE.fullmatch(size):
        raise BundleRefused(path, "FILEMANAGER.size is no number of bytes")
    return int(size)
