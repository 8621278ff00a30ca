"""The port to what lies in a source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from filemanager.domain.sources.source import (
    BucketPlace,
    Credentials,
    DirectoryPlace,
    Probe,
    Source,
)

MAX_PAGE = 1000
"""Objects of one page of a listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceObject:
    """An object as the source tells of it. ``key`` is without the source's prefix, ``etag`` without
    quotation marks.

    ``version`` None: the source keeps none; then only the ETag tells one content from another.
    """

    key: str
    size_bytes: int
    etag: str
    version: str | None
    modified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectQuery:
    """Keys that begin with *prefix* and hold *contains* behind it, in the byte order of UTF-8; with
    a delimiter, what goes on behind one is told as a prefix alone. *cursor* is a page's ``next``.
    """

    prefix: str = ""
    delimiter: str = "/"
    contains: str = ""
    cursor: str | None = None
    limit: int = MAX_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPage:
    """``next`` None: that was the last. A page may be short, or empty, and have a next."""

    objects: Sequence[SourceObject]
    prefixes: Sequence[str]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedObject:
    """One content of one key: by version, or where there are none by ETag. The ETag, if it is
    known, must be met in any case.
    """

    key: str
    version: str | None = None
    etag: str | None = None


class SignedMethod(StrEnum):
    GET = "GET"
    HEAD = "HEAD"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedWish:
    """What the store is to say of the bytes: headers of its answer, both part of the signature."""

    disposition: str
    media_type: str


class SourceObjects(Protocol):
    """The objects of one source; held to it, whatever a key looks like.

    All but ``signs`` and ``sign`` raise ``SourceUnavailable`` where the source does not answer or
    refuses us, and ``EndpointRefused`` where its address may not be called.
    """

    @property
    def signs(self) -> bool:
        """Whether clients can be sent to the source itself."""

    def page(self, query: ObjectQuery) -> ObjectPage:
        """A bounded number of requests. Latest versions alone; what was deleted is not there, but a
        prefix may be told below which all was.

        Raises ``Malformed`` for a cursor that is none of its own.
        """

    def find(self, key: str) -> SourceObject:
        """The latest. Raises ``SourceObjectGone``."""

    def ensure_there(self, pinned: PinnedObject) -> SourceObject:
        """Raises ``SourceObjectGone`` or ``SourceObjectChanged`` unless that very content is."""

    def read(self, pinned: PinnedObject, start: int, stop: int) -> Iterator[bytes]:
        """Bytes ``[start, stop)`` of that very content, in chunks of at most 1 MiB.

        Raises as ``ensure_there``; what ends early raises ``SourceUnavailable``.
        """

    def sign(
        self, pinned: PinnedObject, method: SignedMethod, wish: SignedWish, lifetime: timedelta
    ) -> str:
        """A URL at the public endpoint that reads this version until then. Nothing is asked."""

    def probe(self) -> Probe:
        """Raises ``SourceUnavailable`` too where nothing can be listed."""


class Sources(Protocol):
    """Where adapters to sources come from."""

    def objects_of(self, source: Source) -> SourceObjects:
        """One adapter for each source, kept. Raises ``CredentialsLocked`` where no key opens what
        the source's credentials are sealed with.
        """

    def trial(
        self, name: str, place: BucketPlace | DirectoryPlace, credentials: Credentials | None
    ) -> SourceObjects:
        """An adapter for what is no source yet; not kept."""
