"""The rule by which a bucket lets pages of other origins put into it and read from it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from botocore.exceptions import ClientError

from filemanager.storage.blobs.s3 import code_of, refusals

_ID = "filemanager"
"""By this name our rule is found again among those of others."""

_SECONDS = 600


class CorsClient(Protocol):
    """What is used of boto3's client."""

    def get_bucket_cors(self, **arguments: object) -> Mapping[str, Any]: ...
    def put_bucket_cors(self, **arguments: object) -> Mapping[str, Any]: ...


def cors_rule(origins: Sequence[str]) -> Mapping[str, Any]:
    """For what browsers do by leave of ours: put files and parts, post forms, follow links.

    The headers are those that grants ask for; a browser sends the length by itself.
    """
    return {
        "ID": _ID,
        "AllowedOrigins": list(origins),
        "AllowedMethods": ["GET", "HEAD", "POST", "PUT"],
        "AllowedHeaders": ["Content-Type", "If-None-Match", "Range", "X-Amz-Content-SHA256"],
        "ExposeHeaders": ["Accept-Ranges", "Content-Range", "ETag"],
        "MaxAgeSeconds": _SECONDS,
    }


def set_cors(client: CorsClient, bucket: str, rule: Mapping[str, Any]) -> None:
    """Set *rule* in place of the one that was set before; rules of others stay, behind it.

    Raises ``StoreUnavailable``.
    """
    with refusals():
        others = [one for one in _rules(client, bucket) if one.get("ID") != rule["ID"]]
        configuration = {"CORSRules": [rule, *others]}
        client.put_bucket_cors(Bucket=bucket, CORSConfiguration=configuration)


def _rules(client: CorsClient, bucket: str) -> Sequence[Mapping[str, Any]]:
    try:
        found: Sequence[Mapping[str, Any]] = client.get_bucket_cors(Bucket=bucket)["CORSRules"]
    except ClientError as error:
        if code_of(error) != "NoSuchCORSConfiguration":
            raise
        return ()
    return found
