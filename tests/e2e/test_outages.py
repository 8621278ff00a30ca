"""What the service stands on goes away: it refuses, loses nothing, and recovers by itself."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest
import requests
from sqlalchemy import NullPool, create_engine, make_url, text

from filemanager.domain.blobs.blob import SMALL_PACK_BYTES
from servers.disk import files_below
from servers.postgres import new_postgres_database
from servers.service import API, V2, Service, service, wait_until

pytestmark = pytest.mark.e2e

MIB = 1 << 20
SCRATCH_BYTES = 8 * MIB
"""Half of it for each of the two processes."""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def running(data_dir: Path) -> Iterator[Service]:
    with service(data_dir, FILEMANAGER_SCRATCH_BYTES=str(SCRATCH_BYTES)) as started:
        yield started


def ensure_try_again(answer: requests.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) > 0


def stored_files(data_dir: Path) -> list[Path]:
    """Everything in the store and in the scratch space."""
    return [*files_below(data_dir / "store", data_dir / "scratch")]


@pytest.mark.parametrize("path", ["/", "/{workspace}", f"{V2}/{{workspace}}/files/a.bin"])
def test_a_body_beyond_the_scratch_space_is_refused_before_it_is_sent(
    running: Service, path: str
) -> None:
    workspace = running.new_workspace()
    method = "PUT" if path.endswith("a.bin") else "POST"
    lines = [
        f"{method} {API}{path.format(workspace=workspace)} HTTP/1.1",
        "Host: localhost",
        f"Authorization: {running.token}",
        "Content-Type: multipart/form-data; boundary=b",
        f"Content-Length: {5 * MIB}",
    ]

    with closing(socket.create_connection(running.address, timeout=60)) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in [*lines, ""]).encode())
        head = connection.recv(4096)

    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: " in head


def test_scratch_that_fills_on_the_way_leaves_nothing_and_serves_on(
    running: Service, data_dir: Path
) -> None:
    workspace = running.new_workspace()

    for _ in range(6):
        ensure_try_again(running.put(workspace, "big.bin", iter([bytes(MIB)] * 6)))

    assert running.paths(workspace) == set()
    assert stored_files(data_dir) == []
    for number in range(6):
        fitting = iter([bytes(MIB)] * 3)
        assert running.put(workspace, f"{number}.bin", fitting).status_code == 201


def test_a_store_that_is_gone_is_said_to_be_and_is_used_again_when_it_returns(
    running: Service, data_dir: Path
) -> None:
    # What is smaller lies in rows.
    first, second = (Random(seed).randbytes(SMALL_PACK_BYTES + 1) for seed in (1, 2))
    workspace = running.new_workspace()
    assert running.put(workspace, "a.bin", first).ok
    place = f"{V2}/{workspace}/files/a.bin"

    (data_dir / "store").rename(data_dir / "away")
    ensure_try_again(running.put(workspace, "b.bin", second))
    ensure_try_again(running.get(place))
    ensure_try_again(running.get(f"{V2}/{workspace}/content.tar.gz"))
    assert requests.get(f"{running.url}/readyz", timeout=60).status_code == 503
    assert [file["name"] for file in running.get(f"/{workspace}").json()["files"]] == ["a.bin"]
    (data_dir / "away").rename(data_dir / "store")

    assert running.get(place).content == first
    assert running.put(workspace, "b.bin", second).status_code == 201
    assert requests.get(f"{running.url}/readyz", timeout=60).status_code == 200


@pytest.mark.postgres
def test_a_database_that_is_gone_is_said_to_be_and_is_used_again_when_it_returns(
    data_dir: Path, postgres_url: str
) -> None:
    url = new_postgres_database(postgres_url)
    with service(data_dir, FILEMANAGER_DATABASE_URL=url) as running:
        workspace = running.new_workspace()
        assert running.put(workspace, "a.tex", b"first").ok

        with no_connections(postgres_url, url):
            status = running.get("/status")
            assert (status.status_code, status.json()) == (503, {"database": False})
            ensure_try_again(running.put(workspace, "b.tex", b"second"))
            ensure_try_again(running.get(f"{V2}/{workspace}"))
            assert requests.get(f"{running.url}/readyz", timeout=60).status_code == 503
            assert requests.get(f"{running.url}/livez", timeout=60).status_code == 200

        wait_until(lambda: running.get("/status").ok, "the database answers")
        assert running.put(workspace, "b.tex", b"second").status_code == 201
        assert running.paths(workspace) == {"a.tex", "b.tex"}


@contextmanager
def no_connections(server_url: str, url: str) -> Iterator[None]:
    """The server ends all connections to a database, and takes no new ones for a while."""
    name = make_url(url).database
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        ended = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(ended, {"name": name})
        yield
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
