"""Named objects as files below one directory, and forms that this service takes itself."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from filemanager.domain.blobs.named_objects import (
    NamedObject,
    NamedObjectMissing,
    Original,
    PostedBytesRefused,
    PostForm,
    PostTerms,
    Written,
    without_query,
)
from filemanager.domain.ids import random_id
from filemanager.domain.ports import Clock
from filemanager.storage.disk_faults import disk_faults
from filemanager.storage.named.capabilities import Capabilities
from filemanager.storage.named.file import About, described, ranged, write

_SECRET_FILE = "secret"  # noqa: S105  # a name, not a secret
_ARRIVING = "arriving"
_ABANDONED = timedelta(days=1)


class DirectoryNamedObjects:
    """Each object is a file called by the SHA-256 of its key: keys may be longer than names are,
    and ``a`` may lie beside ``a/b``.

    It is written aside and renamed, so that readers see one version whole. *place* is the path at
    which the service takes forms and gives out objects.
    """

    shows_public = True
    refuses_other_bytes = True

    def __init__(
        self, directory: Path, bucket: str, place: str, clock: Clock, secret: bytes | None = None
    ) -> None:
        self.bucket = bucket
        self._directory = directory
        self._place = place
        self._clock = clock
        self._capabilities = Capabilities(directory / _SECRET_FILE, secret)

    def put(
        self,
        key: str,
        chunks: Iterable[bytes],
        media_type: str,
        *,
        is_public: bool = False,
        cache_control: str | None = None,
    ) -> Written:
        del is_public  # The service itself gives it out, to whom the registry says.
        made = self._replaced(About(key, media_type, cache_control), chunks, None)
        return Written(size_bytes=made.size_bytes, etag=made.etag)

    def copy_from(
        self,
        key: str,
        original: Original,
        media_type: str,
        *,
        is_public: bool = False,
        cache_control: str | None = None,
    ) -> Written:
        chunks = original.store.read(original.blob)
        return self.put(key, chunks, media_type, is_public=is_public, cache_control=cache_control)

    def take(self, terms: PostTerms, chunks: Iterable[bytes]) -> NamedObject:
        bounded = _bounded(chunks, terms.size_bytes)
        return self._replaced(About(terms.key, terms.media_type), bounded, terms)

    def head(self, key: str) -> NamedObject | None:
        with disk_faults():
            try:
                with self._path(key).open("rb") as file:
                    return described(file)
            except FileNotFoundError:
                return None

    def read(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        with disk_faults():
            try:
                file = self._path(key).open("rb")
            except FileNotFoundError as error:
                raise NamedObjectMissing from error
            with file:
                yield from ranged(file, start, stop)

    def delete(self, key: str) -> None:
        with disk_faults():
            self._path(key).unlink(missing_ok=True)

    def listing(self, prefix: str) -> Iterator[NamedObject]:
        with disk_faults():
            found = [one for one in self._all() if one.key.startswith(prefix)]
        return iter(sorted(found, key=lambda one: one.key))

    def form(self, terms: PostTerms, lifetime: timedelta) -> PostForm:
        with disk_faults():
            fields = self._capabilities.form_fields(terms, self._clock() + lifetime)
        return PostForm(self._place, fields)

    def signed_url(self, key: str, lifetime: timedelta) -> str:
        with disk_faults():
            query = self._capabilities.query(key, self._clock() + lifetime)
        return f"{self._place}/{quote(key)}?{urlencode(query)}"

    def plain_url(self, key: str) -> str:
        return f"{self._place}/{quote(key)}"

    def key_of(self, url: str) -> str | None:
        before = f"{self._place}/"
        return unquote(without_query(url).removeprefix(before)) if url.startswith(before) else None

    def url_prefixes(self) -> tuple[str, ...]:
        return (f"{self._place}/",)

    def terms_of(self, fields: Mapping[str, str]) -> PostTerms:
        with disk_faults():
            return self._capabilities.terms_of(fields, self._clock())

    def ensure_signed(self, key: str, query: Mapping[str, str]) -> None:
        with disk_faults():
            self._capabilities.ensure_signed(key, query, self._clock())

    def _path(self, key: str) -> Path:
        name = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return self._directory / name[:2] / name

    def _replaced(
        self, about: About, chunks: Iterable[bytes], terms: PostTerms | None
    ) -> NamedObject:
        with disk_faults():
            arriving = self._directory / _ARRIVING / random_id()
            arriving.parent.mkdir(mode=0o700, exist_ok=True)
            self._forget_abandoned(arriving.parent)
            try:
                written = write(arriving, about, chunks)
                _ensure_meets(written, terms)
                self._move(arriving, self._path(about.key))
            finally:
                arriving.unlink(missing_ok=True)
        return written

    def _forget_abandoned(self, directory: Path) -> None:
        """What killed processes left; the directory is almost empty, so that a look is cheap."""
        before = (self._clock() - _ABANDONED).timestamp()
        for path in directory.iterdir():
            # Another writer may be through with its file meanwhile.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()

    def _move(self, arriving: Path, place: Path) -> None:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        arriving.replace(place)
        for directory in (place.parent, self._directory):
            _sync_directory(directory)

    def _all(self) -> Iterator[NamedObject]:
        for path in self._directory.glob("??/*"):
            with path.open("rb") as file:
                yield described(file)


def _bounded(chunks: Iterable[bytes], size_bytes: int) -> Iterator[bytes]:
    """*chunks*, until one is too many: what is too long is not written first."""
    for chunk in chunks:
        size_bytes -= len(chunk)
        if size_bytes < 0:
            raise PostedBytesRefused("they are more than the form allows")
        yield chunk


def _ensure_meets(written: NamedObject, terms: PostTerms | None) -> None:
    if terms is None:
        return
    if written.size_bytes != terms.size_bytes:
        raise PostedBytesRefused("they are fewer than the form says")
    if written.etag != terms.md5:
        raise PostedBytesRefused("they do not have the MD5 that the form says")


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
