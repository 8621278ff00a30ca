"""What comes out of an archive, or why nothing does."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch


class ArchiveForm(StrEnum):
    TAR = "tar"
    ZIP = "zip"
    SINGLE = "single"
    """One compressed file: gzip, bzip2, xz, zstd or compress, with no tar inside."""


class MemberRefusal(StrEnum):
    """Why a member of an otherwise good archive is not taken."""

    SYMBOLIC_LINK = "symbolic link"
    HARD_LINK = "hard link"
    CHARACTER_DEVICE = "character device"
    BLOCK_DEVICE = "block device"
    FIFO = "FIFO"
    SPARSE = "sparse file"
    OTHER_TYPE = "special file"
    LEAVES_THE_ARCHIVE = "path that leaves the archive"
    UNUSABLE_NAME = "unusable name"


class PathChange(StrEnum):
    """What a reader does to a path that no tree takes, where refusing the member would lose it."""

    ROOT_DROPPED = "leading slash dropped"
    SHORTENED = "name shortened"


@dataclass(frozen=True, slots=True)
class Announcement:
    """What pax records of ours say of the member behind them, as they stand there.

    ``size`` is there where no bytes come, and is that of bytes which are stored already.
    """

    sha256: bytes | None
    size: bytes | None


@dataclass(frozen=True, slots=True)
class Member:
    """A file (``content``) or a directory (None).

    ``path`` is what the archive says, decoded, ``/`` between segments, without a leading ``./`` or
    a closing slash; it leaves no tree, but may still hold characters that a check renames. Where
    ``changes`` are named, ``sent_as`` is the archive's spelling; it is empty elsewhere. Only a
    regular file of a tar, neither sparse nor a link, has an ``announced``.
    """

    path: str
    content: Content | None
    sent_as: str = ""
    changes: tuple[PathChange, ...] = ()
    announced: Announcement | None = None


@dataclass(frozen=True, slots=True)
class RefusedMember:
    """``path`` is the archive's spelling, which messages escape."""

    path: str
    refusal: MemberRefusal
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """All members in archive order. ``SINGLE`` has exactly one, with an empty path.

    ``compression`` is ``gzip``, ``bzip2``, ``xz``, ``zstd``, ``compress`` or empty.
    ``trailing_bytes`` stood behind the end of a complete gzip and belong to nothing.
    """

    form: ArchiveForm
    compression: str
    members: tuple[Member, ...]
    refused: tuple[RefusedMember, ...] = ()
    trailing_bytes: int = 0


class ArchiveRefused(Exception):
    """An archive of which nothing is taken; it stays as a file with a finding.

    ``reason`` is a stable code (``truncated``, ``bad_checksum``, ``overlap`` …), ``detail`` a
    clause for
    the client: what is wrong, at which member. ``is_recognised`` is False where the bytes are no
    archive at all.
    """

    def __init__(self, reason: str, detail: str, *, is_recognised: bool = True) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.is_recognised = is_recognised


class Unpacker(Protocol):
    def unpack(self, archive: Content, budget: Budget, scratch: Scratch) -> Unpacked | None:
        """Read an archive whole into *scratch*, or not at all; None where it is no archive.

        The bytes alone decide what it is. Called within ``with budget.turn``. Raises
        ``ArchiveRefused`` for one that is broken, ambiguous or malicious, ``OverBudget``, and
        ``DecodersBusy`` where a decoder of more than 32 MiB is not its turn.
        """
