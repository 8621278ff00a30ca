"""The content of a workspace as one archive, asked for right after a change."""

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.driver import Address, Answer, Connection, request
from benchmarks.papers import LargeFile, Tarball, picture, tex_files
from benchmarks.peers import nginx
from benchmarks.report import (
    NO_GOAL,
    Row,
    at_least,
    at_most,
    costing,
    medians,
    progress,
    row,
    seconds,
)
from benchmarks.service import Service

_PICTURES = 100
_PICTURE_BYTES = 1 << 20
_MANY = 20_000
_TEXT_BYTES = 400
_NGINX_FILE = "content.bin"
_COUNTED = 10


def rows(bench: Bench) -> Iterator[Row]:
    served = bench.place("served")
    LargeFile(served / _NGINX_FILE, _PICTURES * _PICTURE_BYTES)
    with bench.serving() as service, nginx(served) as peer:
        pictures = {f"figure{n:03}.png": picture(n, _PICTURE_BYTES) for n in range(_PICTURES)}
        yield _throughput(service, peer, _filled(bench, service, pictures))
        yield _raw(bench, service, peer)
        yield from _first_byte(
            service, _filled(bench, service, tex_files(_MANY, _TEXT_BYTES, "many/"))
        )


def _filled(bench: Bench, service: Service, files: dict[str, bytes]) -> int:
    progress(f"a workspace of {len(files):,} files")
    workspace = service.new_workspace()
    sent = bench.place("sent") / "sent.tar.gz"
    sent.write_bytes(Tarball(files).made())
    _put(service, workspace, "sent.tar.gz", sent)
    return workspace


def _put(service: Service, workspace: int, name: str, sent: bytes | Path) -> None:
    with service.connected() as connection:
        connection.ask(service.put(f"/workspaces/{workspace}/files/{name}", sent))


def _content(service: Service, workspace: int) -> Answer:
    return service.ask("GET", f"/v2/workspaces/{workspace}/content.tar.gz")


def _changed_content(service: Service, workspace: int) -> Answer:
    revision = service.shown(f"/v2/workspaces/{workspace}")["revision"]
    _put(service, workspace, "changed.txt", f"Changed after revision {revision}.\n".encode())
    return _content(service, workspace)


def _throughput(service: Service, peer: Address | None, workspace: int) -> Row:
    progress("content.tar.gz, 100 MB")
    work = "content.tar.gz, 100 MB, right after a change"

    def ours() -> float:
        answer = _changed_content(service, workspace)
        return answer.body_bytes / answer.seconds

    found = _beside_nginx(work, ours, peer, 0.8)
    return costing(found, _cost(service, lambda: _content(service, workspace)))


def _raw(bench: Bench, service: Service, peer: Address | None) -> Row:
    progress("one raw file, 100 MB")
    sent = LargeFile(bench.place("sent") / _NGINX_FILE, _PICTURES * _PICTURE_BYTES).path
    workspace = service.new_workspace()
    _put(service, workspace, _NGINX_FILE, sent)
    path = f"/v2/workspaces/{workspace}/files/{_NGINX_FILE}"

    def ours() -> float:
        answer = service.ask("GET", path)
        return answer.body_bytes / answer.seconds

    found = _beside_nginx("one raw file of 100 MB", ours, peer, 0.85)
    return costing(found, _cost(service, ours))


def _beside_nginx(work: str, ours: Callable[[], float], peer: Address | None, share: float) -> Row:
    if peer is None:
        (own,) = medians(ours)
        return row(work, _speed(own), "nginx is not installed", None, NO_GOAL)
    own, sendfile = medians(ours, lambda: _served(peer))
    ratio = own / sendfile
    goal = at_least(ratio, share, f"{share} times nginx")
    return row(work, _speed(own), f"{_speed(sendfile)} nginx sendfile", ratio, goal)


def _cost(service: Service, ask: Callable[[], object]) -> str:
    """Asked again, so without what a change costs."""
    before = service.cpu_seconds()
    for _ in range(_COUNTED):
        ask()
    return f"{1000 * (service.cpu_seconds() - before) / _COUNTED:.0f} ms CPU"


def _served(peer: Address) -> float:
    with Connection(peer) as connection:
        answer = connection.ask(request("GET", f"/{_NGINX_FILE}", {}))
    return answer.body_bytes / answer.seconds


def _speed(value: float) -> str:
    return f"{value / 1e6:,.0f} MB/s"


def _first_byte(service: Service, workspace: int) -> Iterator[Row]:
    progress("first byte at 20,000 files")
    changed, known = medians(
        lambda: _changed_content(service, workspace).first_byte_seconds,
        lambda: _content(service, workspace).first_byte_seconds,
    )
    yield row(
        "its first byte at 20,000 files, right after a change",
        seconds(changed),
        f"{seconds(known)} asked again",
        changed / known,
        at_most(changed / known, 1.5, "1.5 times of asking again"),
    )
