"""The life of the service: it drains, ends, begins again, and shares its data with other nodes."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from random import Random

import pytest
import requests

from builders.papers import a_token, members_of
from servers.postgres import new_postgres_database
from servers.radosgw import Gateway
from servers.service import V2, Service, service, wait_until

pytestmark = pytest.mark.e2e


@cache
def big() -> bytes:
    """More than the buffers of both ends of a connection hold."""
    return Random(1).randbytes(64 << 20)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path / "data") as started:
        yield started


def is_refused(running: Service) -> bool:
    try:
        with socket.create_connection(running.address):
            return False
    except ConnectionRefusedError:
        return True


def test_sigterm_lets_a_download_finish_and_takes_nothing_new(running: Service) -> None:
    workspace = running.new_workspace()
    assert running.put(workspace, "big.bin", big()).ok

    with running.get(f"{V2}/{workspace}/files/big.bin", stream=True) as download:
        running.ask_to_stop()
        wait_until(lambda: is_refused(running), "new connections are refused")
        got = download.content

    assert got == big()
    assert running.ended() == 0


def test_sigterm_lets_an_upload_finish(running: Service) -> None:
    workspace = running.new_workspace()

    def halting() -> Iterator[bytes]:
        yield big()[: 32 << 20]
        running.ask_to_stop()
        wait_until(lambda: is_refused(running), "new connections are refused")
        yield big()[32 << 20 :]

    put = running.put(workspace, "big.bin", halting())

    assert put.status_code == 201
    assert running.ended() == 0


def test_an_idle_service_with_idle_connections_ends_at_once(running: Service) -> None:
    with requests.Session() as idle:
        assert idle.get(f"{running.url}/livez").ok
        running.ask_to_stop()

        assert running.ended() == 0


def test_a_restart_finds_everything_again(tmp_path: Path) -> None:
    with service(tmp_path / "data") as first:
        workspace = first.new_workspace()
        assert first.put(workspace, "a.tex", b"first").ok

    with service(tmp_path / "data") as second:
        assert second.get(f"{V2}/{workspace}/files/a.tex").content == b"first"
        assert second.put(workspace, "b.tex", b"second").ok
        assert second.paths(workspace) == {"a.tex", "b.tex"}


def test_a_start_after_sigkill_finds_what_was_answered(tmp_path: Path) -> None:
    with service(tmp_path / "data") as first:
        workspace = first.new_workspace()
        assert first.put(workspace, "a.tex", b"first").ok
        for pid in (first.process.pid, *first.workers):
            os.kill(pid, signal.SIGKILL)

    with service(tmp_path / "data") as second:
        assert second.get(f"{V2}/{workspace}/files/a.tex").content == b"first"


def test_a_killed_worker_is_replaced(running: Service) -> None:
    workspace = running.new_workspace()
    killed = running.workers[0]

    os.kill(killed, signal.SIGKILL)

    wait_until(lambda: killed not in running.workers and len(running.workers) == 2, "two workers")
    assert running.put(workspace, "a.tex", b"text").status_code == 201


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_three_nodes_that_start_at_once_on_an_empty_database_all_serve(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    if database == "postgres":
        url = new_postgres_database(request.getfixturevalue("postgres_url"))

    def starts(number: int) -> int:
        with service(tmp_path / str(number), FILEMANAGER_DATABASE_URL=url) as node:
            return node.put(node.new_workspace(), "a.tex", b"text").status_code

    with ThreadPoolExecutor(3) as starting:
        assert list(starting.map(starts, range(3))) == [201] * 3


@pytest.mark.s3
@pytest.mark.postgres
def test_two_nodes_show_the_same_files(
    tmp_path: Path, postgres_url: str, s3_gateway: Gateway
) -> None:
    shared = {
        "FILEMANAGER_DATABASE_URL": new_postgres_database(postgres_url),
        "FILEMANAGER_S3_BUCKET": s3_gateway.new_bucket(),
        "FILEMANAGER_S3_ENDPOINT": s3_gateway.endpoint_url,
        "FILEMANAGER_S3_ACCESS_KEY": s3_gateway.access_key,
        "FILEMANAGER_S3_SECRET_KEY": s3_gateway.secret_key,
    }

    with service(tmp_path / "1", **shared) as one, service(tmp_path / "2", **shared) as other:
        workspace = one.new_workspace()
        assert one.put(workspace, "a.tex", b"first").ok
        assert other.put(workspace, "b.bin", big()[: 2 << 20]).ok
        content = one.get(f"{V2}/{workspace}/content.tar.gz").content

        assert members_of(content) == {"a.tex": b"first", "b.bin": big()[: 2 << 20]}
        assert other.get(f"{V2}/{workspace}/content.tar.gz").content == content


@pytest.mark.postgres
def test_periodic_work_is_done_once_by_all_processes_of_two_nodes(
    tmp_path: Path, postgres_url: str
) -> None:
    database = {"FILEMANAGER_DATABASE_URL": new_postgres_database(postgres_url)}

    with service(tmp_path / "1", **database) as one, service(tmp_path / "2", **database) as other:
        wait_until(lambda: [*swept_at(one), *swept_at(other)], "somebody swept")
        for node in (one, other):
            node.ask_to_stop()
            assert node.ended() == 0

    times = [*swept_at(one), *swept_at(other)]
    # Once an hour: one more where the test met the full hour.
    assert len(times) == len({time[: len("2026-11-21T05")] for time in times})


def swept_at(node: Service) -> list[str]:
    lines = [json.loads(line) for line in node.log.read_text().splitlines() if line[:1] == "{"]
    done = [line for line in lines if line["event"] == "periodic_done" and line["name"] == "sweep"]
    return [line["timestamp"] for line in done]


def test_a_killed_worker_leaves_its_counts(running: Service) -> None:
    assert running.get("/status").ok
    for killed in running.workers:
        os.kill(killed, signal.SIGKILL)
        wait_until(partial(_is_gone, running, killed), "it is replaced")
    wait_until(lambda: len(running.workers) == 2, "two workers")

    assert _answers_of_status(running) == 1


def _is_gone(running: Service, worker: int) -> bool:
    return worker not in running.workers


def test_metrics_sum_what_both_workers_did(running: Service) -> None:
    for held in running.workers:
        # The other one answers.
        os.kill(held, signal.SIGSTOP)
        assert running.get("/status").ok
        os.kill(held, signal.SIGCONT)

    assert _answers_of_status(running) == 2


def test_metrics_tell_of_both_workers(running: Service) -> None:
    wait_until(lambda: _metrics(running)["filemanager_processes"] == 2, "both have told of them")

    assert _metrics(running)["filemanager_process_resident_memory_bytes"] > 100 << 20


def test_every_line_of_the_log_has_one_shape(running: Service) -> None:
    assert running.get("/status").ok

    running.ask_to_stop()
    assert running.ended() == 0

    for line in map(json.loads, running.log.read_text().splitlines()):
        assert {"event", "level", "timestamp"} <= set(line)


def _answers_of_status(running: Service) -> float:
    name = 'filemanager_requests_total{method="GET",route="/filemanager/api/status",status="200"}'
    return _metrics(running)[name]


def _metrics(running: Service) -> dict[str, float]:
    operator = a_token("2", "upload:read_service_logs")
    shown = requests.get(f"{running.url}/metrics", headers={"Authorization": operator}, timeout=60)
    lines = (line.rpartition(" ") for line in shown.text.splitlines() if line[:1] != "#")
    return {name: float(value) for name, _, value in lines}
