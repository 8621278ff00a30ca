"""The objects of a source in an S3-compatible store."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from typing import NoReturn

from filemanager.domain.blobs.blob import CHUNK_BYTES
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
from filemanager.domain.sources.source import BucketPlace, Credentials, Probe
from filemanager.storage.sources import listing
from filemanager.storage.sources.asking import (
    BucketAnswer,
    BucketClient,
    BucketQuestion,
    is_fine,
)
from filemanager.storage.sources.probing import BucketProbing
from filemanager.storage.sources.signing import SourceUrls, version_of

_MOST_PAGES = 10
"""Requests for one page of a listing, while nothing is found that is looked for."""

_GONE = frozenset({"NoSuchKey", "NoSuchVersion", "InvalidArgument", "MethodNotAllowed"})
"""What is no version is an invalid argument; a delete marker allows no method by its version."""


class S3SourceObjects:
    """*versioning* None: it is not known, and asked for when it matters."""

    signs = True

    def __init__(
        self,
        name: str,
        place: BucketPlace,
        credentials: Credentials | None,
        client: BucketClient,
        *,
        versioning: bool | None = None,
    ) -> None:
        self._name = name
        self._place = place
        self._client = client
        self._versioning = versioning
        self._urls = SourceUrls(place, place.public_endpoint, credentials)
        self._probing = BucketProbing(place, client, SourceUrls(place, place.endpoint, credentials))

    def page(self, query: ObjectQuery) -> ObjectPage:
        page = self._page(query, query.cursor)
        for _ in range(_MOST_PAGES - 1):
            if page.objects or page.prefixes or page.next is None:
                break
            page = self._page(query, page.next)
        return page

    def find(self, key: str) -> SourceObject:
        return self.ensure_there(PinnedObject(key=key))

    def ensure_there(self, pinned: PinnedObject) -> SourceObject:
        answer = self._client.ask(self._question(pinned, "HEAD"))
        if not is_fine(answer.status):
            self._refuse(pinned, answer)
        return self._seen(pinned, answer.headers)

    def read(self, pinned: PinnedObject, start: int, stop: int) -> Iterator[bytes]:
        if start >= stop:
            self.ensure_there(pinned)
            return
        asked = {"Range": f"bytes={start}-{stop - 1}"}
        question = self._question(pinned, "GET", asked)
        with self._client.open(question) as response, self._client.unbroken():
            if not is_fine(response.status):
                self._refuse(pinned, self._client.read(response))
            self._ensure_range(pinned, response.headers, start)
            left = stop - start
            while left:
                chunk = response.read(min(CHUNK_BYTES, left))
                if not chunk:
                    raise SourceUnavailable(self._name)
                left -= len(chunk)
                yield chunk

    def sign(
        self, pinned: PinnedObject, method: SignedMethod, wish: SignedWish, lifetime: timedelta
    ) -> str:
        return self._urls.url(pinned, method, wish, lifetime)

    def probe(self) -> Probe:
        return self._probing.probe()

    @cached_property
    def _is_versioned(self) -> bool:
        if self._versioning is not None:
            return self._versioning
        return bool(self._probing.keeps_versions())

    def _page(self, query: ObjectQuery, cursor: str | None) -> ObjectPage:
        prefix, is_versioned = self._place.prefix, self._is_versioned
        asked = listing.asked_for(query, cursor, prefix, is_versioned=is_versioned)
        answer = self._client.ask(BucketQuestion(query=asked))
        self._client.ensure_fine(answer)
        read = listing.read_versions if is_versioned else listing.read_objects
        with self._client.readable():
            return listing.page_of(read(answer.body), query, prefix)

    def _question(
        self, pinned: PinnedObject, method: str, more: Mapping[str, str] | None = None
    ) -> BucketQuestion:
        headers = {} if pinned.etag is None else {"If-Match": f'"{pinned.etag}"'}
        return BucketQuestion(
            method=method,
            key=self._place.prefix + pinned.key,
            query=version_of(pinned),
            headers={**headers, **(more or {})},
        )

    def _refuse(self, pinned: PinnedObject, answer: BucketAnswer) -> NoReturn:
        status, code = answer.status, listing.code_in(answer.body)
        if status in (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE):
            raise SourceObjectChanged(pinned.key)
        if answer.headers.get("x-amz-delete-marker") == "true" or code in _GONE:
            raise SourceObjectGone(pinned.key)
        if not code and status in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST):
            # An answer to HEAD does not say what is missing, or wrong.
            self._refuse_by_name(pinned)
        raise SourceUnavailable(self._name)

    def _refuse_by_name(self, pinned: PinnedObject) -> None:
        byte = {"Range": "bytes=0-0"}
        answer = self._client.ask(self._question(pinned, "GET", byte))
        if listing.code_in(answer.body) in _GONE:
            raise SourceObjectGone(pinned.key)

    def _ensure_range(self, pinned: PinnedObject, headers: Mapping[str, str], start: int) -> None:
        told = headers.get("Content-Range", "bytes 0-")
        if not told.startswith(f"bytes {start}-"):
            raise SourceUnavailable(self._name)
        self._ensure_same(pinned, headers.get("ETag"))

    def _ensure_same(self, pinned: PinnedObject, etag: str | None) -> None:
        """Not every store minds the condition that it was sent."""
        if pinned.etag not in (None, listing.bare_etag(etag or "")):
            raise SourceObjectChanged(pinned.key)

    def _seen(self, pinned: PinnedObject, headers: Mapping[str, str]) -> SourceObject:
        self._ensure_same(pinned, headers.get("etag"))
        # Where versions are not listed they may not be read either.
        version = headers.get("x-amz-version-id") if self._is_versioned else None
        with self._client.readable():
            return listing.object_from(
                key=pinned.key,
                size=headers.get("content-length", ""),
                etag=headers.get("etag", ""),
                version=version,
                modified_at=_moment(headers.get("last-modified", "")),
            )


def _moment(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except ValueError as error:
        raise listing.UnreadableAnswer from error
