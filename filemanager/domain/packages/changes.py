"""What is done to the items of a package, in one revision."""

from dataclasses import dataclass

from filemanager.domain.packages.data_package import BlobBehind
from filemanager.domain.packages.pointer import PointerId
from filemanager.domain.quotas import charge
from filemanager.domain.trees.tree import TreePath


@dataclass(frozen=True, slots=True)
class PointedTo:
    """A pointer's row, and the size of what it points to."""

    pointer_id: PointerId
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    path: TreePath
    behind: BlobBehind | PointedTo
    media_type: str

    @property
    def size_bytes(self) -> int:
        return self.behind.size_bytes

    @property
    def text_bytes(self) -> int:
        is_text = isinstance(self.behind, BlobBehind) and self.behind.is_text
        return self.size_bytes if is_text else 0

    @property
    def charged_bytes(self) -> int:
        """What counts against the owner: texts alone."""
        is_text = isinstance(self.behind, BlobBehind) and self.behind.is_text
        return charge(self.size_bytes) if is_text else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """Applied in this order: what lies at ``end``, and below the directories ``end_below``, ends;
    the items of ``put`` begin, each ending one at its place. Of two at one place the last is put.
    """

    put: tuple[NewItem, ...] = ()
    end: tuple[TreePath, ...] = ()
    end_below: tuple[TreePath, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageLimits:
    """``owner_bytes`` None: as much as they like."""

    items: int = 100_000
    text_bytes: int = 1 << 30
    packages: int = 1000
    versions: int = 1000
    owner_bytes: int | None = None
