"""Requests as bytes on a connection: what clients and proxies may do, and what they may not."""

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from servers.service import API, V2, Service, service, wait_until

pytestmark = pytest.mark.e2e

STALL_SECONDS = "3"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data_dir: Path = tmp_path_factory.mktemp("wire") / "data"
    with service(
        data_dir, FILEMANAGER_STALL_SECONDS=STALL_SECONDS, FILEMANAGER_HEADER_SECONDS="1"
    ) as started:
        yield started


@pytest.fixture
def workspace(running: Service) -> int:
    return running.new_workspace()


@pytest.fixture
def connection(running: Service) -> Iterator[socket.socket]:
    with closing(socket.create_connection(running.address, timeout=60)) as connected:
        yield connected


def head(running: Service, workspace: int, *headers: str) -> bytes:
    """The start of a PUT of ``a.tex``, up to the empty line."""
    lines = [
        f"PUT {API}{V2}/{workspace}/files/a.tex HTTP/1.1",
        "Host: localhost",
        f"Authorization: {running.token}",
        *headers,
    ]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def status(connection: socket.socket) -> int:
    """Of the next answer's head; the rest is left."""
    line = b""
    while not line.endswith(b"\r\n"):
        byte = connection.recv(1)
        assert byte, f"closed after {line!r}"
        line += byte
    return int(line.split()[1])


def everything(connection: socket.socket) -> bytes:
    """Whatever comes until the service closes the connection."""
    got = b""
    while more := connection.recv(65536):
        got += more
    return got


def test_a_chunked_body_is_taken(running: Service, workspace: int) -> None:
    put = running.put(workspace, "a.tex", iter([b"one ", b"two"]))

    assert put.status_code == 201
    assert running.get(f"{V2}/{workspace}/files/a.tex").content == b"one two"


def test_a_form_in_chunks_is_taken(running: Service, workspace: int) -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.tex"\r\n\r\ntext'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}

    sent = running.call(
        "POST", f"/{workspace}", data=iter([form, b"\r\n--b--\r\n"]), headers=headers
    )

    assert sent.status_code == 201, sent.text
    assert running.get(f"{V2}/{workspace}/files/a.tex").content == b"text"


def test_a_client_that_waits_for_100_is_told_to_go_on(
    running: Service, workspace: int, connection: socket.socket
) -> None:
    connection.sendall(head(running, workspace, "Content-Length: 4", "Expect: 100-continue"))

    assert status(connection) == 100
    assert connection.recv(2) == b"\r\n"
    connection.sendall(b"text")
    assert status(connection) == 201


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 4"),
        ("Content-Length: 4", "Content-Length: 5"),
        ("Content-Length: +4",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding: xchunked",),
    ],
)
def test_a_body_of_two_lengths_is_refused(
    running: Service, workspace: int, connection: socket.socket, headers: tuple[str, ...]
) -> None:
    connection.sendall(head(running, workspace, *headers) + b"4\r\ntext\r\n0\r\n\r\n")

    # 501 is for transfer codings that nobody knows (RFC 9112, 6.1).
    assert status(connection) in (400, 501)
    assert running.paths(workspace) == set()


def test_little_is_taken_of_a_large_body_that_is_refused(
    running: Service, workspace: int, connection: socket.socket
) -> None:
    assert running.call("POST", f"/{workspace}/lock").status_code == 200
    connection.sendall(head(running, workspace, f"Content-Length: {400 << 20}"))

    sent = 0
    with suppress(OSError):
        while sent < 400 << 20:
            sent += connection.send(bytes(1 << 20))

    # The buffers of both ends hold some megabytes besides what is taken.
    assert sent < 64 << 20


def test_curl_sees_why_a_large_body_is_refused(
    running: Service, workspace: int, tmp_path: Path
) -> None:
    assert running.call("POST", f"/{workspace}/lock").status_code == 200
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(400 << 20)

    url = f"{running.url}{API}{V2}/{workspace}/files/a.bin"
    token = f"Authorization: {running.token}"
    command = ["curl", "-sS", "-T", str(large), "-H", token, "-H", "Expect:", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert '"code": "workspace_locked"' in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Content-Length: 10",), b"text"),
        (("Transfer-Encoding: chunked",), b""),
        (("Transfer-Encoding: chunked",), b"4\r\nte"),
        (("Transfer-Encoding: chunked",), b"4\r\ntext\r\n"),
        (("Transfer-Encoding: chunked",), b"4\r\ntext\r\n0\r\n"),
        (("Transfer-Encoding: chunked",), b"4\r\ntext\r\n-1\r\n"),
        (("Transfer-Encoding: chunked",), b"4\r\ntextXX"),
        (("Transfer-Encoding: chunked",), b"nonsense\r\n"),
    ],
)
def test_a_body_that_ends_early_or_is_no_body_adds_nothing(
    running: Service,
    workspace: int,
    connection: socket.socket,
    headers: tuple[str, ...],
    body: bytes,
) -> None:
    connection.sendall(head(running, workspace, *headers) + body)
    connection.shutdown(socket.SHUT_WR)

    answer = everything(connection)

    assert answer.startswith(b"HTTP/1.1 400 ") or not answer
    assert running.paths(workspace) == set()


def test_a_slow_body_holds_up_nobody_else(
    running: Service, workspace: int, connection: socket.socket
) -> None:
    connection.sendall(head(running, workspace, "Content-Length: 4") + b"te")

    others = [running.put(workspace, f"{n}.tex", b"other").status_code for n in range(20)]
    connection.sendall(b"xt")

    assert others == [201] * 20
    assert status(connection) == 201
    assert "a.tex" in running.paths(workspace)


@pytest.mark.parametrize("beginning", ["", "GET / HTTP/1.1\r\nHost: x\r\n", "PUT"])
def test_connections_that_stand_still_are_ended_and_their_threads_serve_again(
    running: Service, workspace: int, beginning: str
) -> None:
    body = head(running, workspace, "Content-Length: 4") + b"te"
    # More than the service has threads.
    still = [socket.create_connection(running.address, timeout=60) for _ in range(20)]
    for one in still:
        one.sendall(beginning.encode() or body)

    assert running.put(workspace, "b.tex", b"other").status_code == 201
    for one in still:
        with closing(one):
            everything(one)
    assert running.paths(workspace) == {"b.tex"}


def test_a_reader_that_stands_still_holds_no_thread_for_ever(
    running: Service, workspace: int
) -> None:
    assert running.put(workspace, "big.bin", bytes(range(256)) * (64 << 12)).ok
    path = f"{API}{V2}/{workspace}/files/big.bin"
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {running.token}\r\n\r\n".encode()
    still = [socket.create_connection(running.address, timeout=60) for _ in range(16)]
    for one in still:
        one.sendall(request)

    assert running.get("/status").status_code == 200
    for one in still:
        one.close()


def test_a_client_that_goes_away_leaves_no_trace_but_a_line(
    running: Service, workspace: int
) -> None:
    with closing(socket.create_connection(running.address)) as gone:
        gone.sendall(head(running, workspace, "Content-Length: 400") + b"te")

    wait_until(lambda: _ended(running, workspace), "the request has ended")
    assert '"event": "unexpected"' not in running.log.read_text()


def _ended(running: Service, workspace: int) -> bool:
    lines = [json.loads(line) for line in running.log.read_text().splitlines() if line[0] == "{"]
    path = f"{API}{V2}/{workspace}/files/a.tex"
    return any(line.get("path") == path for line in lines)
