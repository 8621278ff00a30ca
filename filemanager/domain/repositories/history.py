"""What came and went between revisions of a repository, and the way back to an earlier one."""

from dataclasses import dataclass

from filemanager.domain.ids import Revision
from filemanager.domain.repositories.repository import PackageId


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageChangeQuery:
    """A page of the packages that came or went from *old* to *new*, without what did both."""

    old: Revision
    new: Revision
    after: PackageId | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many packages came and went with a publication."""

    came: int = 0
    went: int = 0


@dataclass(frozen=True, slots=True)
class Restoration:
    """What makes the living packages those of an earlier revision: the rows that live now and did
    not then, and those that lived then and do not now.
    """

    gone: tuple[PackageId, ...]
    back: tuple[PackageId, ...]
