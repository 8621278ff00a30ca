"""Posts of raw files to a store of our own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from filemanager.domain.blobs.named_objects import (
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
    Version,
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
        return self._download(key, self._presign.place(key))

    def public(self, key: str) -> Download:
        """Raises ``StoredFileNotFound`` unless anybody may read it."""
        return self._download(key, self._presign.public_place(key))

    def media_type(self, key: str) -> str:
        return self._there(self._presign.place(key)).media_type

    def _download(self, key: str, place: str) -> Download:
        there = self._there(place)
        return Download(
            name=key.rpartition("/")[2],
            size_bytes=there.size_bytes,
            tag=there.etag,
            modified_at=there.modified_at,
            owner=None,
            stream=self._stream(place),
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
            file = tx.stored_files.at_key(self._objects.bucket, terms.key)
        if file is None or not _gave_out(file.wanted, terms):
            raise PostRefused("another has taken its place")
        return file


def _gave_out(wanted: Version, terms: PostTerms) -> bool:
    given = (terms.size_bytes, terms.md5, terms.media_type)
    return given == (wanted.size_bytes, wanted.md5, wanted.media_type)
