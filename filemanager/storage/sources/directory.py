"""The files of a directory as the objects of a source."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from filemanager.domain.blobs.blob import CHUNK_BYTES
from filemanager.domain.errors import Malformed
from filemanager.domain.sources.errors import (
    SourceObjectChanged,
    SourceObjectGone,
    SourceUnavailable,
)
from filemanager.domain.sources.objects import (
    ObjectPage,
    ObjectQuery,
    PinnedObject,
    SignedMethod,
    SignedWish,
    SourceObject,
)
from filemanager.domain.sources.source import DirectoryPlace, Probe
from filemanager.storage.sources.folders import NotThere, folder, plain_file, segments_of
from filemanager.storage.sources.walking import Walk

_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


class DirectorySourceObjects:
    """A version says when a file was written, how long it is and which it is; there is no other
    than the one that lies there.
    """

    signs = False

    def __init__(self, name: str, place: DirectoryPlace) -> None:
        self._name = name
        self._root = PurePosixPath(place.path).parts[1:]

    def page(self, query: ObjectQuery) -> ObjectPage:
        if query.delimiter not in ("", "/"):
            raise Malformed("In a directory the delimiter is '/', or there is none.")
        with self._faults():
            found = Walk(self._root, query).page()
        objects = [_object(key, facts) for key, facts in found.files]
        return ObjectPage(objects=objects, prefixes=found.prefixes, next=found.next)

    def find(self, key: str) -> SourceObject:
        return self.ensure_there(PinnedObject(key=key))

    def ensure_there(self, pinned: PinnedObject) -> SourceObject:
        with self._file(pinned) as descriptor:
            return _object(pinned.key, os.fstat(descriptor))

    def read(self, pinned: PinnedObject, start: int, stop: int) -> Iterator[bytes]:
        with self._file(pinned) as descriptor:
            before = _version(os.fstat(descriptor))
            while start < stop:
                chunk = os.pread(descriptor, min(CHUNK_BYTES, stop - start), start)
                # Looked at again: what was written meanwhile is of no version at all.
                if _version(os.fstat(descriptor)) != before:
                    raise SourceObjectChanged(pinned.key)
                if not chunk:
                    raise SourceUnavailable(self._name)
                start += len(chunk)
                yield chunk

    def sign(
        self, pinned: PinnedObject, method: SignedMethod, wish: SignedWish, lifetime: timedelta
    ) -> str:
        """Nobody asks: it does not sign."""
        raise NotImplementedError

    def probe(self) -> Probe:
        with self._faults(), folder(self._root):
            return Probe(versioning=False, conditional_get=True, signed_head=False, cors=False)

    @contextmanager
    def _file(self, pinned: PinnedObject) -> Iterator[int]:
        with self._faults(pinned.key):
            path = (*self._root, *segments_of(pinned.key))
            with plain_file(path) as descriptor:
                found = _object(pinned.key, os.fstat(descriptor))
                if pinned.version not in (None, found.version):
                    raise SourceObjectChanged(pinned.key)
                if pinned.etag not in (None, found.etag):
                    raise SourceObjectChanged(pinned.key)
                yield descriptor

    @contextmanager
    def _faults(self, key: str | None = None) -> Iterator[None]:
        """*key* None: what is asked for is the directory itself."""
        try:
            yield
        except NotThere as error:
            if key is None:
                raise SourceUnavailable(self._name) from error
            raise SourceObjectGone(key) from error
        except OSError as error:
            raise SourceUnavailable(self._name) from error


def _version(found: os.stat_result) -> str:
    return f"{found.st_mtime_ns}-{found.st_size}-{found.st_ino}"


def _object(key: str, found: os.stat_result) -> SourceObject:
    version = _version(found)
    return SourceObject(
        key=key,
        size_bytes=found.st_size,
        etag=version,
        version=version,
        # A file system may hold times that no calendar has.
        modified_at=datetime.fromtimestamp(min(max(found.st_mtime, 0), _LATEST), UTC),
    )
