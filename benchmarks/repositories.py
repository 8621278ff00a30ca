"""One more package into a repository of many, until apt can see it, beside reprepro."""

import io
import json
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from itertools import count
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.driver import request
from benchmarks.report import NO_GOAL, ROUNDS, Row, at_most, medians, progress, row, seconds
from benchmarks.service import Service, serving
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Owner
from filemanager.domain.ids import digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import NewPackage, PackageFile
from filemanager.settings.service import Settings

_COUNTS = (10, 500, 5_000, 50_000)
_COMPARED = range(500, 5_001)
"""Fewer are no measure of an index, and to fill the peer with more takes minutes."""

_ADDRESS = Address("live", "1.0", "debian", "bookworm", Base.DEB)
_PATH = _ADDRESS.path
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
            "distrs": {"debian": {"base": "deb", "versions": ["bookworm"]}},
        }
    }
}
_DISTRIBUTIONS = "Codename: bookworm\nComponents: main\nArchitectures: amd64\n"


def rows(bench: Bench) -> Iterator[Row]:
    numbers = count(1_000_000)
    for packages in _COUNTS:
        progress(f"one more package into {packages:,}")
        with _serving(bench) as service:
            _fill(service, packages)
            (ours,) = medians(lambda service=service: _pushed(service, next(numbers)))  # type: ignore[misc]  # the service of this turn
        yield _row(bench, packages, ours)


def _row(bench: Bench, packages: int, ours: float) -> Row:
    work = f"one package into a repository of {packages:,}, until apt can see it"
    if shutil.which("reprepro") is None or packages >= _COMPARED.stop:
        return row(work, seconds(ours), "", None, NO_GOAL)
    progress("the same by reprepro")
    theirs = _by_reprepro(bench.place("reprepro"), packages)
    is_goal = packages in _COMPARED
    goal = at_most(ours / theirs, 1.0, "1.0 times reprepro") if is_goal else NO_GOAL
    return row(work, seconds(ours), f"{seconds(theirs)} reprepro", ours / theirs, goal)


def _serving(bench: Bench) -> AbstractContextManager[Service]:
    place = bench.place("repositories")
    configuration = place / "rws.json"
    configuration.write_text(json.dumps(_CONFIGURATION))
    return serving(
        place / "data",
        RWS_CFG=str(configuration),
        RWS_CREDENTIALS=json.dumps({"rws": "pw"}),
        REPOSITORIES_UNSIGNED="true",
    )


def _pushed(service: Service, number: int) -> float:
    """Seconds until the push is public."""
    with service.connected() as connection:
        sent = request("PUT", f"/repositories/{_PATH}?wait=true", _HEADERS, body=_body(number))
        return connection.ask(sent).seconds


def _body(number: int) -> bytes:
    disposition = "Content-Disposition: form-data; name="
    return (
        f'--{_BOUNDARY}\r\n{disposition}"product"\r\n\r\nbench\r\n'
        f'--{_BOUNDARY}\r\n{disposition}"file"; filename="{_file(number)}"\r\n\r\n'
    ).encode() + b"%s\r\n--%s--\r\n" % (_deb(number), _BOUNDARY.encode())


def _fill(service: Service, packages: int) -> None:
    """Rows of packages that share the bytes of one, and a publication of them."""
    _pushed(service, 0)
    seed = _deb(0)
    settings = Settings.model_validate({"data_dir": service.data_dir, "jwt_secret": "x" * 32})

    def work(tx: Transaction) -> None:
        tree = tx.repositories.hold(_ADDRESS).tree.id
        (known,) = tx.repositories.packages.records(tree, ["amd64"], "", None)
        made = [
            NewPackage(
                name=_name(number),
                version="1.0-1",
                arch="amd64",
                product="bench",
                record=known.record.replace(_name(0).encode(), _name(number).encode()),
                files=(
                    PackageFile(
                        path=f"pool/bookworm/main/b/bench/{_file(number)}",
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
            repository = tx.repositories.find(_PATH)
        assert repository is not None  # noqa: S101  # it was pushed to
        assert repository.published_at is not None  # noqa: S101  # and waited for
        known_at = repository.published_at
        database.write(work)
    _pushed(service, 999_999)


def _by_reprepro(directory: Path, packages: int) -> float:
    (directory / "conf").mkdir()
    (directory / "conf/distributions").write_text(_DISTRIBUTIONS)
    debs = directory / "debs"
    debs.mkdir()
    files = []
    for number in range(packages + ROUNDS + 1):
        path = debs / _file(number)
        path.write_bytes(_deb(number))
        files.append(str(path))
    _include(directory, files[:packages])
    more = iter(files[packages:])

    def one_more() -> float:
        began = time.perf_counter()
        _include(directory, [next(more)])
        return time.perf_counter() - began

    (theirs,) = medians(one_more)
    return theirs


def _include(directory: Path, files: list[str]) -> None:
    command = ["reprepro", "--silent", "--basedir", str(directory), "includedeb", "bookworm"]
    subprocess.run([*command, *files], check=True, capture_output=True)


def _name(number: int) -> str:
    return f"bench{number:07}"


def _file(number: int) -> str:
    return f"{_name(number)}_1.0-1_amd64.deb"


def _deb(number: int) -> bytes:
    control = (
        f"Package: {_name(number)}\nVersion: 1.0-1\nArchitecture: amd64\n"
        "Maintainer: Team <team@example.org>\nSection: misc\nPriority: optional\n"
        f"Description: package {number}\n"
    ).encode()
    members = (
        ("debian-binary", b"2.0\n"),
        ("control.tar.gz", _tar({"./control": control})),
        ("data.tar.gz", _tar({})),
    )
    return b"!<arch>\n" + b"".join(
        b"%-16s%-12d%-6d%-6d%-8s%-10d`\n%s%s"
        % (name.encode(), 0, 0, 0, b"100644", len(data), data, b"\n" * (len(data) % 2))
        for name, data in members
    )


def _tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return out.getvalue()
