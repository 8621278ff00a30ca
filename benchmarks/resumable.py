"""Uploads by tus beside a raw PUT: bytes are safe by the last answer, received by a job."""

import base64
import json
import re
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urljoin

from benchmarks.bench import Bench
from benchmarks.driver import Connection, Request, request
from benchmarks.papers import LargeFile
from benchmarks.report import NO_GOAL, Row, medians, progress, row, seconds
from benchmarks.service import Service
from benchmarks.upload_peers import UploadPeer, upload_peers

_FILE_BYTES = 100 << 20
_PIECE_BYTES = 16 << 20
_PAUSE_SECONDS = 0.05
_TUS = "/uploads/tus"
_JOB = re.compile(rb"^link: <[^>]*(/jobs/\w+)>", re.IGNORECASE | re.MULTILINE)
_LOCATION = re.compile(rb"^location: (\S+)", re.IGNORECASE | re.MULTILINE)


def rows(bench: Bench) -> Iterator[Row]:
    with bench.serving() as service:
        file = LargeFile(bench.place("sent") / "large.bin", _FILE_BYTES)
        progress("100 MiB by tus")
        put, whole, pieces, received = medians(
            lambda: _put(service, file.renew()),
            lambda: _sent(service, file.renew(), _FILE_BYTES),
            lambda: _sent(service, file.renew(), _PIECE_BYTES),
            lambda: _received(service, file.renew()),
        )
        others = list(_beside_peers(bench, file))
    peer = f"{seconds(put)} raw PUT"
    for work, own in (
        ("100 MiB tus, one PATCH, until its bytes are safe", whole),
        ("100 MiB tus, PATCHes of 16 MiB, until its bytes are safe", pieces),
        ("100 MiB tus, one PATCH, until it is in the workspace", received),
    ):
        yield row(work, seconds(own), peer, own / put, NO_GOAL)
    for name, theirs in others:
        peer = f"{seconds(theirs)} {name}"
        yield row("100 MiB raw PUT", seconds(put), peer, put / theirs, NO_GOAL)


def _beside_peers(bench: Bench, file: LargeFile) -> Iterator[tuple[str, float]]:
    numbers = count()
    with upload_peers(bench.place("peers")) as peers:
        for peer in peers.values():
            progress(f"the same by {peer.name}")

            def taken(peer: UploadPeer = peer) -> float:
                with Connection(peer.address) as connection:
                    return connection.ask(
                        peer.upload(f"large{next(numbers)}.bin", file.renew())
                    ).seconds

            (theirs,) = medians(taken)
            yield peer.name, theirs


def _put(service: Service, path: Path) -> float:
    target = f"/workspaces/{service.new_workspace()}/files/large.bin"
    with service.connected() as connection:
        return connection.ask(service.put(target, path)).seconds


def _sent(service: Service, path: Path, piece_bytes: int) -> float:
    with service.connected() as connection:
        began = time.perf_counter()
        job = _upload(service, connection, path, piece_bytes)
        taken = time.perf_counter() - began
        # What is done with it afterwards must not meet the next measure.
        _wait(service, connection, job)
        return taken


def _received(service: Service, path: Path) -> float:
    with service.connected() as connection:
        began = time.perf_counter()
        _wait(service, connection, _upload(service, connection, path, _FILE_BYTES))
        return time.perf_counter() - began


def _upload(service: Service, connection: Connection, path: Path, piece_bytes: int) -> str:
    """Begin an upload and send it; returns the path of its job."""
    place = connection.ask(_creation(service, service.new_workspace())).head
    url = urljoin(_TUS, _found(_LOCATION, place))
    head = b""
    for offset in range(0, _FILE_BYTES, piece_bytes):
        head = connection.ask(_patch(service, url, path, offset, piece_bytes)).head
    return _found(_JOB, head)


def _creation(service: Service, workspace: int) -> Request:
    named = {"workspace": str(workspace), "filename": "large.bin"}
    pairs = (f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in named.items())
    headers = {"Upload-Length": str(_FILE_BYTES), "Upload-Metadata": ",".join(pairs)}
    return request("POST", _TUS, _headers(service, headers))


def _patch(service: Service, url: str, path: Path, offset: int, piece_bytes: int) -> Request:
    sent = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    headers = _headers(service, sent)
    if piece_bytes == _FILE_BYTES:
        return request("PATCH", url, headers, file=path)
    with path.open("rb") as file:
        file.seek(offset)
        return request("PATCH", url, headers, body=file.read(piece_bytes))


def _headers(service: Service, more: dict[str, str]) -> dict[str, str]:
    return {"Authorization": service.token, "Tus-Resumable": "1.0.0", **more}


def _wait(service: Service, connection: Connection, job: str) -> None:
    while True:
        answer = connection.ask(request("GET", job, {"Authorization": service.token}))
        state = json.loads(answer.body)["state"]
        if state == "done":
            return
        if state == "failed":
            raise RuntimeError(f"The upload was not received: {answer.body!r}")
        time.sleep(_PAUSE_SECONDS)


def _found(pattern: re.Pattern[bytes], head: bytes) -> str:
    found = pattern.search(head)
    if found is None:
        raise RuntimeError(f"An answer without it: {head!r}")
    return found[1].decode()
