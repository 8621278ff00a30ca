"""The members of a bag's archive, and what is known of them before they are written."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from zlib import crc32

from filemanager.domain.ids import digest_of
from filemanager.domain.packages.pointer import pointer_file
from filemanager.domain.trees.tree import MAX_SEGMENT_BYTES
from filemanager.exports.bag.names import (
    PAYLOAD,
    PENDING_NAME,
    POINTER_SUFFIX,
    POINTERS,
    in_lists,
    pointer_name,
)
from filemanager.exports.bag.tags import TAG_FILES, is_embedded
from filemanager.exports.document import (
    TEXT,
    DocumentPart,
    ExportDocument,
    Measured,
    measured,
    written,
)
from filemanager.exports.listing import Edition, Items, ListedItem
from filemanager.exports.naming import stem_of
from filemanager.exports.ordering import with_suffix


@dataclass(frozen=True, slots=True)
class MadeContent:
    """``chunks`` gives them from the beginning each time."""

    size_bytes: int
    crc32: int
    chunks: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class BagMember:
    """``content`` is an item where its bytes are those of a blob of ours."""

    path: str
    content: MadeContent | ListedItem


@dataclass(frozen=True, slots=True)
class PlannedBag:
    """An edition's bag: what each tag file measures. Little to keep, much work to find out."""

    edition: Edition
    tags: Sequence[tuple[ExportDocument, Measured]]


def planned(edition: Edition, items: Items) -> PlannedBag:
    """The items are asked for three times, whatever their number."""
    tags = list(zip(TAG_FILES, measured(TAG_FILES, edition, items), strict=True))
    manifest = _tag_manifest(tags)
    (size,) = measured([manifest], edition, items)
    return PlannedBag(edition, [*tags, (manifest, size)])


def members_of(bag: PlannedBag, items: Items) -> Iterator[BagMember]:
    """In the byte order of their paths, all below one directory."""
    made = {tag.name: _made(bag.edition, items, tag, size) for tag, size in bag.tags}
    groups = {PAYLOAD: partial(_payload, items), POINTERS: partial(_pointers, items, made)}
    tops = [name for name in made if name != PENDING_NAME]
    root = stem_of(bag.edition)
    for name in sorted([*tops, *groups], key=str.encode):
        group = groups[name]() if name in groups else iter([BagMember(name, made[name])])
        for member in group:
            yield BagMember(f"{root}/{member.path}", member.content)


def _made(edition: Edition, items: Items, tag: ExportDocument, size: Measured) -> MadeContent:
    return MadeContent(size.size_bytes, size.crc32, lambda: written(tag, edition, items))


def _payload(items: Items) -> Iterator[BagMember]:
    for item in items():
        if is_embedded(item):
            yield BagMember(PAYLOAD + item.path, item)


def _pointers(items: Items, made: dict[str, MadeContent]) -> Iterator[BagMember]:
    pending = [BagMember(PENDING_NAME, made[PENDING_NAME])]
    pointers = (
        BagMember(pointer_name(item.path), _at_hand(pointer))
        for item in with_suffix(items(), POINTER_SUFFIX)
        if (pointer := _pointer(item))
    )
    return heapq.merge(pending, pointers, key=lambda member: member.path.encode())


def _at_hand(made: bytes) -> MadeContent:
    return MadeContent(len(made), crc32(made), lambda: iter([made]))


def _pointer(item: ListedItem) -> bytes | None:
    """None: there is none, or no file system takes its name; then the item has its lines alone."""
    name = item.path.rpartition("/")[2]
    if item.sha256 is None or len(f"{name}{POINTER_SUFFIX}".encode()) > MAX_SEGMENT_BYTES:
        return None
    return pointer_file(item.sha256, item.size_bytes)


def _tag_manifest(tags: Sequence[tuple[ExportDocument, Measured]]) -> ExportDocument:
    ordered = sorted(tags, key=lambda one: one[0].name.encode())
    head = "".join(f"{size.sha256}  {tag.name}\n" for tag, size in ordered).encode()

    def line(item: ListedItem) -> bytes:
        if (pointer := _pointer(item)) is None:
            return b""
        return f"{digest_of(pointer)}  {in_lists(pointer_name(item.path))}\n".encode()

    def parts(_edition: Edition) -> Sequence[DocumentPart]:
        return (head, line)

    return ExportDocument("tagmanifest-sha256.txt", TEXT, parts)
