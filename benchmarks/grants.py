"""Grants: leave for two hundred files in one call, and a file that is in the store already."""

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random

from benchmarks.bench import Bench
from benchmarks.driver import Address, Connection, Request, request
from benchmarks.peers import HELLO, bare
from benchmarks.report import Row, at_most, medians, progress, row, seconds
from benchmarks.service import Service, serving

_MANY = 200
_LARGE_BYTES = 32 << 20
_GRANTS = "/uploads/grants"
_SIGNED_FOR_S3 = {
    # Nothing listens there: URLs are signed here, and the store is not asked.
    "FILEMANAGER_S3_ENDPOINT": "http://127.0.0.1:9",
    "FILEMANAGER_S3_BUCKET": "blobs",
    "FILEMANAGER_S3_ACCESS_KEY": "access",
    "FILEMANAGER_S3_SECRET_KEY": "secret",
}


def rows(bench: Bench) -> Iterator[Row]:
    with bare(bench.place("bare")) as peer:
        with bench.serving() as service:
            yield _many(bench, service, peer, "own URLs")
            yield _known(bench, service)
        place = bench.place("signed")
        with serving(place, bench.new_database(), **_SIGNED_FOR_S3) as service:
            yield _many(bench, service, peer, "URLs signed for S3")


def _begin(service: Service, workspace: int, files: dict[str, tuple[int, str]]) -> Request:
    listed = [
        {"path": path, "size": size, "sha256": digest} for path, (size, digest) in files.items()
    ]
    body = json.dumps({"workspace": workspace, "files": listed}).encode()
    headers = {"Authorization": service.token, "Content-Type": "application/json"}
    return request("POST", _GRANTS, headers, body=body)


def _many(bench: Bench, service: Service, peer: Address, kind: str) -> Row:
    progress(f"grant of {_MANY} files, {kind}")
    workspace = service.new_workspace()
    files = {
        f"data/{number}.csv": (5000, sha256(b"%d" % number).hexdigest()) for number in range(_MANY)
    }
    with service.connected() as ours, Connection(peer) as theirs:
        own, limit = medians(
            lambda: ours.ask(_begin(service, workspace, files)).seconds,
            lambda: theirs.ask(HELLO).seconds,
        )
    return row(
        f"grant of {_MANY} files, {kind}, {bench.database}",
        seconds(own),
        f"{seconds(limit)} bare hello",
        own / limit,
        at_most(own, 0.15, "150 ms"),
    )


def _known(bench: Bench, service: Service) -> Row:
    progress("duplicate upload by digest")
    data = Random(1).randbytes(_LARGE_BYTES)
    digest = sha256(data).hexdigest()
    workspace, numbers = service.new_workspace(), count()

    with service.connected() as connection:

        def put() -> float:
            path = f"/workspaces/{workspace}/files/{next(numbers)}.bin"
            return connection.ask(service.put(path, data)).seconds

        def known() -> float:
            named = {f"{next(numbers)}.bin": (_LARGE_BYTES, digest)}
            begun = connection.ask(_begin(service, workspace, named))
            headers = {"Authorization": service.token}
            path = f"{_GRANTS}/{json.loads(begun.body)['id']}:complete"
            return begun.seconds + connection.ask(request("POST", path, headers)).seconds

        put()
        before = _stored_bytes(service.data_dir)
        own, limit = medians(known, put)
    # Not a single time was anything written, by either way.
    moved = _stored_bytes(service.data_dir) - before
    return row(
        f"duplicate 32 MiB by digest (grant): {moved} bytes moved, {bench.database}",
        seconds(own),
        f"{seconds(limit)} put again",
        own / limit,
        at_most(own + moved, 0.2, "200 ms, no byte"),
    )


def _stored_bytes(data_dir: Path) -> int:
    return sum(path.stat().st_size for path in (data_dir / "store").rglob("*") if path.is_file())
