"""What a grant is made of: the uploads of its files, and the portions that they are put in."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from filemanager.domain.caller import Caller
from filemanager.domain.ids import Digest
from filemanager.domain.quotas import ReservationId
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.tree import TreePath, locate
from filemanager.domain.uploads.grant import Leave, PartUnknown, PathTwice, Portion, upload_id_in
from filemanager.domain.uploads.targets import PackageTarget, RepositoryTarget, WorkspaceTarget
from filemanager.domain.uploads.upload import BatchId, Upload, UploadId, UploadState, Way

MAX_PARTS = 10_000
"""What S3 makes an object of at most."""

_MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantTerms:
    """``life`` is that of a leave. A file of ``parted_bytes`` or more is put in parts, each of
    ``part_bytes`` unless they were too many; S3 takes none below 5 MiB but the last.
    """

    life: timedelta
    parted_bytes: int = 64 * _MEBIBYTE
    part_bytes: int = 16 * _MEBIBYTE

    def part_bytes_of(self, size_bytes: int) -> int | None:
        """None for a file that is put whole."""
        if size_bytes < self.parted_bytes:
            return None
        return max(self.part_bytes, -(-size_bytes // MAX_PARTS))


GrantTarget = WorkspaceTarget | RepositoryTarget | PackageTarget
"""Where the files of a grant may go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWish:
    target: GrantTarget
    size_bytes: int
    digest: Digest
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantWish:
    """All files go to one place."""

    files: Sequence[FileWish]


@dataclass(frozen=True, slots=True)
class Grant:
    """Its files in their order, and leave to put those that are put whole."""

    id: BatchId
    uploads: Sequence[Upload]
    leaves: Mapping[UploadId, Leave]


@dataclass(frozen=True, slots=True)
class PartWish:
    """A part by its number, from 1; with its digest the store checks more than its length."""

    number: int
    digest: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """Who asks, when, and which digests of which sizes are there for them already."""

    caller: Caller
    at: datetime
    expires_at: datetime
    known: Collection[tuple[Digest, int]]


def planned(
    grant: BatchId, wish: GrantWish, terms: GrantTerms, planning: Planning
) -> Iterator[Upload]:
    """The uploads of a grant, in the order of its files."""
    for number, file in enumerate(wish.files):
        is_known = (file.digest, file.size_bytes) in planning.known
        yield Upload(
            id=upload_id_in(grant, number),
            owner=planning.caller.owner,
            caller=planning.caller,
            way=Way.GRANT,
            target=file.target,
            batch=grant,
            reservation=ReservationId(grant),
            state=UploadState.COMPLETE if is_known else UploadState.OPEN,
            size_bytes=file.size_bytes,
            digest=file.digest,
            is_known=is_known,
            metadata=file.media_type,
            part_bytes=terms.part_bytes_of(file.size_bytes),
            created_at=planning.at,
            expires_at=planning.expires_at,
        )


def portion_of(upload: Upload, wish: PartWish | None = None) -> Portion:
    """The whole file, or the part that is wished. Raises ``PartUnknown``."""
    if wish is None:
        return Portion(
            upload_id=upload.id,
            size_bytes=upload.size_bytes or 0,
            digest=upload.digest,
            media_type=upload.metadata,
        )
    sizes = part_sizes(upload)
    if not 1 <= wish.number <= len(sizes):
        raise PartUnknown(wish.number, len(sizes))
    return Portion(
        upload_id=upload.id,
        number=wish.number,
        start=sum(sizes[: wish.number - 1]),
        size_bytes=sizes[wish.number - 1],
        digest=wish.digest,
        store_name=upload.store_name,
    )


def part_sizes(upload: Upload) -> list[int]:
    """All parts but the last are equal; none for a file that is put whole."""
    size_bytes, part_bytes = upload.size_bytes or 0, upload.part_bytes
    if part_bytes is None:
        return []
    full, rest = divmod(size_bytes, part_bytes)
    return [part_bytes] * full + [rest] * (rest > 0)


def ensure_distinct(files: Sequence[FileWish]) -> None:
    """Raise ``PathTwice``, or ``PathRefused`` for what no tree can hold."""
    seen: set[str] = set()
    for file in files:
        name, place = _named(file.target)
        if place in seen:
            raise PathTwice(name)
        seen.add(place)


def _named(target: GrantTarget) -> tuple[str, str]:
    """What a file is called, and where that is."""
    if isinstance(target, RepositoryTarget):
        return target.name, target.name
    if isinstance(target, PackageTarget):
        return target.path, TreePath.parse(target.path)
    return target.path, public_path(*locate(target.path))
