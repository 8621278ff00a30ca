"""What the bucket answers, in the shapes of http-bucket."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from filemanager.api.bucket.door import BucketDoor
from filemanager.api.http.responses import moment
from filemanager.domain.bucket.drop import Drop
from filemanager.services.bucket.keeping import Dropped
from filemanager.services.bucket.reading import DropPage, Found, Listing


class BucketRefusal(BaseModel):
    """``status`` is the status in words, ``code`` its number."""

    status: str
    code: int
    error: str


class BucketConfig(BaseModel):
    """The settings that clients look at, by the names of their variables."""

    ARCHIVE_DIR: str | None
    ARCHIVE_URI: str | None
    CHECKSUM_TYPE: str
    MAX_CONTENT_LENGTH: int
    REPLICATES: list[list[str]]


class StageChecksums(BaseModel):
    """Null: there was no such stage."""

    blob: str
    decompressed: str | None
    archive: str | None


class StagePaths(BaseModel):
    """Below the door's address, or whole ones where ``ARCHIVE_URI`` is set."""

    blob: str | None
    decompressed: str | None
    archive: str | None
    replicas: list[str] | None


class FileReceived(BaseModel):
    """One file of an upload."""

    name: str
    size: int
    sha256: str
    checksum: StageChecksums
    path: StagePaths
    code: int = 200
    status: str = "Success"
    log: list[str]


class UploadReceived(FileReceived):
    """The first file, and all of them in the order of the form."""

    files: list[FileReceived]


class Inspected(BaseModel):
    """``files`` are all; ``file`` is the first."""

    file: str
    status: str
    files: list[str]


class Known(BaseModel):
    """Bytes in the bucket; ``names`` are at most a hundred."""

    checksum: str
    algorithm: str
    sha256: str
    size: int
    type: str
    names: list[str]
    path: str


class ListedDrop(BaseModel):
    name: str
    size: int
    sha256: str
    path: str
    created: str = Field(description="ISO 8601, UTC.")


class DropList(BaseModel):
    """The newest first; ``next`` is ``after`` of the next page, null on the last."""

    files: list[ListedDrop]
    next: int | None


class ListedChild(BaseModel):
    """``size`` null: a directory."""

    name: str
    size: int | None


class DirectoryList(BaseModel):
    """By name; ``next`` is ``after`` of the next page, null on the last."""

    path: str
    entries: list[ListedChild]
    next: str | None


class Deleted(BaseModel):
    status: str
    code: int
    deleted: int


def upload_view(door: BucketDoor, dropped: Sequence[Dropped]) -> UploadReceived:
    files = [_file(door, one) for one in dropped]
    return UploadReceived(**dict(files[0]), files=files)


def _file(door: BucketDoor, dropped: Dropped) -> FileReceived:
    drop = dropped.drop
    replicas = [str(door.link(path)) for path in dropped.replicas]
    return FileReceived(
        name=drop.path,
        size=drop.size_bytes,
        sha256=drop.digest,
        checksum=StageChecksums(
            blob=dropped.checksums[drop.digest],
            decompressed=dropped.checksum(drop.decompressed),
            archive=dropped.checksum(drop.archive),
        ),
        path=StagePaths(
            **{name: door.link(path) for name, path in dropped.paths.items()},
            replicas=replicas or None,
        ),
        log=list(dropped.log),
    )


def config_view(door: BucketDoor) -> BucketConfig:
    terms = door.service.terms
    return BucketConfig(
        ARCHIVE_DIR=door.directory,
        ARCHIVE_URI=door.uri or None,
        CHECKSUM_TYPE=terms.algorithm,
        MAX_CONTENT_LENGTH=door.max_bytes,
        REPLICATES=[list(pattern.segments) for pattern in terms.patterns],
    )


def known_view(door: BucketDoor, found: Found) -> Known:
    return Known(
        checksum=found.checksum,
        algorithm=found.algorithm,
        sha256=found.digest,
        size=found.size_bytes,
        type=found.media_type,
        names=list(found.names),
        path=str(door.link(found.path)),
    )


def drops_view(door: BucketDoor, page: DropPage) -> DropList:
    files = [_listed(drop, str(door.link(path))) for drop, path in page.drops]
    return DropList(files=files, next=page.next_after)


def _listed(drop: Drop, path: str) -> ListedDrop:
    return ListedDrop(
        name=drop.path,
        size=drop.size_bytes,
        sha256=drop.digest,
        path=path,
        created=moment(drop.created_at),
    )


def directory_view(path: str, directory: Listing) -> DirectoryList:
    entries = [ListedChild(name=one.name, size=one.size_bytes) for one in directory.children]
    return DirectoryList(path=path, entries=entries, next=directory.next_after)
