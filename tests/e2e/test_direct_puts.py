"""Bytes on the wire to a URL of a grant: in chunks, too many, and broken off."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from people.granting import GRANTS, a_file
from servers.disk import files_below
from servers.service import Service, service, wait_until

pytestmark = pytest.mark.e2e

DATA = bytes(range(256)) * (3 << 12)
"""Three MiB."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path / "data") as started:
        yield started


@pytest.fixture
def url(running: Service) -> str:
    """Where ``DATA`` may be put."""
    body = {"workspace": running.new_workspace(), "files": [a_file("a.bin", DATA)]}
    headers = {"Authorization": running.token}
    begun = requests.post(f"{running.url}{GRANTS}", json=body, headers=headers, timeout=60)
    return str(begun.json()["files"][0]["put"]["url"])


def stored(tmp_path: Path) -> list[int]:
    return [*files_below(tmp_path / "data" / "store").values()]


def chunked(data: bytes) -> Iterator[bytes]:
    """Without a length told beforehand."""
    return (data[start : start + 100_000] for start in range(0, len(data), 100_000))


def put(url: str, body: object) -> requests.Response:
    return requests.put(url, data=body, timeout=60)  # type: ignore[arg-type]  # bytes, or chunks


def test_a_body_in_chunks_is_counted(url: str, tmp_path: Path) -> None:
    refused = [put(url, chunked(DATA[:-1])), put(url, chunked(DATA + b"!"))]
    before = stored(tmp_path)

    done = put(url, chunked(DATA))

    assert [one.json()["code"] for one in refused] == ["wrong_length", "request_too_large"]
    assert (before, done.status_code, stored(tmp_path)) == ([], 200, [len(DATA)])


def test_a_body_that_is_too_long_is_refused_before_it_is_read(url: str, tmp_path: Path) -> None:
    refused = put(url, bytes(40 << 20))

    assert (refused.status_code, stored(tmp_path)) == (413, [])


def test_a_body_that_breaks_off_leaves_nothing(running: Service, url: str, tmp_path: Path) -> None:
    head = f"PUT {urlsplit(url).path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(DATA)}\r\n\r\n"
    with closing(socket.create_connection(running.address, timeout=60)) as connection:
        connection.sendall(head.encode() + DATA[: 2 << 20])
        wait_until(lambda: stored(tmp_path), "bytes arrive")

    wait_until(lambda: not stored(tmp_path), "nothing is left")
    assert put(url, DATA).status_code == 200
    assert stored(tmp_path) == [len(DATA)]
