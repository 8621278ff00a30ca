"""Too many slow requests at once: the slowest is told to come again, and nobody else is."""

import json
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import requests

from people.following import led_to
from servers.service import API, V2, Service, service

pytestmark = pytest.mark.e2e

KEPT = 4


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data_dir: Path = tmp_path_factory.mktemp("slow") / "data"
    few = {"FILEMANAGER_WORKERS": "1", "FILEMANAGER_SLOW_BODIES": str(KEPT)}
    with service(data_dir, **few) as started:
        yield started


@pytest.fixture
def kept(running: Service) -> Iterator[list[socket.socket]]:
    """As many slow uploads as the process keeps, each with more bytes than what comes later."""
    workspace = running.new_workspace()
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                begun(running, "PUT", f"{API}{V2}/{workspace}/files/{n}.tex", bytes(5000))
            )
            for n in range(KEPT)
        ]


def begun(
    running: Service, method: str, path: str, first: bytes, *headers: str
) -> closing[socket.socket]:
    """A request of 10,000 bytes of which *first* are sent."""
    connection = socket.create_connection(running.address, timeout=60)
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Content-Length: 10000"]
    lines += [f"Authorization: {running.token}", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode() + first)
    return closing(connection)


def answer(connection: socket.socket) -> tuple[str, str]:
    """Head and body of what comes until the service closes."""
    got = b""
    while more := connection.recv(65536):
        got += more
    head, _, body = got.decode().partition("\r\n\r\n")
    return head, body


@pytest.mark.usefixtures("kept")
def test_one_too_many_is_told_to_come_again(running: Service) -> None:
    workspace = running.new_workspace()

    with begun(running, "PUT", f"{API}{V2}/{workspace}/files/a.tex", b"x") as slowest:
        head, body = answer(slowest)

    assert head.startswith("HTTP/1.1 503 ")
    assert "Retry-After: 5" in head
    assert "Connection: close" in head
    assert json.loads(body)["code"] == "too_slow"
    assert running.paths(workspace) == set()


@pytest.mark.usefixtures("kept")
def test_tus_keeps_what_came_of_one_too_many(running: Service) -> None:
    workspace = running.new_workspace()
    headers = {"Tus-Resumable": "1.0.0", "Authorization": running.token}
    told = {"Upload-Length": "10000", "Upload-Metadata": f"workspace {_base64(workspace)}"}
    told["Upload-Metadata"] += ",filename YS50ZXg="
    made = requests.post(f"{running.url}/uploads/tus", headers=headers | told, timeout=60)
    assert made.status_code == 201, made.text
    path = led_to(made)
    more = ("Tus-Resumable: 1.0.0", "Upload-Offset: 0")
    media = "Content-Type: application/offset+octet-stream"

    with begun(running, "PATCH", path, b"what came", *more, media) as slowest:
        head, _ = answer(slowest)
    kept = requests.head(f"{running.url}{path}", headers=headers, timeout=60)

    assert head.startswith("HTTP/1.1 503 ")
    assert "Retry-After: 5" in head
    assert kept.headers["Upload-Offset"] == str(len("what came"))


def _base64(number: int) -> str:
    return b64encode(str(number).encode()).decode()


def test_those_that_are_kept_are_taken_in_the_end(
    running: Service, kept: list[socket.socket]
) -> None:
    workspace = running.new_workspace()
    with begun(running, "PUT", f"{API}{V2}/{workspace}/files/a.tex", b"x") as slowest:
        assert answer(slowest)[0].startswith("HTTP/1.1 503 ")

    for one in kept:
        one.sendall(bytes(5000))
    heads = [one.recv(65536) for one in kept]

    assert [head[:13] for head in heads] == [b"HTTP/1.1 201 "] * KEPT


@pytest.mark.usefixtures("kept")
def test_fast_requests_are_never_refused(running: Service) -> None:
    workspace = running.new_workspace()

    puts = [running.put(workspace, f"{n}.tex", b"text").status_code for n in range(20)]

    assert puts == [201] * 20
