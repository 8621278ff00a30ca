"""Leave to put objects straight into an S3-compatible store, checked by the store."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError

from filemanager.domain.ports import Clock
from filemanager.domain.uploads.grant import Leave, Portion, stem_of
from filemanager.domain.uploads.upload import INCOMING, BatchId, UploadId
from filemanager.storage.blobs.objects import PREFIXES
from filemanager.storage.blobs.s3 import DirectClient, code_of, refusals
from filemanager.storage.s3.client import S3Access, credentials_of, endpoint_of

_SIGNED_DIGEST = "X-Amz-Content-SHA256"
_GONE = ("NoSuchUpload", "404")
_NOT_WHOLE = (*_GONE, "InvalidPart", "InvalidPartOrder", "EntityTooSmall")


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for those who know the store by *endpoint_url*: a signature binds the host.

    The bucket is named in the path, so that names with dots work under TLS.
    """

    endpoint_url: str
    region: str
    credentials: Callable[[], ReadOnlyCredentials]
    clock: Clock

    def put_url(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str], expires_at: datetime
    ) -> str:
        """Every one of *headers* is signed: the store refuses a request in which one differs."""
        seconds = max(1, int((expires_at - self.clock()).total_seconds()))
        url = f"{self.endpoint_url.rstrip('/')}/{quote(path, safe='/~')}"
        url = f"{url}?{urlencode(query)}" if query else url
        request = AWSRequest("PUT", url, headers=dict(headers))
        auth = S3SigV4QueryAuth(self.credentials(), "s3", self.region, expires=seconds)
        auth.add_auth(request)
        return str(request.url)


def signer(access: S3Access, public_endpoint: str | None, clock: Clock) -> Signer:
    """*public_endpoint* None: clients know the store by the address that we do."""
    return Signer(
        endpoint_url=public_endpoint or endpoint_of(access),
        region=access.region,
        credentials=credentials_of(access),
        clock=clock,
    )


class S3DirectStore:
    """*prefix* goes before every key, as in the store of objects that this is beside."""

    def __init__(self, client: DirectClient, signer: Signer, bucket: str, prefix: str = "") -> None:
        self._client = client
        self._signer = signer
        self._bucket = bucket
        self._prefix = prefix

    def may_put(self, portion: Portion, expires_at: datetime) -> Leave:
        headers = {"Content-Length": str(portion.size_bytes)}
        if portion.digest is not None:
            headers[_SIGNED_DIGEST] = portion.digest
        if portion.media_type:
            headers["Content-Type"] = portion.media_type
        query: dict[str, str] = {}
        if portion.store_name is None:
            # An object that is there is never replaced, so that a URL serves once.
            headers["If-None-Match"] = "*"
        else:
            query = {"partNumber": str(portion.number), "uploadId": portion.store_name}
        path = f"{self._bucket}/{self._name(portion.upload_id)}"
        url = self._signer.put_url(path, query, headers, expires_at)
        return Leave(portion=portion, url=url, headers=headers, expires_at=expires_at)

    def key_of(self, upload_id: UploadId) -> str | None:
        return f"{INCOMING}/{upload_id}"

    def begin_parts(self, upload_id: UploadId) -> str:
        with refusals():
            return str(self._client.create_multipart_upload(**self._at(upload_id))["UploadId"])

    def finish_parts(
        self, upload_id: UploadId, store_name: str, sizes_bytes: Sequence[int]
    ) -> None:
        upload = {**self._at(upload_id), "UploadId": store_name}
        with refusals():
            try:
                parts = list(self._parts(upload))
                if [part["Size"] for part in parts] != list(sizes_bytes):
                    return
                # A part that was put again since then has another tag, and is refused.
                named = [{"PartNumber": one["PartNumber"], "ETag": one["ETag"]} for one in parts]
                self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": named})
            except ClientError as error:
                if code_of(error) not in _NOT_WHOLE:
                    raise

    def forget_parts(self, upload_id: UploadId, store_name: str) -> None:
        self._abort({**self._at(upload_id), "UploadId": store_name})

    def sizes(self, grant: BatchId) -> Mapping[UploadId, int]:
        place = f"{self._prefix}{INCOMING}/"
        query: dict[str, Any] = {"Bucket": self._bucket, "Prefix": f"{place}{stem_of(grant)}"}
        found: dict[UploadId, int] = {}
        with refusals():
            while True:
                page = self._client.list_objects_v2(**query)
                for one in page.get("Contents", ()):
                    found[UploadId(one["Key"].removeprefix(place))] = one["Size"]
                if not page.get("IsTruncated"):
                    return found
                query["ContinuationToken"] = page["NextContinuationToken"]

    def count_stale(self, before: datetime) -> int:
        return sum(len(self._stale(prefix, before)) for prefix in PREFIXES)

    def forget_stale(self, before: datetime) -> int:
        count = 0
        for prefix in PREFIXES:
            for one in self._stale(prefix, before):
                upload = {"Key": one["Key"], "UploadId": one["UploadId"]}
                self._abort({"Bucket": self._bucket, **upload})
                count += 1
        return count

    def _stale(self, prefix: str, before: datetime) -> Sequence[Mapping[str, Any]]:
        with refusals():
            begun = self._begun(f"{self._prefix}{prefix}/")
            return [one for one in begun if one["Initiated"] < before]

    def _abort(self, upload: Mapping[str, object]) -> None:
        with refusals():
            try:
                self._client.abort_multipart_upload(**upload)
            except ClientError as error:
                if code_of(error) not in _GONE:
                    raise

    def _parts(self, upload: Mapping[str, object]) -> Iterator[Mapping[str, Any]]:
        query = dict(upload)
        while True:
            page = self._client.list_parts(**query)
            yield from page.get("Parts", ())
            if not page.get("IsTruncated"):
                return
            query["PartNumberMarker"] = page["NextPartNumberMarker"]

    def _begun(self, prefix: str) -> Iterator[Mapping[str, Any]]:
        query: dict[str, Any] = {"Bucket": self._bucket, "Prefix": prefix}
        while True:
            page = self._client.list_multipart_uploads(**query)
            yield from page.get("Uploads", ())
            if not page.get("IsTruncated"):
                return
            query["KeyMarker"] = page["NextKeyMarker"]
            query["UploadIdMarker"] = page["NextUploadIdMarker"]

    def _name(self, upload_id: UploadId) -> str:
        return f"{self._prefix}{INCOMING}/{upload_id}"

    def _at(self, upload_id: UploadId) -> dict[str, object]:
        return {"Bucket": self._bucket, "Key": self._name(upload_id)}
