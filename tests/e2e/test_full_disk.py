"""A full disk refuses writes and nothing else."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import requests

from builders.papers import a_token
from servers.service import API, SERVE, V2, Service, served, wait_until

pytestmark = pytest.mark.e2e

DISK_BYTES = 16 << 20
REFUSALS = {503, 507}


@dataclass(frozen=True, slots=True)
class Place:
    """A service whose data lie on a small disk, and a workspace with the file ``kept.tex``."""

    service: Service
    disk: Path
    workspace: int


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The disk is a mount that nobody else sees, and that goes with the service."""
    data_dir: Path = tmp_path_factory.mktemp("full") / "data"
    data_dir.mkdir()
    mount = f'mount -t tmpfs -o size={DISK_BYTES} tmpfs "{data_dir}" && exec "$@"'
    alone = ("unshare", "--mount", "--map-root-user", "sh", "-c", mount, "sh")
    with served(data_dir, (*alone, *SERVE)) as running:
        workspace = running.new_workspace()
        assert running.put(workspace, "kept.tex", b"kept").status_code == 201
        seen_from_outside = Path(f"/proc/{running.process.pid}/root{data_dir}")
        yield Place(running, seen_from_outside, workspace)


@pytest.fixture
def full(place: Place) -> Iterator[Place]:
    """Every byte of the disk is taken, for a while."""
    filler = place.disk / "filler"
    with filler.open("wb", buffering=0) as file:
        while _is_taken(file.fileno()):
            pass
    assert os.statvfs(place.disk).f_bavail == 0
    yield place
    filler.unlink()


def _is_taken(file: int) -> bool:
    try:
        return os.write(file, bytes(4096)) > 0
    except OSError:
        return False


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", f"{V2}/{{workspace}}/files/new.tex", b"x"),
        ("PUT", f"{V2}/{{workspace}}/files/new.tex", b"x" * 100_000),
        ("POST", f"{V2}", b"{}"),
        ("POST", "/{workspace}/checkpoint", b"{}"),
    ],
)
def test_writes_are_refused_with_a_reason(full: Place, method: str, path: str, body: bytes) -> None:
    media = {"Content-Type": "application/json"}
    path = path.format(workspace=full.workspace)

    answers = [full.service.call(method, path, data=body, headers=media) for _ in range(40)]

    # Some pages of the database may be free still.
    assert {one.status_code for one in answers} <= REFUSALS | {200, 201}
    assert answers[-1].status_code in REFUSALS
    assert answers[-1].json()


@pytest.mark.parametrize(
    "path",
    [
        "/livez",
        "/metrics",
        f"{API}/status",
        f"{API}{V2}",
        f"{API}{V2}/{{workspace}}",
        f"{API}{V2}/{{workspace}}/entries",
        f"{API}{V2}/{{workspace}}/files/kept.tex",
        f"{API}{V2}/{{workspace}}/content.tar.gz",
    ],
)
def test_reads_go_on(full: Place, path: str) -> None:
    token = full.service.token
    if path == "/metrics":
        token = a_token("1", "upload:read_service_logs")
    url = f"{full.service.url}{path.format(workspace=full.workspace)}"

    asked = [requests.get(url, headers={"Authorization": token}, timeout=60) for _ in range(10)]

    assert {one.status_code for one in asked} == {200}


def test_a_process_that_dies_is_replaced(full: Place) -> None:
    for killed in full.service.workers:
        os.kill(killed, signal.SIGKILL)
        wait_until(partial(_is_gone, full.service, killed), "it has gone")
    wait_until(lambda: len(full.service.workers) == 2, "two workers")

    assert full.service.get(f"{V2}/{full.workspace}/files/kept.tex").content == b"kept"


def _is_gone(service: Service, worker: int) -> bool:
    return worker not in service.workers


def test_writes_go_on_once_there_is_room(place: Place) -> None:
    assert place.service.put(place.workspace, "new.tex", b"text").status_code in {200, 201}
