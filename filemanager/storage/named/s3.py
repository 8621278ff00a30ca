"""Named objects in a bucket of an S3-compatible store, which takes the posts itself."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol
from urllib.parse import quote, unquote

from botocore.exceptions import ClientError

from filemanager.domain.blobs.blob import CHUNK_BYTES, Encoding, StoredBlob
from filemanager.domain.blobs.named_objects import (
    NamedObject,
    NamedObjectMissing,
    Original,
    Written,
    without_query,
)
from filemanager.domain.errors import BlobDamaged, ScratchFull
from filemanager.storage.blobs.objects import OBJECTS
from filemanager.storage.blobs.s3 import code_of, refusals
from filemanager.storage.s3.client import S3Access, new_client

_STAGED_BYTES = 8 << 20
_MISSING = ("404", "NoSuchKey")


class SigningClient(Protocol):
    """What is used of boto3's client."""

    @property
    def meta(self) -> Any: ...
    def put_object(self, **arguments: object) -> Mapping[str, Any]: ...
    def copy_object(self, **arguments: object) -> Mapping[str, Any]: ...
    def head_object(self, **arguments: object) -> Mapping[str, Any]: ...
    def head_bucket(self, **arguments: object) -> Mapping[str, Any]: ...
    def get_object(self, **arguments: object) -> Mapping[str, Any]: ...
    def delete_object(self, **arguments: object) -> Mapping[str, Any]: ...
    def list_objects_v2(self, **arguments: object) -> Mapping[str, Any]: ...
    def generate_presigned_url(self, **arguments: object) -> str: ...


def signing_client(access: S3Access) -> SigningClient:
    """A client whose signatures are of version 4, over paths with the bucket's name in them: so
    names with dots work under TLS. All threads may share it.
    """
    client: SigningClient = new_client(
        access, signature_version="s3v4", s3={"addressing_style": "path"}
    )
    return client


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Place:
    """Where objects lie; *prefix* goes before every key.

    *sends_acl* False: the bucket forbids ACLs, so none is asked for, and no object can be read at
    its plain URL.
    """

    bucket: str
    prefix: str = ""
    sends_acl: bool = True

    def at(self, key: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.prefix + key}


class S3NamedObjects:
    """*signer* is the client of those who know the store by another address, since a signature
    binds the host. *blobs* is where *client* finds the objects of blobs; None: it cannot, or may
    not. What is larger than 8 MiB waits in an unnamed file in *staging* before it is written.
    """

    refuses_other_bytes = False

    def __init__(
        self,
        client: SigningClient,
        place: S3Place,
        *,
        signer: SigningClient | None = None,
        blobs: S3Place | None = None,
        staging: str | None = None,
    ) -> None:
        self.bucket = place.bucket
        self.shows_public = place.sends_acl
        self._client = client
        self._signer = signer or client
        self._place = place
        self._blobs = blobs
        self._staging = staging

    def put(
        self,
        key: str,
        chunks: Iterable[bytes],
        media_type: str,
        *,
        is_public: bool = False,
        cache_control: str | None = None,
    ) -> Written:
        told = self._told(media_type, cache_control, is_public=is_public)
        with SpooledTemporaryFile(_STAGED_BYTES, dir=self._staging) as staged, refusals():
            size_bytes = _stage(chunks, staged)
            answer = self._client.put_object(**self._place.at(key), Body=staged, **told)
        return Written(size_bytes=size_bytes, etag=_etag(answer))

    def copy_from(
        self,
        key: str,
        original: Original,
        media_type: str,
        *,
        is_public: bool = False,
        cache_control: str | None = None,
    ) -> Written:
        blob = original.blob
        if self._blobs is None or not is_an_object(blob):
            chunks = original.store.read(blob)
            return self.put(
                key, chunks, media_type, is_public=is_public, cache_control=cache_control
            )
        told = self._told(media_type, cache_control, is_public=is_public)
        with refusals():
            answer = self._copied(blob, self._blobs.at(blob.object_key), self._place.at(key) | told)
        return Written(size_bytes=blob.size_bytes, etag=_etag(answer["CopyObjectResult"]))

    def head(self, key: str) -> NamedObject | None:
        with refusals():
            try:
                found = self._client.head_object(**self._place.at(key))
            except ClientError as error:
                if code_of(error) not in _MISSING:
                    raise
            else:
                return _object(key, found, found["ContentLength"], found["ContentType"])
            # An answer to HEAD does not say whether the object is missing or the bucket.
            self._client.head_bucket(Bucket=self.bucket)
        return None

    def read(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        asked = f"bytes={start}-{'' if stop is None else stop - 1}"
        with refusals():
            try:
                # Nothing is a range of an empty object.
                ranged = {"Range": asked} if start or stop is not None else {}
                body = self._client.get_object(**self._place.at(key), **ranged)["Body"]
            except ClientError as error:
                if code_of(error) not in _MISSING:
                    raise
                raise NamedObjectMissing from error
            with closing(body):
                while chunk := body.read(CHUNK_BYTES):
                    yield chunk

    def delete(self, key: str) -> None:
        with refusals():
            self._client.delete_object(**self._place.at(key))

    def listing(self, prefix: str) -> Iterator[NamedObject]:
        query = {"Bucket": self.bucket, "Prefix": self._place.prefix + prefix}
        while True:
            with refusals():
                page = self._client.list_objects_v2(**query)
            for found in page.get("Contents", ()):
                key = found["Key"].removeprefix(self._place.prefix)
                yield _object(key, found, found["Size"], "")
            if not page.get("IsTruncated"):
                return
            query["ContinuationToken"] = page["NextContinuationToken"]

    def signed_url(self, key: str, lifetime: timedelta) -> str:
        return self._signer.generate_presigned_url(
            ClientMethod="get_object",
            Params=self._place.at(key),
            ExpiresIn=int(lifetime.total_seconds()),
        )

    def plain_url(self, key: str) -> str:
        return f"{self.url_prefixes()[-1]}{quote(key)}"

    def key_of(self, url: str) -> str | None:
        plain = without_query(url)
        for before in self.url_prefixes():
            if plain.startswith(before):
                return unquote(plain.removeprefix(before))
        return None

    def url_prefixes(self) -> tuple[str, ...]:
        """The bucket's name as a host first: clients know files by what a front serves."""
        endpoint = str(self._signer.meta.endpoint_url).rstrip("/")
        hosts = (
            f"http://{self.bucket}:80",
            f"http://{self.bucket}",
            f"https://{self.bucket}:443",
            f"https://{self.bucket}",
        )
        before = self._place.prefix
        return tuple(f"{host}/{before}" for host in (*hosts, f"{endpoint}/{self.bucket}"))

    def _told(
        self, media_type: str, cache_control: str | None, *, is_public: bool
    ) -> dict[str, str]:
        told = {"ContentType": media_type}
        if cache_control is not None:
            told["CacheControl"] = cache_control
        if is_public and self.shows_public:
            told["ACL"] = "public-read"
        return told

    def _copied(
        self, blob: StoredBlob, source: Mapping[str, str], target: Mapping[str, str]
    ) -> Mapping[str, Any]:
        try:
            # Else it would have the type of the blob's object, and nothing of what is told here.
            return self._client.copy_object(
                CopySource=source, MetadataDirective="REPLACE", **target
            )
        except ClientError as error:
            if code_of(error) != "NoSuchKey":
                raise
            raise BlobDamaged(blob.digest) from error


def is_an_object(blob: StoredBlob) -> bool:
    """Whether an object consists of the blob's own bytes, and nothing else."""
    return blob.encoding is Encoding.RAW and blob.object_key.startswith(f"{OBJECTS}/")


def _stage(chunks: Iterable[bytes], staged: IO[bytes]) -> int:
    """How many bytes there are, to be read from the start."""
    for chunk in chunks:
        try:
            staged.write(chunk)
        except OSError as error:
            raise ScratchFull from error
    size_bytes = staged.tell()
    staged.seek(0)
    return size_bytes


def _etag(answer: Mapping[str, Any]) -> str:
    return str(answer["ETag"]).strip('"')


def _object(key: str, found: Mapping[str, Any], size_bytes: int, media_type: str) -> NamedObject:
    return NamedObject(
        key=key,
        size_bytes=size_bytes,
        etag=_etag(found),
        media_type=media_type,
        modified_at=found["LastModified"],
        cache_control=found.get("CacheControl"),
    )
