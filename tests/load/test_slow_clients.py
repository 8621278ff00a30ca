"""Two hundred slow clients of each kind hold up nobody. The figures are printed: see `-s`."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from load.herds import HABITS, Pasture, herd
from load.probing import OTHER, Worst, probe_for
from servers.nginx import nginx
from servers.postgres import new_postgres_database
from servers.service import API, V2, Service, service

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.load,
    pytest.mark.postgres,
    pytest.mark.xdist_group("load"),
]

GOAL_SECONDS = 0.5
FACTOR = 4
"""Between a quiet machine and one that runs other tests beside."""

PROBING_SECONDS = 1.5

PLACES = ("sqlite bare", "sqlite nginx", "postgres bare", "postgres nginx")
TOGETHER = (
    "uploads that drip",
    "readers that are slow",
    "heads that drip",
    "answered sockets left open",
)


@cache
def big() -> bytes:
    return bytes(range(256)) * (32 << 12)


@pytest.fixture(scope="module", params=PLACES)
def pasture(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pasture]:
    database, _, front = request.param.partition(" ")
    settings = {}
    if database == "postgres":
        url = request.getfixturevalue("postgres_url")
        settings["FILEMANAGER_DATABASE_URL"] = new_postgres_database(url)
    directory: Path = tmp_path_factory.mktemp("load")
    with ExitStack() as stack:
        running = stack.enter_context(service(directory / "data", **settings))
        address = running.address
        if front == "nginx":
            url = stack.enter_context(nginx(directory / "nginx", [running.address]))
            address = _address_of(url)
        yield Pasture(running, address, _filled(running))


def _address_of(url: str) -> tuple[str, int]:
    place = urlsplit(url)
    assert place.hostname
    assert place.port
    return place.hostname, place.port


def _filled(running: Service) -> int:
    workspace = running.new_workspace()
    assert running.put(workspace, "big.bin", big()).status_code == 201
    assert running.put(workspace, "small.tex", b"small").status_code == 201
    return workspace


@pytest.mark.parametrize("kind", HABITS)
def test_slow_clients_of_a_kind_hold_up_nobody(pasture: Pasture, kind: str) -> None:
    others = _filled_small(pasture)

    with herd(pasture, HABITS[kind]):
        worst = probe_for(PROBING_SECONDS, pasture, others)

    _judge(f"200 {kind}", worst)


def test_slow_clients_of_all_kinds_at_once_hold_up_nobody(pasture: Pasture) -> None:
    others = _filled_small(pasture)

    with ExitStack() as stack:
        for kind in TOGETHER:
            stack.enter_context(herd(pasture, HABITS[kind]))
        worst = probe_for(2 * PROBING_SECONDS, pasture, others)

    _judge("4 x 200 at once", worst)


def test_a_download_in_sixteen_pieces_holds_up_nobody(pasture: Pasture, tmp_path: Path) -> None:
    others = _filled_small(pasture)

    with _aria2(pasture, tmp_path):
        worst = probe_for(PROBING_SECONDS, pasture, others)

    _judge("aria2c -x16", worst)
    assert (tmp_path / "big.bin").read_bytes() == big()


def _filled_small(pasture: Pasture) -> int:
    """A workspace of somebody else."""
    other = replace(pasture.service, token=OTHER)
    workspace = other.new_workspace()
    assert other.put(workspace, "small.tex", b"small").status_code == 201
    return workspace


@contextmanager
def _aria2(pasture: Pasture, directory: Path) -> Iterator[None]:
    program = shutil.which("aria2c")
    assert program, "no aria2c: install the Debian package aria2"
    host, port = pasture.address
    url = f"http://{host}:{port}{API}{V2}/{pasture.workspace}/files/big.bin"
    options = [
        "-q",
        "-x16",
        "-s16",
        "-k1M",
        "--max-overall-download-limit=8M",
        "-d",
        str(directory),
    ]
    token = f"--header=Authorization: {pasture.service.token}"
    fetching = subprocess.Popen([program, *options, token, "-o", "big.bin", url])
    try:
        yield
    finally:
        assert fetching.wait(60) == 0


def _judge(what: str, worst: Worst) -> None:
    print(f"\n{what}: {worst}")
    assert worst.statuses <= {200, 201}
    assert worst.most <= GOAL_SECONDS * FACTOR
