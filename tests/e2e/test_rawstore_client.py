"""BitStore's own client, unmodified, pushes data packages to the service."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import requests

from people.depositors import PUBLIC_PEM, datahub_token
from servers.datahub import DataHub, datahub
from servers.radosgw import Gateway
from servers.service import service

pytestmark = pytest.mark.e2e

CLIENTS = Path(__file__).parent / "clients"
BY_CONTENT = {"STORAGE_PATH_PATTERN": "{md5_hex}{extension}"}


FLOW = """
meta: {dataset: flow, findability: published}
inputs: [{parameters: {descriptor: {name: %s}, resource-mapping: {}}}]
"""


def token(user: str, service: str) -> str:
    return datahub_token(user, service=service)


@dataclass(frozen=True)
class Hub:
    """The service behind its hub, and people who push folders to it."""

    hub: DataHub
    directory: Path

    def push(
        self, files: Mapping[str, bytes], user: str = "alice", findability: str = "published"
    ) -> dict[str, Any]:
        return self._run(self._package(files), user, findability)

    def push_flow(self, name: str) -> dict[str, Any]:
        flow = self.directory / "flow.yaml"
        flow.write_text(FLOW % name)
        return self._run(flow, "alice", "")

    def _run(self, pushed: Path, user: str, findability: str) -> dict[str, Any]:
        command = ["node", "datahub_push.cjs", self.hub.url, user, user, str(pushed), findability]
        done = subprocess.run(command, capture_output=True, check=True, timeout=60, cwd=CLIENTS)
        return dict(json.loads(done.stdout))

    def read(self) -> dict[str, bytes]:
        """What the last source spec leads to: the package's description, and its files."""
        (source,) = self.hub.specs[-1]["inputs"]
        urls = source["parameters"]["resource-mapping"] | {"datapackage.json": source["url"]}
        return {name: requests.get(url, timeout=30).content for name, url in urls.items()}

    def _package(self, files: Mapping[str, bytes]) -> Path:
        folder = Path(mkdtemp(dir=self.directory))
        for path, data in files.items():
            (folder / path).parent.mkdir(exist_ok=True, parents=True)
            (folder / path).write_bytes(data)
        resources = [{"name": f"r{number}", "path": path} for number, path in enumerate(files)]
        described = {"name": f"ü{hash(tuple(files.values()))}", "resources": resources}
        (folder / "datapackage.json").write_text(json.dumps(described))
        return folder


@pytest.fixture(scope="module", params=["directory", pytest.param("s3", marks=pytest.mark.s3)])
def store(request: pytest.FixtureRequest) -> dict[str, str]:
    if request.param == "directory":
        return {}
    gateway: Gateway = request.getfixturevalue("s3_gateway")
    return {
        "STORAGE_BUCKET_NAME": gateway.new_bucket(),
        "STORAGE_ACCESS_KEY_ID": gateway.access_key,
        "STORAGE_SECRET_ACCESS_KEY": gateway.secret_key,
        "S3_ENDPOINT_URL": gateway.endpoint_url,
    }


@pytest.fixture(scope="module", params=[{}, BY_CONTENT], ids=["by path", "by content"])
def hub(
    request: pytest.FixtureRequest,
    store: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Hub]:
    directory = tmp_path_factory.mktemp("hub")
    with datahub(token, PUBLIC_PEM) as running:
        known = {"AUTH_SERVER": running.url, "FILEMANAGER_WORKERS": "1"}
        with service(directory / "data", **known, **store, **request.param) as started:
            running.store = started.url
            yield Hub(running, directory)


@pytest.fixture
def row(request: pytest.FixtureRequest) -> bytes:
    """Bytes that no other test pushes."""
    return f"a,b\n1,{request.node.name}\n".encode()


@pytest.mark.parametrize("findability", ["published", "unlisted", "private"])
def test_a_package_goes_in_and_its_spec_leads_to_it(hub: Hub, row: bytes, findability: str) -> None:
    files = {"data/f.csv": row, "data/R&D + ü %.csv": row * 2, "same.csv": row}

    told = hub.push(files, findability=findability)

    assert "error" not in told
    assert {path: hub.read()[path] for path in files} == files
    assert json.loads(hub.read()["datapackage.json"])["name"].startswith("ü")


def test_what_is_there_is_not_posted_again(hub: Hub, row: bytes) -> None:
    files = {"f.csv": row, "g.csv": row}
    first = hub.push(files)

    again = hub.push(files)

    assert first == {"posted": ["datapackage.json", "f.csv", "g.csv"]}
    assert again == {"posted": []}
    assert hub.read()["g.csv"] == row


@pytest.mark.parametrize("findability", ["published", "private"])
def test_two_users_push_the_same_package(hub: Hub, row: bytes, findability: str) -> None:
    files = {"f.csv": row, "g.csv": row}

    told = [hub.push(files, user, findability) for user in ("alice", "bob", "alice", "bob")]

    assert [one["posted"] for one in told] == [["datapackage.json", "f.csv", "g.csv"]] * 2 + [
        []
    ] * 2
    assert {path: hub.read()[path] for path in files} == files


def test_a_flow_is_pushed_with_a_token_of_another_service(hub: Hub) -> None:
    """It posts what is there already, and asks for the link with the token of the source spec."""
    told = [hub.push_flow("flow") for _ in range(2)]

    assert told == [{"posted": []}] * 2
    (source,) = hub.hub.specs[-1]["inputs"]
    assert requests.get(source["url"], timeout=30).json() == {"name": "flow"}


def test_the_client_shows_why_it_is_refused(hub: Hub, row: bytes) -> None:
    full = {"f.csv": b"x" * 1_000_001}

    assert hub.push(full, findability="private") == {
        "error": "Max private storage for user exceeded plan limit (1MB)"
    }
    words = "filedata['${filename}']: it holds '${', in place of which stores put something else."
    assert hub.push({"${filename}": row}) == {"error": words}
