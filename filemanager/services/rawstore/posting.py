"""Posts of raw files to a store of our own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from filemanager.domain.named_objects import (
    NamedObject,
    NamedObjects,
    PostedObjects,
    PostRefused,
    PostTerms,
)
from filemanager.domain.ports import Database
from filemanager.domain.rawstore.stored_file import (
    StoredFile,
    StoredFileNotFound,
)
from filemanager.services.downloads import Download
from filemanager.services.rawstore.reading import PresignService
from filemanager.services.rawstore.settling import Settler


class PostService:
    """Takes the forms of a store that is a directory of ours, and gives out what lies in it."""

    def __init__(
        self,
        database: Database,
        objects: NamedObjects,
        posted: PostedObjects,
        presign: PresignService,
        settler: Settler,
    ) -> None:
        self._database = database
        self._objects = objects
        self._posted = posted
        self._presign = presign
        self._settler = settler

    def take(self, fields: Mapping[str, str], chunks: Iterable[bytes]) -> NamedObject:
        """Store what was posted. Nothing of *chunks* is read before the form is known to be good.

        Raises ``PostRefused``, also for a form that a newer one has taken the place of, and
        ``PostedBytesRefused``.
        """
        terms = self._posted.terms_of(fields)
        self._awaiting(terms)
        made = self._posted.take(terms, chunks)
        self._settler.settle(self._awaiting(terms))
        return made

    def signed(self, key: str, query: Mapping[str, str]) -> Download:
        """What a signed URL gives leave to read. Raises ``PostRefused``."""
        self._posted.ensure_signed(key, query)
        return self._download(key)

    def public(self, key: str) -> Download:
        """Raises ``StoredFileNotFound`` unless anybody may read it."""
        self._presign.ensure_public(key)
        return self._download(key)

    def media_type(self, key: str) -> str:
        return self._there(key).media_type

    def _download(self, key: str) -> Download:
        there = self._there(key)
        return Download(
            name=key.rpartition("/")[2],
            size_bytes=there.size_bytes,
            tag=there.etag,
            modified_at=there.modified_at,
            owner=None,
            stream=self._stream(key),
        )

    def _stream(self, key: str) -> Callable[[int, int], Iterator[bytes]]:
        return partial(self._objects.read, key)

    def _there(self, key: str) -> NamedObject:
        there = self._objects.head(key)
        if there is None:
            raise StoredFileNotFound
        return there

    def _awaiting(self, terms: PostTerms) -> StoredFile:
        with self._database.read() as tx:
            file = tx.stored_files.find(self._objects.bucket, [terms.key]).get(terms.key)
        wanted = file.wanted if file else None
        if (
            file is None
            or wanted is None
            or (wanted.size_bytes, wanted.md5)
            != (
                terms.size_bytes,
                terms.md5,
            )
        ):
            raise PostRefused("another has taken its place")
        return file
