"""Sources as values."""

from typing import Any

from builders.rows import NOW
from filemanager.domain.sources.source import (
    BucketPlace,
    DirectoryPlace,
    Probe,
    Source,
    SourceId,
)

BUCKET = BucketPlace(
    bucket="lab",
    prefix="scans/",
    endpoint="https://objects.test",
    public_endpoint="https://objects.test",
    region="us-east-1",
)
DIRECTORY = DirectoryPlace(path="/srv/sc\u00e4ns")


def a_source(name: str = "lab", **more: Any) -> Source:
    values: dict[str, Any] = {
        "id": SourceId(1),
        "name": name,
        "place": BUCKET,
        "readers": frozenset(),
        "probe": Probe(),
        "created_at": NOW,
    }
    return Source(**values | more)
