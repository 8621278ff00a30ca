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


def label(
    tx: Transaction,
    drop: Drop,
    patterns: Sequence[ReplicaPattern],
    labels: Mapping[str, str],
    at: datetime,
) -> Labelled:
    """Make the replica of each pattern that *labels* fill, and lead its ``latest`` to *drop*.

    A pattern that is filled in part makes none, and the log says so.
    """
    paths: list[str] = []
    log: list[str] = []
    for pattern in patterns:
        lacking = pattern.lacking(labels)
        if len(lacking) == len(pattern.headers):
            continue
        if lacking:
            text = f"Replica criteria is not fully satisfied: {', '.join(lacking)} is missing"
            log.append(warning_line(at, _STAGE, text))
            continue
        directory = pattern.directory(labels)
        name = ReplicaName.of(directory, drop.path, is_directory=drop.archive is not None)
        path = _numbered(tx, drop, name, at)
        if path is None:
            text = f"No replica in '{escaped(directory)}': its name is taken or too long"
            log.append(warning_line(at, _STAGE, text))
            continue
        paths.append(f"{REPLICA}/{path}")
        log.append(info_line(at, _STAGE, f"Made {REPLICA}/{path}"))
        if not tx.drops.point_latest(name.latest, drop):
            text = f"Left {REPLICA}/{name.latest} as it is: somebody with a token made it"
            log.append(warning_line(at, _STAGE, text))
    return Labelled(tuple(paths), tuple(log))


def _numbered(tx: Transaction, drop: Drop, name: ReplicaName, at: datetime) -> str | None:
    """The first free number of this minute, tried until it is ours."""
    longest = max(name.numbered(at, _TRIES * 1000), name.latest, key=len)
    if len(longest) > MAX_REPLICA_CHARACTERS:
        return None
    taken = frozenset(tx.drops.taken_names(name.stamped(at)))
    for path in islice(_free(name, at, taken), _TRIES):
        if tx.drops.add_replica(path, drop):
            return path
    return None


def _free(name: ReplicaName, at: datetime, taken: frozenset[str]) -> Iterator[str]:
    numbered = (name.numbered(at, number) for number in count())
    return (path for path in numbered if path not in taken)
