"""Shares of many pointers: pages, archives, clones, and what freezing them takes."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from shutil import rmtree
from typing import Any

from benchmarks.bench import Bench
from benchmarks.driver import Answer, RefusedRequest, request
from benchmarks.memory import over_idle
from benchmarks.peers import command_seconds, git_http_backend, until
from benchmarks.report import Row, at_most, medians, progress, row, seconds, size
from benchmarks.service import Service, serving
from filemanager.db.database import SqlDatabase
from filemanager.domain.ids import digest_of
from filemanager.domain.packages.changes import ItemChange, NewItem, PointedTo
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.packages.pointer import NewPointer, ObjectPlace
from filemanager.domain.ports import Transaction
from filemanager.domain.sources.objects import PinnedObject
from filemanager.domain.sources.source import SourceId
from filemanager.domain.trees.tree import TreePath
from filemanager.settings.service import Settings

_FEW, _MANY, _HUGE = 1_000, 10_000, 100_000
_GOAL_BYTES = 64 << 20
_WARMING_REQUESTS = 10
_API = "/packages/api"
_SOURCE = "bench"


@dataclass(frozen=True, slots=True)
class _Door:
    """Packages of a service, and their shares."""

    service: Service

    def told(self, method: str, path: str, **sent: object) -> dict[str, Any]:
        return dict(json.loads(self._ask(method, path, json.dumps(sent).encode()).body))

    def get(self, path: str, accept: str = "*/*") -> Answer:
        """As somebody who has the link."""
        with self.service.connected() as connection:
            return connection.ask(request("GET", path, {"Accept": accept}))

    def package_of(self, pointers: int) -> str:
        package = str(self.told("POST", "packages", name=f"{pointers} pointers")["id"])
        _fill(self.service, DataPackageId(package), pointers)
        return package

    def shared(self, pointers: int) -> str:
        """The path of a share of a version of so many."""
        package, slug = self.package_of(pointers), f"of-{pointers}"
        version = self.told("POST", f"packages/{package}:freeze")["number"]
        self.told("POST", f"packages/{package}/shares", version=version, slug=slug)
        return f"/s/{slug}/"

    def freeze_seconds(self, package: str, number: int) -> float:
        """Of a revision that differs from the last by a text."""
        text = f"{number}\n".encode()
        self._ask("PUT", f"packages/{package}/items/README.md", text, "text/plain")
        return self._ask("POST", f"packages/{package}:freeze", b"{}").seconds

    def _ask(self, method: str, path: str, body: bytes, kind: str = "application/json") -> Answer:
        headers = {"Authorization": self.service.token, "Content-Type": kind}
        with self.service.connected() as connection:
            return connection.ask(request(method, f"{_API}/{path}", headers, body=body))


def rows(bench: Bench) -> Iterator[Row]:
    place = bench.place("packages")
    with _serving(place) as service:
        door = _Door(service)
        yield _freezing(door)
        few, many = door.shared(_FEW), door.shared(_MANY)
        yield from _first_pages(door, few, door.shared(_HUGE))
        yield _clone(bench, service, f"{many}annex.git")
    with _serving(place) as service:
        yield _archive(service, few, many)


def _serving(place: Path) -> AbstractContextManager[Service]:
    """With a directory as a source, in which nothing lies: pointers are rows alone."""
    empty = place / "empty"
    empty.mkdir(exist_ok=True)
    source = {"name": _SOURCE, "kind": "directory", "path": str(empty), "readers": ["*"]}
    sources = place / "sources.json"
    sources.write_text(json.dumps([source]))
    return serving(
        place / "data",
        FILEMANAGER_SOURCES_FILE=str(sources),
        FILEMANAGER_SOURCE_DIRECTORIES=str(place),
    )


def _freezing(door: _Door) -> Row:
    progress("freezing")
    few, many = door.package_of(_FEW), door.package_of(_MANY)
    numbers = count()
    ours, beside = medians(
        lambda: door.freeze_seconds(many, next(numbers)),
        lambda: door.freeze_seconds(few, next(numbers)),
    )
    return row(
        f"freeze of {_MANY:,} pointers",
        seconds(ours),
        f"{seconds(beside)} for {_FEW:,}",
        ours / beside,
        at_most(ours / beside, 15, f"15 times that of {_FEW:,}"),
    )


def _first_pages(door: _Door, few: str, huge: str) -> Iterator[Row]:
    for said, accept in (("page", "text/html"), ("JSON", "application/json")):
        progress(f"first {said} of {_HUGE:,}")
        ours, beside = medians(
            lambda accept=accept: door.get(huge, accept).seconds,  # type: ignore[misc]  # what this turn accepts
            lambda accept=accept: door.get(few, accept).seconds,  # type: ignore[misc]  # the same
        )
        yield row(
            f"first {said} of {_HUGE:,} pointers",
            seconds(ours),
            f"{seconds(beside)} of {_FEW:,}",
            ours / beside,
            at_most(ours / beside, 1.5, f"1.5 times that of {_FEW:,}"),
        )


def _clone(bench: Bench, service: Service, path: str) -> Row:
    """Beside git's own server of the same pack, which a clone has brought."""
    progress(f"clone of {_MANY:,}")
    host, port = service.address
    until(lambda: _is_there(_Door(service), f"{path}/info/refs?service=git-upload-pack"))
    place = bench.place("clones")
    ours = f"http://{host}:{port}{path}"
    command_seconds(f'git clone -q --mirror {ours} "$PLACE"', PLACE=place / "same.git")
    with git_http_backend(place) as theirs:
        ours_seconds, their_seconds = medians(
            lambda: _clone_seconds(ours, place / "clone"),
            lambda: _clone_seconds(f"{theirs}/same.git", place / "clone"),
        )
    ratio = ours_seconds / their_seconds
    return row(
        f"git clone of {_MANY:,} pointers",
        seconds(ours_seconds),
        f"{seconds(their_seconds)} git http-backend",
        ratio,
        at_most(ratio, 1.5, "1.5 times git http-backend"),
    )


def _clone_seconds(url: str, place: Path) -> float:
    taken = command_seconds(f'git clone -q --mirror {url} "$PLACE"', PLACE=place)
    rmtree(place)
    return taken


def _is_there(door: _Door, path: str) -> bool:
    try:
        door.get(path)
    except RefusedRequest:
        return False
    return True


def _archive(service: Service, few: str, many: str) -> Row:
    """A refused request, or one whose length were not kept to, would end the run."""
    progress(f"ZIP of {_MANY:,}")
    door = _Door(service)
    # Each worker imports and connects; that is no memory of the request that is measured.
    for _ in range(_WARMING_REQUESTS):
        door.get(f"{few}package.zip")
    over, idle = over_idle(service, lambda: door.get(f"{many}package.zip"))
    sent = door.get(f"{many}package.zip")
    return row(
        f"peak memory: ZIP of {_MANY:,} pointers, {size(sent.body_bytes)}"
        f" of known length in {seconds(sent.seconds)}",
        size(over),
        f"{size(idle)} idle",
        None,
        at_most(over, _GOAL_BYTES, "64 MiB over idle"),
    )


def _fill(service: Service, package_id: DataPackageId, pointers: int) -> None:
    """Rows of objects whose digests are known, all in one directory."""
    settings = Settings.model_validate({"data_dir": service.data_dir, "jwt_secret": "x" * 32})
    at = datetime.now(UTC)

    def work(tx: Transaction) -> None:
        source = tx.sources.find(_SOURCE)
        assert source is not None  # noqa: S101  # the settings declare it
        held = tx.packages.pointers.hold([_pointer(source.id, n) for n in range(pointers)], at)
        items = tuple(
            NewItem(
                path=TreePath(f"{number:06}.tif"),
                behind=PointedTo(pointer.id, pointer.size_bytes),
                media_type="image/tiff",
            )
            for number, pointer in enumerate(held)
        )
        tx.packages.apply(tx.packages.lock(package_id), ItemChange(put=items), at)

    with closing(SqlDatabase(settings.database)) as database:
        database.write(work)


def _pointer(source_id: SourceId, number: int) -> NewPointer:
    data = str(number).encode()
    pinned = PinnedObject(key=f"{number:06}.tif", version=f"{number}-1-1", etag=None)
    return NewPointer(
        place=ObjectPlace(source_id=source_id, pinned=pinned),
        size_bytes=1_000_000 + number,
        sha256=digest_of(data),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
    )
