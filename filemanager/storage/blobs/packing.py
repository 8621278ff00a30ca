"""The blob store: contents in, slices of packs and objects out, over any keeper of objects."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, chain

from zlib_ng import zlib_ng

from filemanager.domain.blobs.blob import (
    LARGE_BLOB_BYTES,
    PACK_BYTES,
    RAW_OBJECT_BYTES,
    SMALL,
    Content,
    Encoding,
    KeptAs,
    Put,
    StoredBlob,
    StoredObject,
    is_small,
)
from filemanager.domain.blobs.store import Growing
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import Digest, random_id
from filemanager.storage.blobs.encoding import (
    StoredForm,
    decoded_chunks,
    is_kept_as_it_is,
    stored_form,
)
from filemanager.storage.blobs.object_content import ObjectContent, hashed_at
from filemanager.storage.blobs.objects import OBJECTS, PACKS, ObjectMissing, Objects
from filemanager.storage.blobs.stored_content import StoredContent
from filemanager.storage.blobs.verifying import exactly, last_held_back, verified, window
from filemanager.storage.unnamed import InOwnFile

_ALONE_BYTES = {KeptAs.COMPACT: LARGE_BLOB_BYTES, KeptAs.RAW: RAW_OBJECT_BYTES}
"""From this size on a blob is an object of its own."""

_SMALL_AT_MOST = 4
"""What is so many times as large as a small pack before it is compressed is not tried."""


class PackingBlobStore:
    """Keeps the small blobs of one ``put`` together, and a large blob as an object of its own.

    A pack is rolled by the sizes before compression: a small blob never grows when it is stored,
    so no pack exceeds *pack_bytes*, and how much goes into one is known before anything is read.
    One that takes up to *small_bytes* is handed out, to lie in a row.
    """

    def __init__(
        self,
        objects: Objects,
        pack_bytes: int = PACK_BYTES,
        small_bytes: int = 0,
        new_name: Callable[[], str] = random_id,
    ) -> None:
        self._objects = objects
        self._pack_bytes = pack_bytes
        self._small_bytes = small_bytes
        self._new_name = new_name

    def put(self, contents: Iterable[Content], keep: KeptAs = KeptAs.COMPACT) -> Put:
        distinct = {content.digest: content for content in contents}
        written: dict[Digest, StoredBlob] = {}
        objects, small_packs = [], []
        for prefix, group in _groups(distinct.values(), self._pack_bytes, _ALONE_BYTES[keep]):
            blobs, small_pack = self._put(f"{prefix}/{self._new_name()}", group, keep)
            written.update((blob.digest, blob) for blob in blobs)
            objects.append((blobs[0].object_key, sum(blob.stored_bytes for blob in blobs)))
            if small_pack is not None:
                small_packs.append((blobs[0].object_key, small_pack))
        blobs_in_order = (written.get(one.digest) or _empty(one) for one in distinct.values())
        return Put(
            blobs=tuple(blobs_in_order), objects=tuple(objects), small_packs=tuple(small_packs)
        )

    def read(self, blob: StoredBlob, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        start, stop = _clamped(start, stop, blob.size_bytes)
        if start == stop:
            return iter(())
        if (start, stop) == (0, blob.size_bytes):
            return last_held_back(self._whole(blob))
        if blob.encoding is Encoding.RAW:
            return self._slice(blob, start, stop)
        decoded = decoded_chunks(self._slice(blob, 0, blob.stored_bytes), blob.digest)
        return exactly(window(decoded, start, stop), stop - start, blob.digest)

    def read_stored(self, blob: StoredBlob, start: int, stop: int) -> Iterator[bytes]:
        start, stop = _clamped(start, stop, blob.stored_bytes)
        if start == stop:
            return iter(())
        stored = self._slice(blob, start, stop)
        if stop - start == blob.stored_bytes:
            return last_held_back(verified(stored, blob))
        return stored

    def read_run(self, key: str, start: int, stop: int) -> bytes:
        try:
            return b"".join(self._objects.read(key, start, stop))
        except ObjectMissing:
            return b""

    def content(self, blob: StoredBlob) -> Content:
        return StoredContent(blob, self.read)

    def copy(self, blobs: Iterable[StoredBlob]) -> Put:
        old = list(blobs)
        key = f"{PACKS}/{self._new_name()}"
        self._objects.write(key, chain.from_iterable(self._stored(blob) for blob in old))
        offsets = accumulate((blob.stored_bytes for blob in old), initial=0)
        moved = tuple(
            replace(blob, object_key=key, offset=offset)
            for blob, offset in zip(old, offsets, strict=False)
        )
        return Put(blobs=moved, objects=((key, sum(blob.stored_bytes for blob in old)),))

    def read_object(self, key: str, stop: int | None = None) -> Iterator[bytes] | None:
        size_bytes = self._objects.size(key)
        if size_bytes is None:
            return None
        stop = size_bytes if stop is None else min(stop, size_bytes)
        return self._objects.read(key, 0, stop) if stop else iter(())

    def write_object(self, key: str, chunks: Iterable[bytes]) -> None:
        self._objects.write(key, chunks)

    def content_at(self, key: str, size_bytes: int) -> Content | None:
        is_file = self._objects.files is not None and not is_small(key)
        if not is_file or not size_bytes or self._objects.size(key) != size_bytes:
            return None
        return hashed_at(self._objects, key, size_bytes)

    def grow(self, key: str, size_bytes: int = 0) -> Growing | None:
        files = self._objects.files
        if files is None or is_small(key):
            return None
        return files.resume(key, size_bytes) if size_bytes else files.begin(key)

    def may_be_small(self, size_bytes: int) -> bool:
        return size_bytes <= self._small_bytes

    def objects(self) -> Iterator[StoredObject]:
        return self._objects.listing()

    def object_size(self, key: str) -> int | None:
        return self._objects.size(key)

    def delete(self, key: str) -> None:
        self._objects.delete(key)

    def check(self) -> None:
        self._objects.check()

    def _stored(self, blob: StoredBlob) -> Iterator[bytes]:
        return self.read_stored(blob, 0, blob.stored_bytes)

    def _put(
        self, key: str, contents: Sequence[Content], keep: KeptAs
    ) -> tuple[list[StoredBlob], bytes | None]:
        """The slices, and the bytes of a small pack, which are not written."""
        if self._is_adopted(key, contents, keep):
            return [_as_it_is(key, contents[0])], None
        blobs: list[StoredBlob] = []
        forms = ((content, stored_form(content, keep)) for content in contents)
        if not key.startswith(f"{PACKS}/") or not self._may_become_small(contents):
            self._objects.write(key, _laid_out(key, forms, blobs))
            return blobs, None
        small = f"{SMALL}/{key.partition('/')[2]}"
        data = b"".join(_laid_out(small, forms, blobs))
        if self.may_be_small(len(data)):
            return blobs, data
        self._objects.write(key, [data])
        return [replace(blob, object_key=key) for blob in blobs], None

    def _may_become_small(self, contents: Sequence[Content]) -> bool:
        raw_bytes = sum(content.size_bytes for content in contents)
        return raw_bytes <= _SMALL_AT_MOST * self._small_bytes

    def _is_adopted(self, key: str, contents: Sequence[Content], keep: KeptAs) -> bool:
        """Whether the file or the object of a lone content has become the object as it is."""
        content = contents[0]
        if len(contents) > 1 or not isinstance(content, InOwnFile | ObjectContent):
            return False
        if not is_kept_as_it_is(content, keep):
            return False
        if isinstance(content, ObjectContent):
            files = self._objects.files
            return files is not None and files.link(content.key, key)
        descriptor = content.sealed()
        return descriptor is not None and self._objects.adopt(key, descriptor)

    def _whole(self, blob: StoredBlob) -> Iterator[bytes]:
        stored = verified(self._slice(blob, 0, blob.stored_bytes), blob)
        if blob.encoding is Encoding.RAW:
            return stored
        return exactly(decoded_chunks(stored, blob.digest), blob.size_bytes, blob.digest)

    def _slice(self, blob: StoredBlob, start: int, stop: int) -> Iterator[bytes]:
        chunks = self._objects.read(blob.object_key, blob.offset + start, blob.offset + stop)
        try:
            yield from exactly(chunks, stop - start, blob.digest)
        except ObjectMissing as error:
            raise BlobDamaged(blob.digest) from error


def _clamped(start: int, stop: int | None, size_bytes: int) -> tuple[int, int]:
    stop = size_bytes if stop is None else min(stop, size_bytes)
    return min(start, stop), stop


def _empty(content: Content) -> StoredBlob:
    md5 = hashlib.md5(usedforsecurity=False).hexdigest()
    return replace(_as_it_is("", content), md5=md5)


def _as_it_is(key: str, content: Content) -> StoredBlob:
    """A blob that is all of an object."""
    return StoredBlob(
        digest=content.digest,
        size_bytes=content.size_bytes,
        crc32=content.crc32,
        encoding=Encoding.RAW,
        encoder="",
        object_key=key,
        offset=0,
        stored_bytes=content.size_bytes,
        stored_crc32=content.crc32,
        md5=content.md5,
    )


def _groups(
    contents: Iterable[Content], pack_bytes: int, alone_bytes: int
) -> Iterator[tuple[str, list[Content]]]:
    """What shares an object, with the prefix of its key; nothing for empty contents."""
    pack: list[Content] = []
    filled_bytes = 0
    for content in contents:
        if content.size_bytes >= alone_bytes:
            yield OBJECTS, [content]
            continue
        if pack and filled_bytes + content.size_bytes > pack_bytes:
            yield PACKS, pack
            pack, filled_bytes = [], 0
        if content.size_bytes:
            pack.append(content)
            filled_bytes += content.size_bytes
    if pack:
        yield PACKS, pack


def _laid_out(
    key: str, forms: Iterable[tuple[Content, StoredForm]], blobs: list[StoredBlob]
) -> Iterator[bytes]:
    """The bytes of an object with contents in it; adds each to *blobs* once it is given out."""
    offset = 0
    for content, form in forms:
        stored_bytes = stored_crc32 = 0
        for chunk in form.chunks:
            stored_crc32 = zlib_ng.crc32(chunk, stored_crc32)
            stored_bytes += len(chunk)
            yield chunk
        blobs.append(
            StoredBlob(
                digest=content.digest,
                size_bytes=content.size_bytes,
                crc32=content.crc32,
                encoding=form.encoding,
                encoder=form.encoder,
                object_key=key,
                offset=offset,
                stored_bytes=stored_bytes,
                stored_crc32=stored_crc32,
                md5=content.md5,
            )
        )
        offset += stored_bytes
