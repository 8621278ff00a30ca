"""One more package into a repository of many, until clients can see it, beside other programs.

Where ``PEERS=1`` says so, peers are filled with 50,000 packages, which takes them minutes, and the
others of them run as well.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from itertools import count
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.driver import request
from benchmarks.packages import APT, YUM, Family, name_of
from benchmarks.peers import are_all_peers_wanted
from benchmarks.report import NO_GOAL, ROUNDS, Row, at_most, medians, progress, row, seconds
from benchmarks.repository_peers import PEERS, Peer
from benchmarks.service import Service, serving
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Owner
from filemanager.domain.ids import digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.repository import NewPackage, PackageFile
from filemanager.settings.service import Settings

_COUNTS = (500, 5_000, 50_000)
_COMPARED = range(500, 5_001)
"""Fewer are no measure of an index, and to fill the peers with more takes minutes."""

_BOUNDARY = "benchmark-boundary-29f1"
_HEADERS = {
    "Authorization": "Basic cndzOnB3",
    "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
}
_CONFIGURATION = {
    "model": {
        "supported_repos": {
            "repo_kind": ["live"],
            "tarantool_series": ["1.0"],
            "distrs": {
                "debian": {"base": "deb", "versions": ["bookworm"]},
                "el": {"base": "rpm", "versions": ["9"]},
            },
        }
    }
}


def rows(bench: Bench) -> Iterator[Row]:
    for family in (APT, YUM):
        numbers = count(1_000_000)
        for packages in _COUNTS:
            progress(f"one more package for {family.word} into {packages:,}")
            with _serving(bench) as service:
                _fill(service, family, packages)
                computed = service.cpu_seconds()
                (ours,) = medians(
                    lambda service=service, family=family, numbers=numbers: _pushed(  # type: ignore[misc]  # those of this turn
                        service, family, next(numbers)
                    )
                )
                # The first of the rounds is a warm one.
                computed = (service.cpu_seconds() - computed) / (ROUNDS + 1)
            yield from _beside_peers(bench, family, packages, (ours, computed))


def _beside_peers(
    bench: Bench, family: Family, packages: int, ours: tuple[float, float]
) -> Iterator[Row]:
    """*ours* is the time of one more, and what was computed for it."""
    work = f"one package into a repository of {packages:,}, until {family.word} can see it"
    peers = [peer for peer in PEERS[family.word] if shutil.which(peer.name)]
    if not are_all_peers_wanted():
        peers = peers[:1] if packages in _COMPARED else []
    if not peers:
        yield row(work, _shown(ours), "", None, NO_GOAL)
        return
    for peer in peers:
        progress(f"the same by {peer.name}")
        theirs = peer.one_more(bench.place(peer.name), packages)
        yield _row(work, peer, packages, ours, theirs)


def _row(work: str, peer: Peer, packages: int, ours: tuple[float, float], theirs: float) -> Row:
    ratio = ours[0] / theirs
    is_goal = packages in _COMPARED and peer is PEERS[peer.family.word][0]
    goal = at_most(ratio, 1.0, f"1.0 times {peer.name}") if is_goal else NO_GOAL
    return row(work, _shown(ours), f"{seconds(theirs)} {peer.name}", ratio, goal)


def _shown(ours: tuple[float, float]) -> str:
    return f"{seconds(ours[0])}, {seconds(ours[1])} CPU"


def _serving(bench: Bench) -> AbstractContextManager[Service]:
    place: Path = bench.place("repositories")
    configuration = place / "rws.json"
    configuration.write_text(json.dumps(_CONFIGURATION))
    return serving(
        place / "data",
        RWS_CFG=str(configuration),
        RWS_CREDENTIALS=json.dumps({"rws": "pw"}),
        REPOSITORIES_UNSIGNED="true",
    )


def _pushed(service: Service, family: Family, number: int) -> float:
    """Seconds until the push is public."""
    path = f"/repositories/{family.address.path}?wait=true"
    with service.connected() as connection:
        return connection.ask(request("PUT", path, _HEADERS, body=_body(family, number))).seconds


def _body(family: Family, number: int) -> bytes:
    disposition = "Content-Disposition: form-data; name="
    return (
        f'--{_BOUNDARY}\r\n{disposition}"product"\r\n\r\nbench\r\n'
        f'--{_BOUNDARY}\r\n{disposition}"file"; filename="{family.file(number)}"\r\n\r\n'
    ).encode() + b"%s\r\n--%s--\r\n" % (family.build(number), _BOUNDARY.encode())


def _fill(service: Service, family: Family, packages: int) -> None:
    """Rows of packages that share the bytes of one, and a publication of them."""
    _pushed(service, family, 0)
    seed = family.build(0)
    settings = Settings.model_validate({"data_dir": service.data_dir, "jwt_secret": "x" * 32})

    def work(tx: Transaction) -> None:
        tree = tx.repositories.hold(family.address).tree.id
        (known,) = tx.repositories.packages.records(tree, [family.arch], "", None)
        made = [
            NewPackage(
                name=name_of(number),
                version=known.version,
                arch=family.arch,
                product="bench",
                record=known.record.replace(name_of(0).encode(), name_of(number).encode()),
                files=(
                    PackageFile(
                        path=f"{family.directory}/{family.file(number)}",
                        digest=digest_of(seed),
                        size_bytes=len(seed),
                    ),
                ),
            )
            for number in range(1, packages)
        ]
        tx.repositories.packages.add(tree, made, Owner("bench:1"), known_at)

    with closing(SqlDatabase(settings.database)) as database:
        with database.read() as tx:
            repository = tx.repositories.find(family.address.path)
        assert repository is not None  # noqa: S101  # it was pushed to
        assert repository.published_at is not None  # noqa: S101  # and waited for
        known_at = repository.published_at
        database.write(work)
    _pushed(service, family, 999_999)
