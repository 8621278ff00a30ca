"""Many small requests: uploads of a paper, the summary, asking whether content changed."""

from collections.abc import Iterator
from itertools import repeat

from benchmarks.bench import Bench
from benchmarks.driver import Address, Request, load
from benchmarks.papers import Tarball, tex_files
from benchmarks.peers import HELLO, bare, form_post
from benchmarks.report import Row, at_least, medians, progress, rate, row
from benchmarks.service import API, Service

FILES = 20
FILE_BYTES = 5000
_UPLOADERS = 4
_UPLOADS = 60
_READERS = 8
_READ_SECONDS = 0.8
_LONG_SECONDS = 60.0


def rows(bench: Bench) -> Iterator[Row]:
    paper = Tarball(tex_files(FILES, FILE_BYTES))
    with bench.serving() as service, bare(bench.place("bare")) as peer:
        yield _uploads(bench, service, peer, paper)
        with service.connected() as connection:
            made = connection.ask(service.form("/", "paper.tar.gz", paper.made()))
        workspace = _location(made.head)
        yield from _reads(bench, service, peer, workspace)


def _location(head: bytes) -> str:
    """The path of a new workspace below the API's."""
    found = head.decode().split("\r\nLocation: ")[1].split("\r\n")[0]
    return found.partition(API)[2]


def _uploads(bench: Bench, service: Service, peer: Address, paper: Tarball) -> Row:
    progress("uploads of 20 files")

    def ours() -> float:
        sent = [paper.made() for _ in range(_UPLOADERS * _UPLOADS)]
        return load(
            service.address,
            _UPLOADERS,
            _LONG_SECONDS,
            lambda client: [
                service.form("/", "paper.tar.gz", one) for one in sent[client::_UPLOADERS]
            ],
        ).rate

    def theirs() -> float:
        same = form_post(paper.made())
        return load(peer, _UPLOADERS, _LONG_SECONDS, lambda _: repeat(same, _UPLOADS)).rate

    own, limit = medians(ours, theirs)
    return row(
        f"48 kB tar.gz of 20 TeX files -> workspace, 4 clients, {bench.database}",
        rate(own),
        f"{rate(limit)} bare form + fsync",
        own / limit,
        at_least(own, 300, "300/s"),
    )


def _reads(bench: Bench, service: Service, peer: Address, workspace: str) -> Iterator[Row]:
    is_sqlite = bench.database == "SQLite"
    content = f"{workspace}/content"
    tag = service.ask("HEAD", content).head.decode().split("\r\nETag: ")[1].split("\r\n")[0]
    revision = str(service.shown(f"/v2/workspaces{workspace}")["revision"])
    goals: list[tuple[str, Request, int]] = [
        ("summary of 20 files", service.request("GET", workspace), 2500 if is_sqlite else 1500),
        ("HEAD content", service.request("HEAD", content), 3000),
        ("304 of content", service.request("GET", content, If_None_Match=tag), 3000),
        (
            "304 of a v2 workspace",
            service.request("GET", f"/v2/workspaces{workspace}", If_None_Match=f'"{revision}"'),
            3000,
        ),
    ]
    for name, asked, goal in goals:
        progress(name)
        own, hello = medians(
            lambda asked=asked: _read(service.address, asked),  # type: ignore[misc]  # a default binds the loop's value
            lambda: _read(peer, HELLO),
        )
        yield row(
            f"{name}, {bench.database}",
            rate(own),
            f"{rate(hello)} bare hello",
            own / hello,
            at_least(own, goal, rate(goal)),
        )


def _read(address: Address, asked: Request) -> float:
    return load(address, _READERS, _READ_SECONDS, lambda _: repeat(asked)).rate
