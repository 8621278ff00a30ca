"""One small file a request: what syncs cost, for one client and for eight."""

import base64
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice, repeat

from benchmarks.bench import Bench
from benchmarks.costs import cost
from benchmarks.driver import Address, Load, Request, load, request
from benchmarks.peers import bare, raw_put
from benchmarks.report import (
    NO_GOAL,
    Goal,
    Row,
    at_least,
    costing,
    medians,
    progress,
    rate,
    row,
)
from benchmarks.service import Service
from benchmarks.upload_peers import upload_peers

_BYTES = 1000
_CLIENTS = 8
_SECONDS = 0.5
_LONG_SECONDS = 60.0
_COUNTED = 40
_PUT_SHARE = 0.5
_TUS = "/uploads/tus"


@dataclass(frozen=True, slots=True)
class _Way:
    """Requests that each bring a new file; they are made in the process of their client."""

    name: str
    requests: Callable[[], Iterator[Request]]

    def sent(self, address: Address, clients: int) -> Load:
        return load(address, clients, _SECONDS, lambda _: self.requests())

    def some(self, address: Address, clients: int) -> int:
        each = _COUNTED // clients
        return load(
            address, clients, _LONG_SECONDS, lambda _: islice(self.requests(), each)
        ).requests


def rows(bench: Bench) -> Iterator[Row]:
    with bench.serving() as service, bare(bench.place("bare")) as peer:
        workspace = service.new_workspace()
        for way in (
            _Way("PUT", lambda: _puts(service, workspace)),
            _Way("tus in one POST", lambda: _tus(service, workspace)),
        ):
            for clients in (1, _CLIENTS):
                yield _row(bench, service, peer, way, clients)
            yield from _beside_peers(bench, service, way)


def _row(bench: Bench, service: Service, peer: Address, way: _Way, clients: int) -> Row:
    work = f"1 kB by {way.name}, {clients} clients, {bench.database}"
    progress(work)
    written = _Way("bare", lambda: repeat(raw_put(os.urandom(_BYTES))))
    own, limit = medians(
        lambda: way.sent(service.address, clients).rate,
        lambda: written.sent(peer, clients).rate,
    )
    ratio = own / limit
    found = row(work, rate(own), f"{rate(limit)} bare write + fsync", ratio, _goal(way, ratio))
    return costing(found, cost(service, lambda: way.some(service.address, clients)))


def _beside_peers(bench: Bench, service: Service, way: _Way) -> Iterator[Row]:
    with upload_peers(bench.place("peers")) as peers:
        for peer in peers.values():
            progress(f"the same by {peer.name}")
            theirs = _Way(
                peer.name,
                lambda peer=peer: (peer.upload(name, os.urandom(_BYTES)) for name in _names()),  # type: ignore[misc]  # a default binds the loop's value
            )
            own, other = medians(
                lambda: way.sent(service.address, _CLIENTS).rate,
                lambda peer=peer, theirs=theirs: theirs.sent(peer.address, _CLIENTS).rate,  # type: ignore[misc]  # the same
            )
            work = f"1 kB by {way.name}, {_CLIENTS} clients, {bench.database}"
            yield row(work, rate(own), f"{rate(other)} {peer.name}", own / other, NO_GOAL)


def _goal(way: _Way, ratio: float) -> Goal:
    is_put = way.name == "PUT"
    return at_least(ratio, _PUT_SHARE, f"{_PUT_SHARE} times the bare write") if is_put else NO_GOAL


def _names() -> Iterator[str]:
    return (f"{os.getpid()}-{number}-{os.urandom(4).hex()}.tex" for number in count())


def _puts(service: Service, workspace: int) -> Iterator[Request]:
    for name in _names():
        yield service.put(f"/workspaces/{workspace}/files/{name}", os.urandom(_BYTES))


def _tus(service: Service, workspace: int) -> Iterator[Request]:
    for name in _names():
        named = {"workspace": str(workspace), "filename": name}
        pairs = (f"{key} {base64.b64encode(of.encode()).decode()}" for key, of in named.items())
        headers = {
            "Authorization": service.token,
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(_BYTES),
            "Upload-Metadata": ",".join(pairs),
            "Content-Type": "application/offset+octet-stream",
        }
        yield request("POST", _TUS, headers, body=os.urandom(_BYTES))
