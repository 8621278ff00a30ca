"""Leave to post files straight into an S3 store: one file a call, and two hundred."""

import json
from collections.abc import Iterator
from itertools import repeat

from benchmarks.bench import Bench
from benchmarks.costs import cost
from benchmarks.driver import Address, Load, Request, load, request
from benchmarks.peers import HELLO, bare
from benchmarks.report import Row, at_least, at_most, costing, medians, progress, rate, row, seconds
from benchmarks.service import Service, serving

_CLIENTS = 4
_SECONDS = 0.5
_COUNTED_SECONDS = 0.2
_MANY = 200
_SIGNED_FOR_S3 = {
    # Nothing listens there: forms are signed here, and the store is not asked.
    "S3_ENDPOINT_URL": "http://127.0.0.1:9",
    "STORAGE_BUCKET_NAME": "bits",
    "STORAGE_ACCESS_KEY_ID": "access",
    "STORAGE_SECRET_ACCESS_KEY": "secret",
}


def rows(bench: Bench) -> Iterator[Row]:
    place = bench.place("rawstore")
    with (
        serving(place, bench.new_database(), **_SIGNED_FOR_S3) as service,
        bare(bench.place("bare")) as peer,
    ):
        yield _one(bench, service, peer)
        yield _many(bench, service, peer)


def _authorize(service: Service, files: int, name: str) -> Request:
    entry = {"length": 8, "md5": "5evUwCzvvnlVl3xnraJCtw==", "type": "text/csv"}
    body = {
        "metadata": {"owner": "1", "dataset": name},
        "filedata": {f"data/{number}.csv": entry for number in range(files)},
    }
    headers = {"Auth-Token": service.token}
    return request("POST", "/rawstore/authorize", headers, body=json.dumps(body).encode())


def _one(bench: Bench, service: Service, peer: Address) -> Row:
    progress("authorize, one file")

    def ours(seconds_of_it: float = _SECONDS) -> Load:
        return load(
            service.address,
            _CLIENTS,
            seconds_of_it,
            lambda client: repeat(_authorize(service, 1, f"ds{client}")),
        )

    def theirs() -> float:
        return load(peer, _CLIENTS, _SECONDS, lambda _: repeat(HELLO)).rate

    own, limit = medians(lambda: ours().rate, theirs)
    found = row(
        f"rawstore authorize, 1 file, {_CLIENTS} clients of one owner, {bench.database}",
        rate(own),
        f"{rate(limit)} bare hello; BitStore 7/s",
        own / limit,
        at_least(own / limit, 0.1, "0.1 times bare hello"),
    )
    return costing(found, cost(service, lambda: ours(_COUNTED_SECONDS).requests))


def _many(bench: Bench, service: Service, peer: Address) -> Row:
    progress("authorize, two hundred files")

    def taken(address: Address, sent: Request) -> float:
        done = load(address, 1, _SECONDS, lambda _: repeat(sent))
        return done.seconds / len(done.taken[0])

    def ours() -> float:
        return taken(service.address, _authorize(service, _MANY, "many"))

    own, limit = medians(ours, lambda: taken(peer, HELLO))
    return row(
        f"rawstore authorize, {_MANY} files in one call, {bench.database}",
        seconds(own),
        f"{seconds(limit)} bare hello; BitStore 1.5 s",
        own / limit,
        at_most(own, 0.025, "25 ms"),
    )
