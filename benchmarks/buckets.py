"""Uploads to the bucket: small files of one client and of many, a large one."""

import os
from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.costs import cost
from benchmarks.driver import Address, Load, load
from benchmarks.large import seconds_of
from benchmarks.papers import LargeFile
from benchmarks.peers import bare, form_post
from benchmarks.report import Row, at_least, costing, medians, progress, rate, row, seconds
from benchmarks.service import Service

_SMALL_BYTES = 1000
_LARGE_BYTES = 100 << 20
_REQUESTS = 320
_LONG_SECONDS = 60.0

_CLIENTS = (1, 32)
_SMALL_SHARE, _LARGE_SHARE = 0.5, 0.6
_COUNTED = 64


def rows(bench: Bench) -> Iterator[Row]:
    with bench.serving() as service, bare(bench.place("bare")) as peer:
        for clients in _CLIENTS:
            yield _small(service, peer, clients)
        yield _large(bench, service, peer)


def _small(service: Service, peer: Address, clients: int) -> Row:
    progress(f"1 kB into the bucket, {clients} clients")
    each = _REQUESTS // clients

    def drop(each: int = each) -> Load:
        return load(
            service.address,
            clients,
            _LONG_SECONDS,
            lambda _: (service.drop("a.bin", os.urandom(_SMALL_BYTES)) for _ in range(each)),
        )

    def theirs() -> float:
        return load(
            peer,
            clients,
            _LONG_SECONDS,
            lambda _: (form_post(os.urandom(_SMALL_BYTES)) for _ in range(each)),
        ).rate

    own, limit = medians(lambda: drop().rate, theirs)
    found = row(
        f"1 kB -> bucket, {clients} clients",
        rate(own),
        f"{rate(limit)} bare form + fsync",
        own / limit,
        at_least(own / limit, _SMALL_SHARE, f"{_SMALL_SHARE} times the bare form"),
    )
    return costing(found, cost(service, lambda: drop(_COUNTED // clients).requests))


def _large(bench: Bench, service: Service, peer: Address) -> Row:
    progress("100 MB into the bucket")
    file = LargeFile(bench.place("sent") / "large.bin", _LARGE_BYTES)

    def ours() -> float:
        return seconds_of(service.address, service.drop("large.bin", file.renew()))

    def theirs() -> float:
        return seconds_of(peer, form_post(file.renew()))

    own, limit = medians(ours, theirs)
    return row(
        "100 MB -> bucket, MD5 and SHA-256",
        f"{seconds(own)}, {_LARGE_BYTES / own / 1e6:.0f} MB/s",
        f"{seconds(limit)} bare form + fsync",
        limit / own,
        at_least(limit / own, _LARGE_SHARE, f"{_LARGE_SHARE} times the bare form"),
    )
