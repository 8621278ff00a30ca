"""Named objects: bytes at a key that clients see, and the leave to post or read one directly."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import Forbidden, NotFound, Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedObject:
    """``etag`` without quotation marks; it changes with the bytes."""

    key: str
    size_bytes: int
    etag: str
    media_type: str
    modified_at: datetime
    cache_control: str | None = None

    @property
    def version(self) -> str:
        """Changes when the object is written again, though it be with the same bytes."""
        return f"{self.etag} {self.modified_at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the store's answer to a write says, without another question."""

    size_bytes: int
    etag: str


@dataclass(frozen=True, slots=True)
class Original:
    """What is copied: a blob, and the store that has it."""

    blob: StoredBlob
    store: BlobStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTerms:
    """What may be posted: exactly so many bytes, at this key, of this type.

    ``md5`` is 32 hex digits; not every store compares it with the bytes, so who needs that must
    read them.
    """

    key: str
    size_bytes: int
    md5: str
    media_type: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class PostForm:
    """Where to POST ``multipart/form-data``: all the fields, then the part ``file``.

    A *url* that begins with a slash is a path of this service.
    """

    url: str
    fields: Mapping[str, str]


class NamedObjectMissing(NotFound):
    code = "named_object_missing"

    def __init__(self) -> None:
        super().__init__("There is no such file.")


class PostRefused(Forbidden):
    """A form that was not given out by us, has expired, or was altered; ``why`` ends it."""

    code = "post_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"The form is refused: {why}. Ask for a new one.")


class PostedBytesRefused(Rejected):
    """The form was good, but not the bytes."""

    code = "posted_bytes_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"The bytes are refused: {why}. Nothing was stored.")


def without_query(url: str) -> str:
    """Never raises, as a parser of URLs would for those that are none."""
    return url.partition("#")[0].partition("?")[0]


class NamedObjects(Protocol):
    """Objects under keys that are given; writing one again replaces it whole, with all that is told
    of it.

    Every method but the four that only reckon raises ``StoreUnavailable`` where the store does not
    answer.
    """

    @property
    def bucket(self) -> str:
        """What clients call the place; part of the identity of a file."""

    @property
    def shows_public(self) -> bool:
        """Whether a public object can be read at its plain URL."""

    @property
    def refuses_other_bytes(self) -> bool:
        """Whether its forms take no bytes but those of their MD5."""

    def put(
        self,
        key: str,
        chunks: Iterable[bytes],
        media_type: str,
        *,
        is_public: bool = False,
        cache_control: str | None = None,
    ) -> Written:
        """Write an object, durable when it returns: one request. Raises ``StoreFull``, and whatever
        *chunks* raises; then the object is as it was.

        Only we read it, or anybody at its plain URL where *is_public* and the place shows such.
        """

    def copy_from(
        self,
        key: str,
        original: Original,
        media_type: str,
        *,
        is_public: bool = False,
        cache_control: str | None = None,
    ) -> Written:
        """``put`` the bytes of a blob. Raises ``BlobDamaged`` too.

        A blob that is a whole object, kept raw, is copied by the store itself where both are in
        one store under one account; any other is read, and written by us.
        """

    def head(self, key: str) -> NamedObject | None:
        """None: there is no such object."""

    def read(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Bytes ``[start, stop)`` in chunks of at most 1 MiB. Raises ``NamedObjectMissing``."""

    def delete(self, key: str) -> None:
        """A missing one is no error."""

    def listing(self, prefix: str) -> Iterator[NamedObject]:
        """Objects whose keys begin with *prefix*, by key; their types may be left empty."""

    # These reckon only: nothing is asked over the network.

    def signed_url(self, key: str, lifetime: timedelta) -> str:
        """A URL, or a path of ours, that reads one object until then without a token."""

    def plain_url(self, key: str) -> str:
        """The URL, or a path of ours, at which a public object is read."""

    def key_of(self, url: str) -> str | None:
        """Which object one of our URLs, signed or plain, names; None: it is not one of ours."""

    def url_prefixes(self) -> tuple[str, ...]:
        """What the URLs of objects begin with, each ending in a slash before the key."""


class PostForms(Protocol):
    """Leave to post objects where they lie; it reckons only."""

    def form(self, terms: PostTerms, lifetime: timedelta) -> PostForm:
        """A form that posts one object by these terms until *lifetime* from now has passed.

        Raises ``StoreUnavailable`` where nothing is known that could sign it.
        """


class PostedObjects(Protocol):
    """Takes itself what its forms post."""

    def terms_of(self, fields: Mapping[str, str]) -> PostTerms:
        """What the form's fields give leave for. Raises ``PostRefused``."""

    def take(self, terms: PostTerms, chunks: Iterable[bytes]) -> NamedObject:
        """Write what was posted, durable like ``put``, if it is what the terms say.

        Raises ``PostedBytesRefused``; then the object is as it was.
        """

    def ensure_signed(self, key: str, query: Mapping[str, str]) -> None:
        """Raises ``PostRefused`` unless the query is that of a ``signed_url`` of *key*."""
