"""Eight writers on one workspace: how much gets done, and whether anybody starves."""

from collections.abc import Iterator
from itertools import count, repeat
from statistics import median

from benchmarks.bench import Bench
from benchmarks.costs import cost
from benchmarks.driver import Address, Load, Request, load
from benchmarks.peers import bare, raw_put
from benchmarks.report import (
    NO_GOAL,
    ROUNDS,
    Row,
    at_least,
    at_most,
    costing,
    progress,
    rate,
    row,
    seconds,
)
from benchmarks.service import Service

_WRITERS = 8
_SECONDS = 3.0
_COUNTED_SECONDS = 0.5
_PEER_SECONDS = 1.0
_TEXT = b"% A short file.\n\\section{One}\n" + b"Words of a section.\n" * 40


def rows(bench: Bench) -> Iterator[Row]:
    with bench.serving() as service, bare(bench.place("bare")) as peer:
        loads = [_ours(service, number) for number in range(ROUNDS)]
        each = cost(service, lambda: _ours(service, ROUNDS, _COUNTED_SECONDS).requests)
        written = median(_theirs(peer) for _ in range(ROUNDS))
    own = median(one.rate for one in loads)
    p99 = median(one.p99 for one in loads)
    share = min(one.slowest_share for one in loads)
    commits = row(
        f"8 writers on one workspace: commits, {bench.database}",
        rate(own),
        f"{rate(written)} bare write + fsync",
        own / written,
        NO_GOAL,
    )
    yield costing(commits, each)
    yield row("the same: p99", seconds(p99), "", None, at_most(p99, 1, "1 s"))
    yield row(
        "the same: slowest writer, worst round",
        f"{share:.2f}",
        "1.00 an equal share",
        share,
        at_least(share, 0.5, "0.5"),
    )


def _ours(service: Service, number: int, seconds_of_it: float = _SECONDS) -> Load:
    progress(f"8 writers, round {number + 1}")
    workspace = service.new_workspace()

    def work(client: int) -> Iterator[Request]:
        for one in count():
            name = f"round{number}-writer{client}-{one}.tex"
            path = f"/workspaces/{workspace}/files/{name}"
            yield service.put(path, f"% {name}\n".encode() + _TEXT)

    return load(service.address, _WRITERS, seconds_of_it, work)


def _theirs(peer: Address) -> float:
    same = raw_put(_TEXT)
    return load(peer, _WRITERS, _PEER_SECONDS, lambda _: repeat(same)).rate
