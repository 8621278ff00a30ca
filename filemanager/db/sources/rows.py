"""Rows of sources as values of the domain, and back."""

import json
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from filemanager.db.engine.columns import (
    AnyRow,
    moment,
    optional_milliseconds,
    optional_moment,
)
from filemanager.domain.sources.source import (
    BucketPlace,
    DirectoryPlace,
    Probe,
    Source,
    SourceId,
    SourceKind,
)

_PLACES: dict[SourceKind, type[BucketPlace | DirectoryPlace]] = {
    SourceKind.S3: BucketPlace,
    SourceKind.DIRECTORY: DirectoryPlace,
}


def source_of(row: AnyRow) -> Source:
    """From a whole row."""
    return Source(
        id=SourceId(row.id),
        name=row.name,
        place=_PLACES[SourceKind(row.kind)](**json.loads(row.place)),
        readers=frozenset(json.loads(row.readers)),
        probe=Probe(**json.loads(row.probe)),
        sealed=row.sealed,
        is_declared=row.is_declared,
        created_at=moment(row.created_at),
        removed_at=optional_moment(row.removed_at),
    )


def written_place(place: BucketPlace | DirectoryPlace) -> dict[str, Any]:
    kind = SourceKind.S3 if isinstance(place, BucketPlace) else SourceKind.DIRECTORY
    return {"kind": kind.value, "place": json.dumps(asdict(place))}


def written_readers(readers: Collection[str]) -> str:
    return json.dumps(sorted(readers))


def written(source: Source) -> dict[str, Any]:
    """All that a source may change."""
    return {
        **written_place(source.place),
        "living": 0 if source.removed_at is None else source.id,
        "readers": written_readers(source.readers),
        "probe": json.dumps(asdict(source.probe)),
        "sealed": source.sealed,
        "is_declared": source.is_declared,
        "removed_at": optional_milliseconds(source.removed_at),
    }
