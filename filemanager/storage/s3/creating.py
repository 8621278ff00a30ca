"""Making a bucket where there is none."""

from collections.abc import Mapping
from typing import Any, Protocol

from botocore.exceptions import ClientError

from filemanager.storage.blobs.s3 import code_of, refusals

_OURS_ALREADY = "BucketAlreadyOwnedByYou"
_MISSING = frozenset({"404", "NoSuchBucket"})
_OF_AWS = ".amazonaws.com"
_WITHOUT_NAME = "us-east-1"
"""AWS takes no place to mean this region, and refuses its name as one."""


class MakingClient(Protocol):
    """What is used of boto3's client."""

    @property
    def meta(self) -> Any: ...
    def head_bucket(self, **arguments: object) -> Mapping[str, Any]: ...
    def create_bucket(self, **arguments: object) -> Mapping[str, Any]: ...


def create_bucket(client: MakingClient, bucket: str) -> bool:
    """Make *bucket*; False: it is there. Raises ``StoreUnavailable``, where it is somebody else's
    too.
    """
    with refusals():
        return not _is_there(client, bucket) and _has_made(client, bucket)


def _is_there(client: MakingClient, bucket: str) -> bool:
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if code_of(error) not in _MISSING:
            raise
        return False
    return True


def _has_made(client: MakingClient, bucket: str) -> bool:
    try:
        client.create_bucket(Bucket=bucket, **_place(client.meta))
    except ClientError as error:
        # Another node was faster.
        if code_of(error) != _OURS_ALREADY:
            raise
        return False
    return True


def _place(meta: Any) -> Mapping[str, Any]:
    """Other stores than AWS know no regions, or have one."""
    if not meta.endpoint_url.endswith(_OF_AWS) or meta.region_name == _WITHOUT_NAME:
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": meta.region_name}}
