"""Work on a workspace must not grow with its files: adding, checkpoints, diffs, going back."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.bench import Bench
from benchmarks.driver import Answer, Request
from benchmarks.papers import Tarball, tex, tex_files
from benchmarks.report import Row, at_most, costing, medians, progress, row, seconds, size
from benchmarks.service import Service

_SIZES = (10, 10_000, 50_000)
_SMALLEST, _LARGE, _LARGEST = 10, 10_000, 50_000
_PART = 10_000
_TINY_BYTES = 200
_ADDED_BYTES = 10_000
_ADDS = 10
_CHANGES = 100


@dataclass(frozen=True, slots=True)
class _Tree:
    """A workspace of many files."""

    service: Service
    id: int

    @property
    def path(self) -> str:
        return f"/workspaces/{self.id}"

    @property
    def revision(self) -> int:
        return int(self.service.shown(f"/v2{self.path}")["revision"])

    def ask(self, sent: Request) -> Answer:
        """On a connection that has been used just before: an idle one is closed after a minute."""
        with self.service.connected() as connection:
            connection.ask(self.service.request("GET", f"/v2{self.path}"))
            return connection.ask(sent)

    def add(self) -> float:
        """The seconds of one new file of 10 kB."""
        name = f"added{random.getrandbits(64):016x}.tex"
        sent = f"% {name}\n".encode() + tex(1, _ADDED_BYTES)
        return self.ask(self.service.put(f"{self.path}/files/{name}", sent)).seconds

    def unpack(self, archive: Path) -> None:
        self.ask(self.service.put(f"{self.path}/files/{archive.name}", archive))

    def post(self, path: str) -> Answer:
        sent = self.service.request("POST", path, b"{}", Content_Type="application/json")
        return self.ask(sent)

    def checkpoint(self) -> float:
        return self.post(f"/v2{self.path}/checkpoints").seconds

    def checkpoint_after_change(self) -> float:
        self.add()
        return self.checkpoint()


def rows(bench: Bench) -> Iterator[Row]:
    with bench.serving() as service:
        archives = _archives(bench)
        trees = {count: _filled(service, archives, count) for count in _SIZES}
        yield from _adding(bench, trees)
        yield from _checkpoints(bench, trees)
        yield _diff(bench, trees[_LARGE])
        yield _restore(bench, trees[_LARGE])


def _archives(bench: Bench) -> dict[int, list[Path]]:
    """The archives that fill a workspace of each size; the same files serve all sizes."""
    place = bench.place("sent")
    parts = {}
    for number in range(_LARGEST // _PART):
        files = tex_files(_PART, _TINY_BYTES, f"part{number}/")
        parts[number] = _written(place / f"part{number}.tar.gz", files)
    small = {
        count: [_written(place / f"few{count}.tar.gz", tex_files(count, _TINY_BYTES, "part0/"))]
        for count in _SIZES
        if count < _PART
    }
    large = {
        count: [parts[number] for number in range(count // _PART)]
        for count in _SIZES
        if count >= _PART
    }
    return small | large


def _written(path: Path, files: dict[str, bytes]) -> Path:
    path.write_bytes(Tarball(files).made())
    return path


def _filled(service: Service, archives: dict[int, list[Path]], count: int) -> _Tree:
    progress(f"a workspace of {count:,} files")
    tree = _Tree(service, service.new_workspace())
    for archive in archives[count]:
        tree.unpack(archive)
    return tree


def _adding(bench: Bench, trees: dict[int, _Tree]) -> Iterator[Row]:
    progress("adding one file")
    measures = [
        lambda tree=tree: median(tree.add() for _ in range(_ADDS)) for tree in trees.values()
    ]
    found = dict(zip(trees, medians(*measures), strict=True))
    for count in _SIZES[1:]:
        ratio = found[count] / found[_SMALLEST]
        yield row(
            f"one 10 kB file into {count:,} files, {bench.database}",
            seconds(found[count]),
            f"{seconds(found[_SMALLEST])} into {_SMALLEST}",
            ratio,
            at_most(ratio, 1.5, "1.5 times"),
        )


def _checkpoints(bench: Bench, trees: dict[int, _Tree]) -> Iterator[Row]:
    progress("checkpoints")
    few, many = trees[_SMALLEST], trees[_LARGEST]
    before = _stored_bytes(few.service)
    small, large = medians(few.checkpoint, many.checkpoint)
    yield _growth(f"checkpoint at {_LARGEST:,} files, {bench.database}", small, large)
    written = _stored_bytes(few.service) - before
    goal = at_most(written, 0, "0")
    yield row("bytes those checkpoints wrote to the store", size(written), "", None, goal)
    small, large = medians(few.checkpoint_after_change, many.checkpoint_after_change)
    yield _growth(f"the same right after a change, {bench.database}", small, large)


def _growth(work: str, small: float, large: float) -> Row:
    ratio = large / small
    goal = at_most(ratio, 1.5, "1.5 times")
    return row(work, seconds(large), f"{seconds(small)} at {_SMALLEST}", ratio, goal)


def _stored_bytes(service: Service) -> int:
    store = service.data_dir / "store"
    return sum(path.stat().st_size for path in store.rglob("*") if path.is_file())


def _diff(bench: Bench, tree: _Tree) -> Row:
    progress("diff of 100 changes")
    old = tree.revision
    changed = tex_files(_CHANGES, _TINY_BYTES + 50, "part0/")
    tree.unpack(_written(bench.place("sent") / "changed.tar.gz", changed))
    asked = tree.service.request("GET", f"/v2{tree.path}/diff?from={old}&to={tree.revision}")
    found = len(json.loads(tree.ask(asked).body)["differences"])
    (own,) = medians(lambda: tree.ask(asked).seconds)
    work = f"diff of {found} changes at {_LARGE:,} files, {bench.database}"
    return row(work, seconds(own), "", None, at_most(own, 0.05, "50 ms"))


def _restore(bench: Bench, tree: _Tree) -> Row:
    progress("restore of 10,000 files")
    made = json.loads(tree.post(f"/v2{tree.path}/checkpoints").body)

    spent: list[float] = []

    def restore() -> float:
        tree.post(f"/{tree.id}/delete_all")
        before = tree.service.cpu_seconds()
        taken = tree.post(f"/v2{tree.path}/checkpoints/{made['id']}:restore").seconds
        spent.append(tree.service.cpu_seconds() - before)
        return taken

    (own,) = medians(restore)
    work = f"restore of {_LARGE:,} files, {bench.database}"
    found = row(work, seconds(own), "", None, at_most(own, 0.3, "0.3 s"))
    return costing(found, f"{1000 * median(spent):.0f} ms CPU")
