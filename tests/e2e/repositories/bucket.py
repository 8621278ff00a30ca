"""A bucket that clients read repositories in by themselves."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import requests

from filemanager.storage.named.s3 import S3NamedObjects, S3Place, signing_client
from filemanager.storage.s3.client import S3Access
from servers.radosgw import Gateway
from servers.service import wait_until


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of *gateway*, and what whoever knows only a URL finds in it."""

    gateway: Gateway
    name: str

    @property
    def url(self) -> str:
        return f"{self.gateway.endpoint_url}/{self.name}/base"

    def put(self, key: str, path: Path) -> None:
        """Without leave for others to read it."""
        access = S3Access(
            endpoint_url=self.gateway.endpoint_url,
            access_key=self.gateway.access_key,
            secret_key=self.gateway.secret_key,
        )
        objects = S3NamedObjects(signing_client(access), S3Place(bucket=self.name, prefix="base/"))
        objects.put(key, [path.read_bytes()], "binary/octet-stream")

    def get(self, key: str) -> requests.Response:
        return requests.get(f"{self.url}/{quote(key)}", timeout=30)

    def wait_for(self, key: str, *words: str) -> None:
        """Until what anybody reads there holds all of *words*."""

        def is_there() -> bool:
            found = self.get(key)
            return found.ok and all(word in found.text for word in words)

        wait_until(is_there, f"{key} has {words}")

    def apt_source(self, path: str, suite: str, key: Path) -> str:
        return f"deb [arch=amd64 signed-by={key}] {self.url}/{path} {suite} main"

    def environment(self) -> dict[str, str]:
        return {
            "S3_URL": self.gateway.endpoint_url,
            "S3_REGION": "us-east-1",
            "S3_BUCKET": self.name,
            "S3_ACCESS_KEY": self.gateway.access_key,
            "S3_SECRET_KEY": self.gateway.secret_key,
            "S3_BASE_PATH": "base",
            "S3_PUBLIC_READ": "true",
            "RWS_FORCE_SYNC": "true",
        }
