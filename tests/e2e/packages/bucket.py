"""Somebody's bucket, filled and emptied behind the back of whoever points into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from servers.radosgw import Gateway

_PART_BYTES = 5 << 20
"""The least that a store takes for a part."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Somebody's; keys are told without the prefix that all of them have."""

    gateway: Gateway
    name: str
    prefix: str
    client: Any

    def put(self, key: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=f"{self.prefix}{key}", Body=data)

    def put_in_parts(self, key: str, data: bytes) -> None:
        place = {"Bucket": self.name, "Key": f"{self.prefix}{key}"}
        upload = self.client.create_multipart_upload(**place)["UploadId"]
        starts = range(0, len(data), _PART_BYTES)
        parts = [
            {
                "PartNumber": number,
                "ETag": self.client.upload_part(
                    **place,
                    UploadId=upload,
                    PartNumber=number,
                    Body=data[start : start + _PART_BYTES],
                )["ETag"],
            }
            for number, start in enumerate(starts, 1)
        ]
        whole = {"UploadId": upload, "MultipartUpload": {"Parts": parts}}
        self.client.complete_multipart_upload(**place, **whole)

    def delete(self, key: str) -> None:
        """For good: every version of it."""
        found = self.client.list_object_versions(Bucket=self.name, Prefix=f"{self.prefix}{key}")
        for version in found.get("Versions", []):
            place = {"Key": version["Key"], "VersionId": version["VersionId"]}
            self.client.delete_object(Bucket=self.name, **place)


@contextmanager
def bucket(
    gateway: Gateway, prefix: str = "rings/2026/", *, is_versioned: bool = True
) -> Iterator[Bucket]:
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=gateway.endpoint_url,
        aws_access_key_id=gateway.access_key,
        aws_secret_access_key=gateway.secret_key,
        region_name="us-east-1",
        config=Config(request_checksum_calculation="when_required"),
    )
    name = gateway.new_bucket()
    if is_versioned:
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    yield Bucket(gateway, name, prefix, client)
    client.close()
