"""A service with sources as an operator sets them up, and an owner who shares a package of all."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import CREATED, OK
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import boto3
import requests
import urllib3
from botocore.config import Config
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from builders.papers import SECRET, a_token
from e2e.packages.cutting import LARGEST
from e2e.packages.visitor import Address
from filemanager.domain.caller import Scope
from filemanager.tokens import EVERYDAY
from servers.radosgw import Gateway
from servers.service import PATIENCE_SECONDS, Service, service, wait_until

PASSWORD = "sesame%1"
KEY = base64.b64encode(b"credentials are kept under this!").decode()
STATEMENT_KEY = (
    Ed25519PrivateKey.generate()
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)
SECOND_VISITOR = "127.0.0.2"
_FIRST = "127.0.0.1"
MIB = 1 << 20
_PART_BYTES = 5 * MIB
_API = "/packages/api"
_SCOPES = (
    *EVERYDAY,
    Scope.PACKAGE_READ,
    Scope.PACKAGE_WRITE,
    Scope.PACKAGE_SHARE,
    Scope.PACKAGE_ADMIN,
)
_DICE = Random(12)

README = b"# Rings\n\nOf 3 trees.\n"
IN_BUCKET = {
    LARGEST: _DICE.randbytes(2 * _PART_BYTES),
    "sub dir/b \u00fc.tif": _DICE.randbytes(9999),
}
# Not every line has as many fields as the first: that is nothing to a package.
IN_DIRECTORY = {"table.csv": b"tree,rings\n1,312,about\n"}
IN_WORKSPACE = {
    "notes.tex": b"\\documentclass{article}\n\\begin{document}\nRings.\n\\end{document}\n"
}
ITEMS: Mapping[str, bytes] = {
    "README.md": README,
    **IN_BUCKET,
    **{f"local/{name}": data for name, data in IN_DIRECTORY.items()},
    **{f"paper/{name}": data for name, data in IN_WORKSPACE.items()},
}


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


@dataclass(frozen=True, slots=True)
class House:
    """Asked by name, so that its address is another than the store's: what clients keep for one
    they do not send to the other. ``session`` asks all that is asked by the house; ``settings``
    are those of the service, for its commands.
    """

    service: Service
    lake: Bucket
    session: requests.Session
    settings: Mapping[str, str]
    user: str = "1"

    @property
    def url(self) -> str:
        return self.service.url.replace("127.0.0.1", "localhost")

    def ask(self, method: str, path: str, **sent: Any) -> requests.Response:
        """As the owner, who looks after sources too, below the API of packages."""
        headers = {"Authorization": a_token(self.user, *_SCOPES), **sent.pop("headers", {})}
        url = f"{self.url}{_API}/{path}"
        return self.session.request(method, url, headers=headers, timeout=PATIENCE_SECONDS, **sent)

    def command(self, *words: str) -> str:
        """As an operator types it; what was printed."""
        done = subprocess.run(
            [sys.executable, "-m", "filemanager", *words],
            env={"PATH": os.environ["PATH"], **self.settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def told(self, method: str, path: str, **sent: Any) -> dict[str, Any]:
        """What the answer says, which is no refusal."""
        answer = self.ask(method, path, **sent)
        assert answer.ok, (method, path, answer.status_code, answer.text)
        return dict(answer.json()) if answer.content else {}

    def new_package(self) -> str:
        described = {"name": "Rings", "license": "CC-BY-4.0", "creators": ["Ann"]}
        return str(self.told("POST", "packages", json=described)["id"])

    def write(self, package: str, path: str, text: bytes) -> None:
        self.told("PUT", f"packages/{package}/items/{path}", data=text)

    def add(self, package: str, source: str, keys: Mapping[str, str]) -> None:
        """Objects by their keys, each with its path."""
        wanted = [{"key": key, "path": path} for key, path in keys.items()]
        sent = {"source": source, "keys": wanted}
        self.told("POST", f"packages/{package}/items:add", json=sent)

    def package_of_all(self, *, is_partial: bool = False) -> str:
        """Of every kind of item, frozen; its id."""
        package = self.new_package()
        self.write(package, "README.md", README)
        sent = {"source": "lake", "prefix": ""}
        self.told("POST", f"packages/{package}/items:add", json=sent)
        self.add(package, "disk", {name: f"local/{name}" for name in IN_DIRECTORY})
        workspace = self.service.new_workspace()
        for name, data in IN_WORKSPACE.items():
            assert self.service.put(workspace, name, data).ok
            pointer = {"data": json.dumps({"workspace": workspace, "path": name})}
            kind = {"Content-Type": "application/vnd.filemanager.pointer+json"}
            place = f"packages/{package}/items/paper/{name}"
            self.told("PUT", place, headers=kind, **pointer)
        self.freeze(package, is_partial=is_partial)
        return package

    def package_of(self, source: str, key: str) -> str:
        """Of a text and one object, frozen."""
        package = self.new_package()
        self.write(package, "README.md", README)
        self.add(package, source, {key: key})
        self.freeze(package)
        return package

    def freeze(self, package: str, *, is_partial: bool = False) -> None:
        """Once the digests of all items are known, or as it is: then it is done at once."""
        wait_until(lambda: is_partial or not self._pending(package), "all digests are known")
        answer = self.ask("POST", f"packages/{package}:freeze", json={"partial": is_partial})
        assert answer.status_code == CREATED, answer.text

    def _pending(self, package: str) -> list[str]:
        items = self.told("GET", f"packages/{package}/items")["items"]
        return [item["path"] for item in items if item["sha256"] is None]

    def share(self, package: str, **terms: Any) -> str:
        """Its URL, once the repositories that a version has are there."""
        wanted = {"version": 1, **terms}
        share = str(self.told("POST", f"packages/{package}/shares", json=wanted)["url"])
        if wanted["version"] == "latest":
            return share
        sent = {"X-Share-Password": quote(terms.get("password", ""))}
        for kind in ("annex", "dvc", "lfs"):
            refs = f"{share}{kind}.git/info/refs?service=git-upload-pack"
            wait_until(lambda refs=refs: status_for(refs, _FIRST, **sent) == OK, "a repository")  # type: ignore[misc]  # the address of this turn
        return share

    def log_of(self, package: str, share: str) -> list[dict[str, Any]]:
        """What was fetched of it, newest first."""
        return list(self.told("GET", f"{owned(package, share)}/log")["accesses"])

    def access_key(self, package: str, share: str) -> Address:
        """What a machine is given in the place of the password."""
        made = self.told("POST", f"{owned(package, share)}/keys", json={"name": "robot"})
        return Address(made["base"])

    def unlocked(self, share: str, password: str = PASSWORD) -> Address:
        """The address that the password is given for."""
        sent = {"password": password}
        answer = self.session.post(f"{share}unlock", json=sent, timeout=PATIENCE_SECONDS)
        assert answer.ok, answer.text
        return Address(f"{self.url}{answer.json()['base']}")

    def add_source(self, name: str, place: Bucket, endpoint: str) -> None:
        """As whoever looks after the service adds a bucket, for everybody to read."""
        sent = {**source_of(name, place, endpoint), "readers": ["*"]}
        self.told("POST", "sources", json=sent)


@contextmanager
def house(directory: Path, gateway: Gateway, **environment: str) -> Iterator[House]:
    """With a bucket and a directory as sources; *environment* is added to what these need."""
    disk = directory / "disk"
    disk.mkdir(parents=True)
    for name, data in IN_DIRECTORY.items():
        (disk / name).write_bytes(data)
    with bucket(gateway) as lake, requests.Session() as session:
        for key, data in IN_BUCKET.items():
            lake.put_in_parts(key, data)
        settings = {
            **environment,
            "FILEMANAGER_DATA_DIR": str(directory / "data"),
            "JWT_SECRET": SECRET,
            "FILEMANAGER_SOURCE_HOSTS": "127.0.0.1",
            "FILEMANAGER_SOURCE_KEYS": f"first:{KEY}",
            "FILEMANAGER_STATEMENT_KEY": STATEMENT_KEY,
            "FILEMANAGER_SOURCE_DIRECTORIES": str(directory),
            "FILEMANAGER_SOURCES_FILE": str(_sources_file(directory, lake)),
        }
        with service(directory / "data", **settings) as running:
            yield House(running, lake, session, settings)


def source_of(name: str, place: Bucket, endpoint: str) -> dict[str, Any]:
    keys = {"access_key": place.gateway.access_key, "secret_key": place.gateway.secret_key}
    return {
        "name": name,
        "kind": "s3",
        "bucket": place.name,
        "prefix": place.prefix,
        "endpoint": endpoint,
        "region": "us-east-1",
        "credentials": keys,
    }


def _sources_file(directory: Path, lake: Bucket) -> Path:
    disk = {"name": "disk", "kind": "directory", "path": str(directory / "disk")}
    sources = [source_of("lake", lake, lake.gateway.endpoint_url), disk]
    path = directory / "sources.json"
    path.write_text(json.dumps([{**source, "readers": ["*"]} for source in sources]))
    return path


def owned(package: str, share: str) -> str:
    """Where its owner looks after a share."""
    return f"packages/{package}/shares/{share.rstrip('/').rpartition('/')[2]}"


def status_for(url: str, visitor: str, **headers: str) -> int:
    """Of a GET from another address of this machine; no redirect is followed."""
    with urllib3.PoolManager(source_address=(visitor, 0)) as pool:
        return pool.request("GET", url, headers=headers, redirect=False, retries=False).status


def item_url(base: str, path: str) -> str:
    return f"{base}f/{quote(path)}"
