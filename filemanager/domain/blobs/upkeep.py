"""What operations learn from the database: what a sweep would take, which objects have rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a sweep begun now would delete and rewrite, were nothing to change meanwhile."""

    history_rows: int
    blobs: int
    packs: int
    objects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownObject:
    """An object as its row has it. ``end_bytes`` is where its last blob ends; None: it has none."""

    key: str
    size_bytes: int
    end_bytes: int | None
