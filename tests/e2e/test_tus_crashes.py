"""Uploads by tus while processes are killed: whole files, once."""

import os
import signal
import socket
from contextlib import closing, suppress
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests

from people.following import led_to, status_of
from people.tus_uploader import MEDIA, TUS, metadata
from servers.postgres import new_postgres_database
from servers.service import V2, Service, service, wait_until

pytestmark = pytest.mark.e2e

SEGMENT = 16 << 20
QUICK = {"FILEMANAGER_LEASE_SECONDS": "2"}


@cache
def content() -> bytes:
    return Random(9).randbytes(40 << 20)


def tus(node: Service, method: str, path: str, data: Any = b"", **more: str) -> requests.Response:
    headers = {"Authorization": node.token, "Tus-Resumable": "1.0.0", "Content-Type": MEDIA}
    sent = headers | {name.replace("_", "-"): value for name, value in more.items()}
    return requests.request(method, f"{node.url}{path}", data=data, headers=sent, timeout=60)


def begin(node: Service) -> tuple[int, str]:
    """A workspace, and the path of an upload into it."""
    workspace = int(node.call("POST", V2, json={"profile": "generic"}).json()["id"])
    wanted = metadata({"workspace": workspace, "filename": "a.bin"})
    made = tus(node, "POST", TUS, Upload_Length=str(len(content())), Upload_Metadata=wanted)
    assert made.status_code == 201, made.text
    return workspace, led_to(made)


def received_bytes(node: Service, url: str) -> int:
    headers = {"Authorization": node.token}
    shown = requests.get(f"{node.url}{url.replace(TUS, '/uploads')}", headers=headers, timeout=60)
    return int(shown.json()["received_bytes"])


def offset(node: Service, url: str) -> int:
    return int(tus(node, "HEAD", url).headers["Upload-Offset"])


def append(node: Service, url: str, data: bytes, start: int) -> requests.Response:
    return tus(node, "PATCH", url, data, Upload_Offset=str(start))


def finish(node: Service, url: str) -> str:
    """Send the rest; returns the path of the job."""
    start = offset(node, url)
    last = append(node, url, content()[start:], start)
    assert last.status_code == 204, last.text
    return status_of(last)


def state_of(node: Service, job: str) -> str:
    headers = {"Authorization": node.token}
    return str(requests.get(f"{node.url}{job}", headers=headers, timeout=60).json()["state"])


def ensure_received_once(node: Service, workspace: int) -> None:
    assert node.get(f"{V2}/{workspace}/files/a.bin").content == content()
    assert node.get(f"{V2}/{workspace}").json()["revision"] == 1
    assert node.paths(workspace) == {"a.bin"}


def kill(node: Service) -> None:
    for pid in (node.process.pid, *node.workers):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def half_a_patch(node: Service, url: str, size: int) -> HTTPConnection:
    """A PATCH of everything, of which *size* bytes are sent and the rest never comes."""
    connection = HTTPConnection(*node.address, timeout=60)
    connection.putrequest("PATCH", url)
    headers = {
        "Authorization": node.token, "Tus-Resumable": "1.0.0", "Content-Type": MEDIA,
        "Upload-Offset": "0", "Content-Length": str(len(content())),
    }  # fmt: skip
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(content()[:size])
    return connection


def test_whole_segments_outlive_a_server_killed_within_a_patch(tmp_path: Path) -> None:
    with service(tmp_path / "data") as first:
        workspace, url = begin(first)
        with closing(half_a_patch(first, url, SEGMENT + (1 << 20))):
            wait_until(lambda: received_bytes(first, url) == SEGMENT, "the first segment counts")
            kill(first)

    with service(tmp_path / "data", **QUICK) as second:
        assert offset(second, url) == SEGMENT
        job = finish(second, url)
        wait_until(lambda: state_of(second, job) == "done", "the upload is received")
        ensure_received_once(second, workspace)


def test_bytes_before_a_broken_connection_count(tmp_path: Path) -> None:
    sent = (2 << 20) + 12_345
    with service(tmp_path / "data", **QUICK) as node:
        workspace, url = begin(node)
        with closing(half_a_patch(node, url, sent)) as connection:
            connection.sock.shutdown(socket.SHUT_WR)
            wait_until(lambda: received_bytes(node, url) > 0, "what came counts")

        assert offset(node, url) == sent
        job = finish(node, url)
        wait_until(lambda: state_of(node, job) == "done", "the upload is received")
        ensure_received_once(node, workspace)


def test_a_silent_client_is_overtaken(tmp_path: Path) -> None:
    with service(tmp_path / "data", **QUICK) as node:
        workspace, url = begin(node)
        with closing(half_a_patch(node, url, 1 << 20)) as silent:
            wait_until(lambda: offset(node, url) == 0, "the other is the writer")
            job = finish(node, url)
            silent.sock.shutdown(socket.SHUT_WR)
            refused = silent.getresponse()

        wait_until(lambda: state_of(node, job) == "done", "the upload is received")
        assert refused.status == 409
        ensure_received_once(node, workspace)


@pytest.mark.postgres
def test_chunks_go_to_two_nodes_in_turns(tmp_path: Path, postgres_url: str) -> None:
    """They share the database, and the store by a link."""
    database = {"FILEMANAGER_DATABASE_URL": new_postgres_database(postgres_url), **QUICK}
    with service(tmp_path / "1", **database) as one:
        (tmp_path / "2").mkdir()
        (tmp_path / "2" / "store").symlink_to(tmp_path / "1" / "store")
        with service(tmp_path / "2", **database) as other:
            workspace, url = begin(one)
            for number in range(10):
                node, start = (one, other)[number % 2], number << 22
                last = append(node, url, content()[start : start + (1 << 22)], start)
                assert last.status_code == 204
            job = status_of(last)
            wait_until(lambda: state_of(one, job) == "done", "the upload is received")

            ensure_received_once(other, workspace)


def test_a_job_whose_worker_is_killed_is_done_once(tmp_path: Path) -> None:
    with service(tmp_path / "data", **QUICK) as first:
        workspace, url = begin(first)
        job = finish(first, url)
        wait_until(lambda: state_of(first, job) != "waiting", "a worker has begun")
        kill(first)

    with service(tmp_path / "data", **QUICK) as second:
        wait_until(lambda: state_of(second, job) == "done", "the upload is received")
        ensure_received_once(second, workspace)
