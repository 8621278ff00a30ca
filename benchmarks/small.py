"""Many small requests: uploads of a paper, the summary, asking whether content changed.

Goals are ratios to a bare handler of the same run.
"""

from collections.abc import Iterator
from itertools import count, product, repeat
from statistics import median

from benchmarks.bench import Bench
from benchmarks.costs import cost
from benchmarks.driver import Address, Load, Request, Work, load
from benchmarks.papers import Tarball, tex_files
from benchmarks.peers import HELLO, bare, form_post
from benchmarks.report import Row, at_least, costing, medians, progress, rate, row, seconds
from benchmarks.service import API, Service

FILES = 20
FILE_BYTES = 5000
_UPLOADERS = 4
_UPLOADS = 60
_READERS = 8
_CROWDS = (8, 64)
_READ_SECONDS = 0.5
_LONG_SECONDS = 60.0
_COUNTED, _COUNTED_READS = 10, 300
_FEW, _FEW_BYTES = 4, 7000


def rows(bench: Bench) -> Iterator[Row]:
    paper = Tarball(tex_files(FILES, FILE_BYTES))
    with bench.serving() as service, bare(bench.place("bare")) as peer:
        yield _uploads(bench, service, peer, paper)
        with service.connected() as connection:
            made = connection.ask(service.form("/", "paper.tar.gz", paper.made()))
        workspace = _location(made.head)
        yield from _reads(bench, service, peer, workspace)
    yield from _crowd(bench, paper)


def _location(head: bytes) -> str:
    """The path of a new workspace below the API's."""
    found = head.decode().split("\r\nLocation: ")[1].split("\r\n")[0]
    return found.partition(API)[2]


def _uploads(bench: Bench, service: Service, peer: Address, paper: Tarball) -> Row:
    progress("uploads of 20 files")

    def upload(each: int = _UPLOADS) -> Load:
        sent = [paper.made() for _ in range(_UPLOADERS * each)]
        return load(
            service.address,
            _UPLOADERS,
            _LONG_SECONDS,
            lambda client: [
                service.form("/", "paper.tar.gz", one) for one in sent[client::_UPLOADERS]
            ],
        )

    def theirs() -> float:
        same = form_post(paper.made())
        return load(peer, _UPLOADERS, _LONG_SECONDS, lambda _: repeat(same, _UPLOADS)).rate

    own, limit = medians(lambda: upload().rate, theirs)
    goal = 0.25 if bench.is_on_sqlite else 0.15
    found = row(
        f"48 kB tar.gz of 20 TeX files -> workspace, 4 clients, {bench.database}",
        rate(own),
        f"{rate(limit)} bare form + fsync",
        own / limit,
        at_least(own / limit, goal, f"{goal} times the bare form"),
    )
    return costing(found, cost(service, lambda: upload(_COUNTED).requests))


def _reads(bench: Bench, service: Service, peer: Address, workspace: str) -> Iterator[Row]:
    of_summary, of_others = (0.25, 0.35) if bench.is_on_sqlite else (0.2, 0.25)
    content = f"{workspace}/content"
    tag = service.ask("HEAD", content).head.decode().split("\r\nETag: ")[1].split("\r\n")[0]
    revision = str(service.shown(f"/v2/workspaces{workspace}")["revision"])
    small = _small_paper(service)
    goals: list[tuple[str, Request, float]] = [
        ("summary of 20 files", service.request("GET", workspace), of_summary),
        ("HEAD content", service.request("HEAD", content), of_others),
        ("304 of content", service.request("GET", content, If_None_Match=tag), of_others),
        (
            "304 of a v2 workspace",
            service.request("GET", f"/v2/workspaces{workspace}", If_None_Match=f'"{revision}"'),
            of_others,
        ),
        ("content of 4 files", service.request("GET", f"{small}/content"), 0.15),
    ]
    for name, asked, goal in goals:
        progress(name)
        own, hello = medians(
            lambda asked=asked: _read(service.address, asked),  # type: ignore[misc]  # a default binds the loop's value
            lambda: _read(peer, HELLO),
        )
        found = row(
            f"{name}, {bench.database}",
            rate(own),
            f"{rate(hello)} bare hello",
            own / hello,
            at_least(own / hello, goal, f"{goal} times bare hello"),
        )
        yield costing(found, cost(service, lambda asked=asked: _counted(service, asked)))  # type: ignore[misc]  # the same


def _small_paper(service: Service) -> str:
    """The path of a workspace of four files below the API's."""
    with service.connected() as connection:
        sent = Tarball(tex_files(_FEW, _FEW_BYTES)).made()
        return _location(connection.ask(service.form("/", "paper.tar.gz", sent)).head)


def _crowd(bench: Bench, paper: Tarball) -> Iterator[Row]:
    """Threads of one process must not keep one another from the interpreter."""
    with bench.serving(FILEMANAGER_WORKERS="1") as service:
        with service.connected() as connection:
            made = connection.ask(service.form("/", "paper.tar.gz", paper.made()))
        asked = service.request("GET", _location(made.head))
        works: dict[str, Work] = {
            "summary": lambda _: repeat(asked),
            "uploads of 20 files": lambda _: (
                service.form("/", "paper.tar.gz", paper.made()) for _ in count()
            ),
        }
        for (name, work), clients in product(works.items(), _CROWDS):
            progress(f"one process under {clients} connections: {name}")
            yield _beside_one(bench, service, f"{clients} connections: {name}", work, clients)


def _beside_one(bench: Bench, service: Service, what: str, work: Work, clients: int) -> Row:
    """The rate, and how long the slowest of a hundred waits."""
    waits: list[float] = []

    def crowd() -> float:
        found = load(service.address, clients, _READ_SECONDS, work)
        waits.append(found.p99)
        return found.rate

    many, one = medians(crowd, lambda: load(service.address, 1, _READ_SECONDS, work).rate)
    return row(
        f"one process under {what}, {bench.database}",
        f"{rate(many)}, p99 {seconds(median(waits))}",
        f"{rate(one)} to one connection",
        many / one,
        at_least(many / one, 0.9, "0.9 times one connection"),
    )


def _counted(service: Service, asked: Request) -> int:
    return load(service.address, 1, _LONG_SECONDS, lambda _: repeat(asked, _COUNTED_READS)).requests


def _read(address: Address, asked: Request) -> float:
    return load(address, _READERS, _READ_SECONDS, lambda _: repeat(asked)).rate
