"""A repository's place in the bucket that clients read: what is written there, and how."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.named_objects import NamedObjects, Original, Written
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.repositories.bucket_keys import object_keys
from filemanager.domain.repositories.media_types import media_type
from filemanager.domain.repositories.repository import Repository
from filemanager.services.neighbours import read_together

Done = TypeVar("Done")

LASTING = "max-age=31536000, immutable"
CHANGING = "no-cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientBucket:
    """*is_public*: anybody reads what is written, at its plain URL."""

    objects: NamedObjects
    is_public: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever reads an object is told of it."""

    media_type: str
    cache_control: str


class BucketCopy:
    """Everything is called by its path in the repository, and replaces what lies there.

    *before_each* is called before each request to the bucket.
    """

    def __init__(
        self,
        bucket: ClientBucket,
        blobs: BlobStore,
        repository: Repository,
        before_each: Callable[[], None],
    ) -> None:
        self._objects = bucket.objects
        self._is_public = bucket.is_public
        self._blobs = blobs
        self._repository = repository
        self._before_each = before_each

    def copy(self, path: str, blob: StoredBlob, told: Told) -> Written:
        def copied(key: str) -> Written:
            return self._objects.copy_from(
                key,
                Original(blob, self._blobs),
                told.media_type,
                is_public=self._is_public,
                cache_control=told.cache_control,
            )

        return self._at_each_key(path, copied)

    def put(self, path: str, chunks: Callable[[], Iterator[bytes]], told: Told) -> None:
        def put(key: str) -> Written:
            return self._objects.put(
                key,
                chunks(),
                told.media_type,
                is_public=self._is_public,
                cache_control=told.cache_control,
            )

        self._at_each_key(path, put)

    def put_roots(self, roots: Mapping[str, StoredBlob]) -> None:
        """What clients read first, in this order; it lies side by side in one pack, and is read by
        one request.
        """
        read = read_together(self._blobs, roots.values())
        for path, (_, text) in zip(roots, read, strict=True):
            self.put(path, partial(iter, [text]), Told(media_type(path), CHANGING))

    def delete(self, path: str) -> None:
        self._at_each_key(path, self._objects.delete)

    def _at_each_key(self, path: str, act: Callable[[str], Done]) -> Done:
        """Returns what came of it at the file's own key."""
        own, *others = object_keys(self._repository.path, self._repository.base, path)
        self._before_each()
        done = act(own)
        for key in others:
            self._before_each()
            act(key)
        return done
