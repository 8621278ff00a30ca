"""Repositories on some data: a push, a publication, and what clients read afterwards."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from builders.debian import a_deb
from crash.stage import settings_of
from filemanager.factory.parts import Parts, parts_of
from filemanager.storage.blobs.memory import MemoryObjects
from worlds.repositories import Depot
from worlds.stored import START, TurnedClock, World

ROOT = "live/2.8/ubuntu"
SUITE = f"{ROOT}/dists/focal"


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What can be interrupted, and what can be seen then."""

    depot: Depot

    def push(self, name: str) -> None:
        self.depot.push({f"{name}_1.0-1_amd64.deb": a_deb({"Package": name})})

    def publish(self) -> None:
        """Do what is due."""
        self.depot.publish()

    def publish_later(self) -> None:
        """A lease that its worker took along has run out by then."""
        self.depot.world.clock.turn(timedelta(hours=1))
        self.publish()

    def names(self) -> list[str]:
        """What the newest publication lists, each file of it read and compared."""
        index = self._index()
        paths = re.findall("^Filename: (.*)$", index, re.MULTILINE)
        digests = re.findall("^SHA256: (.*)$", index, re.MULTILINE)
        for path, digest in zip(paths, digests, strict=True):
            assert hashlib.sha256(self.depot.read(f"{ROOT}/{path}")).hexdigest() == digest
        return _names_in(index)

    def listed(self) -> list[str]:
        """What it lists, by the index that its ``Release`` names."""
        return _names_in(self._index())

    def _index(self) -> str:
        release = self.depot.read(f"{SUITE}/Release").decode()
        listed = re.search(
            r"^ ([0-9a-f]{64}) \d+ main/binary-amd64/Packages$", release, re.MULTILINE
        )
        assert listed is not None
        index = self.depot.read(f"{SUITE}/main/binary-amd64/by-hash/SHA256/{listed[1]}").decode()
        assert hashlib.sha256(index.encode()).hexdigest() == listed[1]
        return index

    def problems(self) -> list[object]:
        return [*self.depot.world.problems()]


def _names_in(index: str) -> list[str]:
    return re.findall("^Package: (.*)$", index, re.MULTILINE)


DEEDS: dict[str, Callable[[Interrupted], None]] = {
    "push": lambda opened: opened.push("second"),
    "publish": Interrupted.publish,
}


@contextmanager
def depot_on(data_dir: Path) -> Iterator[Interrupted]:
    parts = parts_of(settings_of(data_dir))
    with closing(parts.database):
        yield depot_of(parts, TurnedClock(START))


def depot_of(parts: Parts, clock: TurnedClock) -> Interrupted:
    scratch = parts.settings.data_dir / "scratch"
    return Interrupted(
        Depot(World(parts.database, parts.blobs, MemoryObjects(clock), clock, scratch))
    )
