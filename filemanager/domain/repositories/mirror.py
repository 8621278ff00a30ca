"""The bucket in which clients read repositories by themselves: what is known of what lies there."""

from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.ids import Digest
from filemanager.domain.repositories.published import PublishedIndex
from filemanager.domain.repositories.repository import PackageFile


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Why an object was not taken in, after how many tries, and when it is looked at again."""

    why: str
    tries: int
    again_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketObject:
    """A file of a package in the bucket, as it was written or seen last; ``path`` is that in the
    repository.

    ``digest`` None: we have not written it. ``quarantine`` None: it is ours, or was taken in.
    """

    path: str
    size_bytes: int
    etag: str
    digest: Digest | None = None
    quarantine: Quarantine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """From one publication to another. What has other bytes than before has come, and an index of
    that kind went as well.
    """

    files: tuple[PackageFile, ...]
    gone_files: tuple[str, ...]
    indexes: tuple[PublishedIndex, ...]
    gone_indexes: tuple[PublishedIndex, ...]
