"""Reading and taking files of the rawstore door: signed URLs, and posts to a store of our own."""

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
from filemanager.domain.rawstore import (
    URL_LIFETIME,
    Depositor,
    FileState,
    StoredFile,
    StoredFileChanged,
    StoredFileNotFound,
)
from filemanager.services.downloads import Download
from filemanager.services.rawstore import Publishing
from filemanager.services.rawstore_settling import Settler


class PresignService:
    """Who may not read a file is told what is told of one that does not exist."""

    def __init__(
        self,
        database: Database,
        objects: NamedObjects,
        publishing: Publishing,
        settler: Settler,
    ) -> None:
        self._database = database
        self._objects = objects
        self._publishing = publishing
        self._settler = settler

    def readable_url(self, url: str, depositor: Depositor | None) -> str:
        """The URL itself where anybody can read it, else one that is signed for a day.

        The URL is looked up among ours, and nothing but our own store is asked. Raises
        ``StoredFileNotFound`` and, for its owner, ``StoredFileChanged``.
        """
        key = self._objects.key_of(url)
        if key is None:
            raise StoredFileNotFound
        is_public = self._is_public(self._readable(key, depositor))
        if is_public and self._objects.shows_public:
            return url
        return self._objects.signed_url(key, URL_LIFETIME)

    def ensure_public(self, key: str) -> None:
        """Raises ``StoredFileNotFound`` unless anybody may read the file."""
        self._readable(key, None)

    def _readable(self, key: str, depositor: Depositor | None) -> StoredFile:
        file = self._find(key)
        is_owner = depositor is not None and depositor.owner == file.owner
        if not is_owner and not self._may_be_public(file):
            # Before the store is asked: strangers make us ask nothing about what is private.
            raise StoredFileNotFound
        settled = self._settler.settle(file)
        if settled is None or settled.held is None:
            raise StoredFileNotFound
        if settled.state is FileState.CHANGED and is_owner:
            raise StoredFileChanged
        if not is_owner and not self._is_public(settled):
            raise StoredFileNotFound
        return settled

    def _find(self, key: str) -> StoredFile:
        with self._database.read() as tx:
            file = tx.stored_files.find(self._objects.bucket, [key]).get(key)
        if file is None:
            raise StoredFileNotFound
        return file

    def _may_be_public(self, file: StoredFile) -> bool:
        versions = (file.wanted, file.held)
        return any(one is not None and self._publishing.shows(one) for one in versions)

    def _is_public(self, file: StoredFile) -> bool:
        return (
            file.state is not FileState.CHANGED
            and file.held is not None
            and self._publishing.shows(file.held)
        )


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
