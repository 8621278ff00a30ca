"""Somebody's bucket or directory, and the source that leads to it."""

import uuid
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Protocol
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from builders.memory_sources import MemoryBucket, MemorySources
from builders.source_values import BUCKET, a_source
from filemanager.domain.sources.addresses import ListedHosts
from filemanager.domain.sources.objects import SourceObjects
from filemanager.domain.sources.source import (
    BucketPlace,
    Credentials,
    DirectoryPlace,
)
from filemanager.storage.sources.connecting import Gate
from filemanager.storage.sources.registry import KeptSources
from servers.radosgw import Gateway

PREFIX = "sc\u00e4ns/x"


class Lab(Protocol):
    """``objects`` is what is tested; the rest is done behind its back, by keys without a prefix."""

    @property
    def objects(self) -> SourceObjects: ...
    def put(self, key: str, data: bytes = b"text") -> None: ...
    def delete(self, key: str) -> None: ...


@dataclass
class MemoryLab:
    bucket: MemoryBucket
    objects: SourceObjects

    def put(self, key: str, data: bytes = b"text") -> None:
        self.bucket.put(PREFIX + key, data)

    def delete(self, key: str) -> None:
        self.bucket.delete(PREFIX + key)


def memory_lab(*, is_versioned: bool) -> MemoryLab:
    sources = MemorySources()
    sources.bucket("lab").is_versioned = is_versioned
    source = a_source(place=replace(BUCKET, prefix=PREFIX))
    return MemoryLab(sources.bucket("lab"), sources.objects_of(source))


@dataclass
class DirectoryLab:
    root: Path
    objects: SourceObjects

    def put(self, key: str, data: bytes = b"text") -> None:
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        # As most programs write: aside, and then in the place of the other.
        aside = self.root.parent / "aside"
        aside.write_bytes(data)
        aside.replace(path)

    def delete(self, key: str) -> None:
        (self.root / key).unlink()


def directory_lab(root: Path) -> DirectoryLab:
    root.mkdir()
    sources = KeptSources(Gate(ListedHosts()), lambda _: None, (PurePosixPath(root),))
    return DirectoryLab(root, sources.trial("lab", DirectoryPlace(path=str(root)), None))


@dataclass
class GatewayLab:
    """A bucket of Ceph's."""

    gateway: Gateway
    place: BucketPlace
    client: Any
    sources: KeptSources

    @property
    def objects(self) -> SourceObjects:
        return self.of(self.credentials)

    @property
    def credentials(self) -> Credentials:
        return Credentials(access_key=self.gateway.access_key, secret_key=self.gateway.secret_key)

    def of(self, credentials: Credentials | None) -> SourceObjects:
        return self.sources.trial("lab", self.place, credentials)

    def put(self, key: str, data: bytes = b"text") -> None:
        self.client.put_object(Bucket=self.place.bucket, Key=PREFIX + key, Body=data)

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.place.bucket, Key=PREFIX + key)


@cache
def _client(gateway: Gateway) -> Any:
    """To make one takes longer than most tests here."""
    return boto3.session.Session().client(
        "s3",
        endpoint_url=gateway.endpoint_url,
        aws_access_key_id=gateway.access_key,
        aws_secret_access_key=gateway.secret_key,
        region_name="us-east-1",
        config=Config(
            request_checksum_calculation="when_required", s3={"addressing_style": "path"}
        ),
    )


def gateway_lab(gateway: Gateway, *, is_versioned: bool) -> GatewayLab:
    client, bucket = _client(gateway), f"test-{uuid.uuid4().hex}"
    client.create_bucket(Bucket=bucket)
    if is_versioned:
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    place = BucketPlace(
        bucket=bucket,
        prefix=PREFIX,
        endpoint=gateway.endpoint_url,
        public_endpoint=gateway.endpoint_url,
        region="us-east-1",
    )
    listed = ListedHosts.parse(urlsplit(gateway.endpoint_url).netloc)
    return GatewayLab(gateway, place, client, KeptSources(Gate(listed), lambda _: None))
