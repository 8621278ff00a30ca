"""Objects in a bucket of an S3-compatible store."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from filemanager.domain.blobs.blob import CHUNK_BYTES, PACK_BYTES, StoredObject
from filemanager.domain.errors import ScratchFull, StoreFull, StoreUnavailable
from filemanager.storage.blobs.objects import PREFIXES, ObjectMissing, regrouped

PART_BYTES = 8 << 20
"""Three parts at most are in memory while an object is written, and 10,000 make its size: 83 GB."""

STAGED_BYTES = PACK_BYTES
"""An object up to this size is one request, so that a pack of any number of files is."""

_FULL = ("QuotaExceeded", "InsufficientStorage", "507", "XMinioStorageFull")


class S3Client(Protocol):
    """What is used of boto3's client."""

    def put_object(self, **arguments: object) -> Mapping[str, Any]: ...
    def create_multipart_upload(self, **arguments: object) -> Mapping[str, Any]: ...
    def upload_part(self, **arguments: object) -> Mapping[str, Any]: ...
    def complete_multipart_upload(self, **arguments: object) -> Mapping[str, Any]: ...
    def abort_multipart_upload(self, **arguments: object) -> Mapping[str, Any]: ...
    def get_object(self, **arguments: object) -> Mapping[str, Any]: ...
    def head_object(self, **arguments: object) -> Mapping[str, Any]: ...
    def head_bucket(self, **arguments: object) -> Mapping[str, Any]: ...
    def delete_object(self, **arguments: object) -> Mapping[str, Any]: ...
    def list_objects_v2(self, **arguments: object) -> Mapping[str, Any]: ...


class DirectClient(Protocol):
    """What is used of it besides where clients put objects themselves."""

    def create_multipart_upload(self, **arguments: object) -> Mapping[str, Any]: ...
    def complete_multipart_upload(self, **arguments: object) -> Mapping[str, Any]: ...
    def abort_multipart_upload(self, **arguments: object) -> Mapping[str, Any]: ...
    def list_multipart_uploads(self, **arguments: object) -> Mapping[str, Any]: ...
    def list_parts(self, **arguments: object) -> Mapping[str, Any]: ...
    def list_objects_v2(self, **arguments: object) -> Mapping[str, Any]: ...


class S3Objects:
    """*prefix* goes before every key, so that stores can share a bucket.

    What is larger than a part waits in an unnamed file in *staging*, since the size of a request
    must be known before it is sent.
    """

    files = None

    def __init__(
        self, client: S3Client, bucket: str, prefix: str = "", *, staging: str | None = None
    ) -> None:
        self._staging = staging
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def write(self, key: str, chunks: Iterable[bytes]) -> None:
        remaining = iter(chunks)
        with SpooledTemporaryFile(PART_BYTES, dir=self._staging) as staged, refusals():
            over = _stage(remaining, staged)
            staged.seek(0)
            if over is None:
                self._client.put_object(**self._at(key), Body=staged)
                return
            whole = chain(iter(partial(staged.read, PART_BYTES), b""), (over,), remaining)
            self._write_in_parts(key, regrouped(whole, PART_BYTES))

    def adopt(self, key: str, descriptor: int) -> bool:
        del key, descriptor
        return False

    def read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        with refusals():
            body = self._body(key, start, stop)
            with closing(body):
                while chunk := body.read(CHUNK_BYTES):
                    yield chunk

    def size(self, key: str) -> int | None:
        with refusals():
            try:
                return int(self._client.head_object(**self._at(key))["ContentLength"])
            except ClientError as error:
                if code_of(error) not in ("404", "NoSuchKey"):
                    raise
        # An answer to HEAD does not say whether the object is missing or the bucket.
        self.check()
        return None

    def delete(self, key: str) -> None:
        with refusals():
            self._client.delete_object(**self._at(key))

    def listing(self) -> Iterator[StoredObject]:
        for prefix in PREFIXES:
            for page in self._pages(f"{self._prefix}{prefix}/"):
                for found in page.get("Contents", ()):
                    yield StoredObject(
                        key=found["Key"].removeprefix(self._prefix),
                        size_bytes=found["Size"],
                        modified_at=found["LastModified"],
                    )

    def check(self) -> None:
        with refusals():
            self._client.head_bucket(Bucket=self._bucket)

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + key}

    def _write_in_parts(self, key: str, parts: Iterable[bytes]) -> None:
        at = self._at(key)
        upload = {**at, "UploadId": self._client.create_multipart_upload(**at)["UploadId"]}
        done = []
        try:
            for number, part in enumerate(parts, start=1):
                sent = self._client.upload_part(**upload, PartNumber=number, Body=part)
                done.append({"PartNumber": number, "ETag": sent["ETag"]})
            self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": done})
        except BaseException:
            # Parts of an open upload are invisible, and cost money until it is aborted.
            with suppress(BotoCoreError, ClientError):
                self._client.abort_multipart_upload(**upload)
            raise

    def _body(self, key: str, start: int, stop: int) -> Any:
        asked = f"bytes={start}-{stop - 1}"
        try:
            return self._client.get_object(**self._at(key), Range=asked)["Body"]
        except ClientError as error:
            # An object that ends before *start* is a damaged one: as good as none.
            if code_of(error) in ("NoSuchKey", "InvalidRange"):
                raise ObjectMissing from error
            raise

    def _pages(self, prefix: str) -> Iterator[Mapping[str, Any]]:
        query = {"Bucket": self._bucket, "Prefix": prefix}
        while True:
            with refusals():
                page = self._client.list_objects_v2(**query)
            yield page
            if not page.get("IsTruncated"):
                return
            query["ContinuationToken"] = page["NextContinuationToken"]


def _stage(chunks: Iterator[bytes], staged: IO[bytes]) -> bytes | None:
    """Write chunks to *staged*; the first that would make it too large comes back."""
    for chunk in chunks:
        if staged.tell() + len(chunk) > STAGED_BYTES:
            return chunk
        try:
            staged.write(chunk)
        except OSError as error:
            raise ScratchFull from error
    return None


@contextmanager
def refusals() -> Iterator[None]:
    """Raise ``StoreUnavailable`` or ``StoreFull`` for what boto3 raises."""
    try:
        yield
    except ClientError as error:
        if code_of(error) in _FULL:
            raise StoreFull("The store is full. Nothing was added.") from error
        raise StoreUnavailable from error
    except BotoCoreError as error:
        raise StoreUnavailable from error


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
