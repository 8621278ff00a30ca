"""Real clients upload a folder, are killed in the middle, and go on with another process."""

import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from random import Random

import pytest
import requests

from filemanager.client.client import Client as OurClient
from servers.nginx import nginx
from servers.postgres import new_postgres_database
from servers.radosgw import Gateway
from servers.service import V2, Service, service

pytestmark = pytest.mark.e2e

CLIENTS = Path(__file__).parent / "clients"
TUSPY = (sys.executable, str(CLIENTS / "tus_folder.py"))
TUS_JS = ("node", str(CLIENTS / "tus_folder.mjs"))
MIB = 1 << 20
PREFIX = "/fm"


@pytest.fixture
def folder(tmp_path: Path) -> dict[str, bytes]:
    """Files of a folder below ``folder``, by their paths."""
    dice = Random(5)
    sizes = {"a.bin": 3 * MIB + 1, "d/b.bin": 2 * MIB, "d/e/c.txt": 5, "f.bin": 4 * MIB - 1}
    files = {path: dice.randbytes(size) for path, size in sizes.items()}
    for path, data in files.items():
        place = tmp_path / "folder" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return files


class Client:
    """A client of a folder, which can be killed after some chunks and started again."""

    def __init__(self, command: Sequence[str], url: str, at: Service, directory: Path) -> None:
        self._at = at
        self.workspace = _generic(at)
        state, folder = directory / "client.state", directory / "folder"
        self._command = [*command, url, str(self.workspace), str(folder), str(state)]

    def run(self, chunks: int | None = None) -> list[str]:
        """Let it print its lines, and kill it after *chunks* of them."""
        environment = {**os.environ, "TOKEN": self._at.token}
        with subprocess.Popen(
            self._command, env=environment, stdout=subprocess.PIPE, text=True, cwd=CLIENTS
        ) as process:
            assert process.stdout is not None
            lines = list(islice(process.stdout, chunks))
            if chunks is not None:
                process.kill()
        assert chunks is not None or process.returncode == 0
        return lines

    def receive(self, node: Service) -> int:
        headers = {"Authorization": node.token}
        url = f"{node.url}/uploads/batches/folder:receive"
        return requests.post(url, headers=headers, timeout=60).status_code

    def files(self, node: Service) -> dict[str, bytes]:
        base = f"{V2}/{self.workspace}/files"
        paths = node.paths(self.workspace)
        return {path: node.get(f"{base}/{path}").content for path in paths}


def _generic(node: Service) -> int:
    made = node.call("POST", V2, json={"profile": "generic"})
    return int(made.json()["id"])


@pytest.mark.parametrize("command", [TUSPY, TUS_JS], ids=["tuspy", "tus-js-client"])
def test_a_killed_client_goes_on_after_a_restart_of_the_service(
    tmp_path: Path, folder: dict[str, bytes], command: Sequence[str]
) -> None:
    with service(tmp_path / "data") as first:
        client = Client(command, first.url, first, tmp_path)
        before = client.run(chunks=5)
        port = str(first.address[1])

    with service(tmp_path / "data", PORT=port) as second:
        after = client.run()
        received = client.receive(second)

        assert received == 200
        assert client.files(second) == folder
        # Each mebibyte was sent once, but for the chunk that the kill may have met.
        assert len(before) + len(after) <= sum(len(data) // MIB + 1 for data in folder.values()) + 1


@pytest.mark.s3
@pytest.mark.postgres
@pytest.mark.parametrize("command", [TUSPY, TUS_JS], ids=["tuspy", "tus-js-client"])
def test_a_killed_client_goes_on_at_two_nodes_in_turns(
    tmp_path: Path,
    folder: dict[str, bytes],
    command: Sequence[str],
    postgres_url: str,
    s3_gateway: Gateway,
) -> None:
    shared = {
        "FILEMANAGER_DATABASE_URL": new_postgres_database(postgres_url),
        "FILEMANAGER_S3_BUCKET": s3_gateway.new_bucket(),
        "FILEMANAGER_S3_ENDPOINT": s3_gateway.endpoint_url,
        "FILEMANAGER_S3_ACCESS_KEY": s3_gateway.access_key,
        "FILEMANAGER_S3_SECRET_KEY": s3_gateway.secret_key,
    }
    with (
        service(tmp_path / "1", **shared) as one,
        service(tmp_path / "2", **shared) as other,
        nginx(tmp_path / "nginx", [one.address, other.address]) as front,
    ):
        client = Client(command, front, one, tmp_path)
        client.run(chunks=5)
        client.run()

        assert client.receive(other) == 200
        assert client.files(one) == folder


@pytest.mark.parametrize("command", [TUSPY, TUS_JS], ids=["tuspy", "tus-js-client"])
def test_a_client_works_below_a_prefix_that_a_proxy_takes_off(
    tmp_path: Path, folder: dict[str, bytes], command: Sequence[str]
) -> None:
    with (
        service(tmp_path / "data") as node,
        nginx(tmp_path / "nginx", [node.address], prefix=PREFIX) as front,
    ):
        client = Client(command, f"{front}{PREFIX}", node, tmp_path)
        client.run()

        assert client.receive(node) == 200
        assert client.files(node) == folder


def test_so_does_our_own(tmp_path: Path, folder: dict[str, bytes]) -> None:
    with (
        service(tmp_path / "data") as node,
        nginx(tmp_path / "nginx", [node.address], prefix=PREFIX) as front,
        OurClient(f"{front}{PREFIX}", node.token) as client,
    ):
        made = client.workspaces.create(profile="generic")
        client.push(tmp_path / "folder", made.id)

        assert node.paths(made.id) == set(folder)
