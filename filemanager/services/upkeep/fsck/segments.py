"""Segments: the bytes of uploads on their way, against the objects that hold them."""

from collections.abc import Iterator

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ports import Database
from filemanager.domain.uploads.upload import Segment
from filemanager.services.upkeep.watching import Problem


def is_segment(database: Database, key: str) -> bool:
    """Whether an object without a row of its own holds bytes of an upload."""
    with database.read() as tx:
        return key in tx.upkeep.known_objects([key])


def segment_problems(database: Database, blobs: BlobStore, segment: Segment) -> Iterator[Problem]:
    """An upload that was received or given up meanwhile has taken its objects along.

    An object may be longer than its segment: nobody was told of what came last.
    """
    size_bytes = blobs.object_size(segment.key)
    is_there = size_bytes is not None and size_bytes >= segment.size_bytes
    if is_there or not is_segment(database, segment.key):
        return
    if size_bytes is None:
        detail = f"bytes of the upload {segment.upload_id} from {segment.start} on"
        yield Problem("segment_missing", segment.key, detail)
        return
    detail = f"{size_bytes} bytes in the store, {segment.size_bytes} in the database"
    yield Problem("segment_size", segment.key, detail)
