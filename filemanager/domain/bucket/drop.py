"""Drops: what came in through the bucket door, what it became, and the labels that lead to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from filemanager.domain.caller import Owner
from filemanager.domain.errors import Forbidden, NotFound, Rejected, Throttled, TooLarge
from filemanager.domain.ids import Digest
from filemanager.domain.quotas import Subject, owner_subject
from filemanager.domain.trees.tree import TreePath

DropId = NewType("DropId", int)

ANONYMOUS = Subject("bucket:anonymous")
"""Whom drops without an owner count against."""

ANONYMOUS_DROPS = Subject("drops:anonymous")
"""By whom drops without an owner are counted."""

MAX_REPLICA_CHARACTERS = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A file that was sent, under the relative path that it was sent with.

    ``decompressed`` is what a compressed file holds, ``archive`` the tar or zip that was taken
    apart: the one of both, or the file itself. ``kept_bytes`` is what all three and the archive's
    files are charged. ``owner`` None: sent by nobody in particular; only such drops expire.
    """

    id: DropId
    path: TreePath
    digest: Digest
    size_bytes: int
    kept_bytes: int
    owner: Owner | None
    created_at: datetime
    decompressed: Digest | None = None
    archive: Digest | None = None
    expires_at: datetime | None = None

    @property
    def holder(self) -> Subject:
        """Whom its bytes count against."""
        return ANONYMOUS if self.owner is None else owner_subject(self.owner)

    @property
    def last(self) -> Digest:
        """What a replica leads to: the archive that was taken apart, or the innermost bytes."""
        return self.archive or self.decompressed or self.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """A label: ``path`` is a relative one, below ``replica/``."""

    path: str
    drop: Drop


class NotInBucket(NotFound):
    code = "not_in_bucket"

    def __init__(self) -> None:
        super().__init__("There is nothing of that name in the bucket.")


class NoFileInForm(Rejected):
    code = "no_file_in_form"

    def __init__(self) -> None:
        super().__init__("File not provided via multi-part form")


class NoFileSelected(Rejected):
    code = "no_file_selected"

    def __init__(self) -> None:
        super().__init__("No file selected")


class NothingLeftOfName(Rejected):
    """A file name of which nothing is left without what no path can hold."""

    code = "nothing_left_of_name"

    def __init__(self, name: str) -> None:
        super().__init__(f"The file name {name[:120]!r} cannot be used. Send another.")


class NotYourDrop(Forbidden):
    code = "not_your_drop"

    def __init__(self) -> None:
        super().__init__("It was sent by somebody else, who alone may delete it.")


class UploadsExceeded(Throttled):
    code = "uploads_exceeded"

    def __init__(self, limit: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"More than {limit} uploads without a token came from this address in a minute."
            f" Wait {retry_after_seconds} seconds, or send a token."
        )
        self.limit = limit
        self.retry_after_seconds = retry_after_seconds


class TooManyDrops(TooLarge):
    code = "too_many_drops"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"More than {limit} files came at once (BUCKET_MAX_FORM_DROPS; without a token it is"
            " 1000 at most). Nothing was kept. Send fewer, or one archive of them."
        )


class TooManyAnonymousDrops(TooLarge):
    code = "too_many_anonymous_drops"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"All uploads without a token together may be {limit} files"
            " (BUCKET_ANONYMOUS_DROPS), and as many are there. Nothing was kept. Send a token."
        )
