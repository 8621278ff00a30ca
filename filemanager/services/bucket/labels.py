"""Replicas: the labels that a drop gets from the headers of its request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice

from filemanager.domain.bucket.drop import MAX_REPLICA_CHARACTERS, Drop
from filemanager.domain.bucket.replication import ReplicaName, ReplicaPattern
from filemanager.domain.ports import Transaction
from filemanager.domain.workspaces.log import escaped
from filemanager.services.bucket.paths import REPLICA
from filemanager.services.bucket.stages import info_line, warning_line

_STAGE = "Replica"
_TRIES = 100
"""Numbers that others took between the look and the insertion; more is no coincidence."""


@dataclass(frozen=True, slots=True)
class Labelled:
    paths: tuple[str, ...]
    log: tuple[str, ...]


class Labelling:
    """Makes the replicas of the drops of one form, in its transaction.

    A form may hold thousands of files of one name: what is taken of it is asked once, and numbers
    go on from there.
    """

    def __init__(
        self,
        tx: Transaction,
        patterns: Sequence[ReplicaPattern],
        labels: Mapping[str, str],
        at: datetime,
    ) -> None:
        self._tx = tx
        self._patterns = patterns
        self._labels = labels
        self._at = at
        self._free: dict[ReplicaName, Iterator[str]] = {}

    def label(self, drop: Drop) -> Labelled:
        """Make the replica of each pattern that is filled, and lead its ``latest`` to *drop*.

        A pattern that is filled in part makes none, and the log says so.
        """
        paths: list[str] = []
        log: list[str] = []
        for pattern in self._patterns:
            lacking = pattern.lacking(self._labels)
            if len(lacking) == len(pattern.headers):
                continue
            if lacking:
                text = f"Replica criteria is not fully satisfied: {', '.join(lacking)} is missing"
                log.append(self._warning(text))
                continue
            directory = pattern.directory(self._labels)
            name = ReplicaName.of(directory, drop.path, is_directory=drop.archive is not None)
            path = self._numbered(drop, name)
            if path is None:
                text = f"No replica in '{escaped(directory)}': its name is taken or too long"
                log.append(self._warning(text))
                continue
            paths.append(f"{REPLICA}/{path}")
            log.append(info_line(self._at, _STAGE, f"Made {REPLICA}/{path}"))
            if not self._tx.drops.point_latest(name.latest, drop):
                text = f"Left {REPLICA}/{name.latest} as it is: somebody with a token made it"
                log.append(self._warning(text))
        return Labelled(tuple(paths), tuple(log))

    def _warning(self, text: str) -> str:
        return warning_line(self._at, _STAGE, text)

    def _numbered(self, drop: Drop, name: ReplicaName) -> str | None:
        """The first free number of this minute, tried until it is ours."""
        longest = max(name.numbered(self._at, _TRIES * 1000), name.latest, key=len)
        if len(longest) > MAX_REPLICA_CHARACTERS:
            return None
        free = self._free.get(name) or self._free.setdefault(name, self._free_of(name))
        for path in islice(free, _TRIES):
            if self._tx.drops.add_replica(path, drop):
                return path
        return None

    def _free_of(self, name: ReplicaName) -> Iterator[str]:
        taken = frozenset(self._tx.drops.taken_names(name.stamped(self._at)))
        numbered = (name.numbered(self._at, number) for number in count())
        return (path for path in numbered if path not in taken)
