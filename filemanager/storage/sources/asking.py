"""Requests to a bucket of somebody else's: signed, bounded, and never led elsewhere."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote, urlencode

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from urllib3 import BaseHTTPResponse, HTTPConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as TookTooLong

from filemanager.domain.sources.errors import SourceUnavailable
from filemanager.domain.sources.source import BucketPlace, Credentials
from filemanager.storage.sources.listing import UnreadableAnswer

_ATTEMPTS = 3
_FAILING = frozenset({500, 502, 503, 504})
_MOST_BYTES = 8 << 20
_MOST_SECONDS = 60
_PIECE_BYTES = 64 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketQuestion:
    """*key* is a whole one; None: the bucket itself is asked."""

    method: str = "GET"
    key: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BucketAnswer:
    """Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class BucketClient:
    """What asks one bucket; all threads may share it. *credentials* None: nothing is signed.

    *now* counts seconds.
    """

    def __init__(
        self,
        name: str,
        place: BucketPlace,
        credentials: Credentials | None,
        pool: HTTPConnectionPool,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._place = place
        self._auth = _auth_of(place, credentials)
        self._pool = pool
        self._now = now

    def ask(self, question: BucketQuestion) -> BucketAnswer:
        """Raise ``SourceUnavailable`` too for more bytes, or more time, than any answer takes."""
        with self.open(question) as response, self.unbroken():
            return self.read(response)

    def read(self, response: BaseHTTPResponse) -> BucketAnswer:
        """The rest of an answer; inside ``unbroken``."""
        return BucketAnswer(response.status, _headers(response), self._body(response))

    @contextmanager
    def open(self, question: BucketQuestion) -> Iterator[BaseHTTPResponse]:
        """The answer, of which nothing was read but the head. Raises ``SourceUnavailable``."""
        response = self._sent(question)
        try:
            yield response
        finally:
            # What was not read to the end cannot be used for another question.
            response.close()
            response.release_conn()

    def status_of(self, method: str, url: str) -> int:
        """What is answered to a URL at our endpoint that is signed already."""
        with self.unbroken():
            response = self._answered(method, url, {})
            response.close()
            return response.status

    def ensure_fine(self, answer: BucketAnswer) -> None:
        """Raise ``SourceUnavailable``."""
        if not is_fine(answer.status):
            raise SourceUnavailable(self._name)

    @contextmanager
    def readable(self) -> Iterator[None]:
        """Raise ``SourceUnavailable`` where an answer is not what was asked for."""
        try:
            yield
        except UnreadableAnswer as error:
            raise SourceUnavailable(self._name) from error

    @contextmanager
    def unbroken(self) -> Iterator[None]:
        """Raise ``SourceUnavailable`` where the connection breaks."""
        try:
            yield
        except (HTTPError, OSError) as error:
            raise SourceUnavailable(self._name) from error

    def _sent(self, question: BucketQuestion) -> BaseHTTPResponse:
        with self.unbroken():
            for _ in range(_ATTEMPTS - 1):
                try:
                    response = self._once(question)
                except TookTooLong:
                    raise
                except (HTTPError, OSError):
                    continue
                if response.status not in _FAILING:
                    return response
                response.close()
            return self._once(question)

    def _once(self, question: BucketQuestion) -> BaseHTTPResponse:
        url = url_of(self._place.endpoint, self._place.bucket, question.key, question.query)
        request = AWSRequest(question.method, url, headers=dict(question.headers))
        if self._auth is not None:
            self._auth.add_auth(request)
        return self._answered(question.method, url, dict(request.headers.items()))

    def _answered(self, method: str, url: str, headers: Mapping[str, str]) -> BaseHTTPResponse:
        return self._pool.urlopen(
            method,
            # A target and no URL: urllib3 would take dots out of the path of one.
            url.removeprefix(self._place.endpoint),
            headers=headers,
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
        )

    def _body(self, response: BaseHTTPResponse) -> bytes:
        body = bytearray()
        deadline = self._now() + _MOST_SECONDS
        while piece := response.read1(_PIECE_BYTES):
            body += piece
            if len(body) > _MOST_BYTES or self._now() > deadline:
                raise SourceUnavailable(self._name)
        return bytes(body)


def _auth_of(place: BucketPlace, credentials: Credentials | None) -> S3SigV4Auth | None:
    return None if credentials is None else S3SigV4Auth(frozen(credentials), "s3", place.region)


def frozen(credentials: Credentials) -> ReadOnlyCredentials:
    return ReadOnlyCredentials(
        credentials.access_key, credentials.secret_key, credentials.session_token, None
    )


def url_of(endpoint: str, bucket: str, key: str | None, query: Mapping[str, str]) -> str:
    """The bucket is named in the path, so that names with dots work under TLS."""
    path = f"/{bucket}" if key is None else f"/{bucket}/{quote(key, safe='/~')}"
    asked = f"?{urlencode(query, quote_via=quote, safe='~')}" if query else ""
    return f"{endpoint}{path}{asked}"


def is_fine(status: int) -> bool:
    return status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)


def _headers(response: BaseHTTPResponse) -> Mapping[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}
