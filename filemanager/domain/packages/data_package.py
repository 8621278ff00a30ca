"""Data packages, their items and versions."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import NewType, Self

from filemanager.domain.caller import Owner
from filemanager.domain.errors import NotFound
from filemanager.domain.ids import Digest, Revision, TreeId, is_random_id
from filemanager.domain.packages.pointer import Pointer, PointerState
from filemanager.domain.quotas import Subject
from filemanager.domain.requests.preconditions import State
from filemanager.domain.trees.history import Purpose
from filemanager.domain.trees.tree import TreePath

PURPOSE = Purpose("packages")
"""Of the trees of packages."""

DataPackageId = NewType("DataPackageId", str)
"""32 random hex digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What people say of a package; nothing of it is invented. Empty: they said nothing."""

    name: str
    description: str = ""
    license: str = ""
    creators: tuple[str, ...] = ()
    doi: str = ""
    keywords: tuple[str, ...] = ()

    @classmethod
    def read(cls, written: str) -> Self:
        """From what ``written`` gave."""
        said = json.loads(written)
        lists = {name: tuple(said[name]) for name in ("creators", "keywords")}
        return cls(**{**said, **lists})

    @property
    def written(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPackage:
    """``is_anonymous``: nothing that others are shown tells of owner, creators and log.

    A deleted package stays as a row; nobody sees it any more. ``revision`` grows with what is said
    of it too. ``number`` orders an owner's packages, and is given by the database. ``folders`` are
    all directories, at any depth.
    """

    id: DataPackageId
    owner: Owner
    tree_id: TreeId
    revision: Revision
    described: Description
    items: int
    size_bytes: int
    text_bytes: int
    is_anonymous: bool
    created_at: datetime
    changed_at: datetime
    deleted_at: datetime | None = None
    number: int = 0
    folders: int = 0

    @property
    def state(self) -> State:
        return State(frozenset({str(self.revision)}), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobBehind:
    """Bytes that we keep: a text, or a file of a workspace. ``is_text`` tells them apart."""

    digest: Digest
    size_bytes: int
    md5: str
    is_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A path of a package and what is behind it.

    What a version shows of a pointer is what was known when it was frozen: digests that came later
    never join it.
    """

    path: TreePath
    behind: BlobBehind | Pointer
    media_type: str
    position: int

    @property
    def size_bytes(self) -> int:
        return self.behind.size_bytes

    @property
    def sha256(self) -> Digest | None:
        return self.behind.digest if isinstance(self.behind, BlobBehind) else self.behind.sha256

    @property
    def md5(self) -> str | None:
        return self.behind.md5

    @property
    def is_pending(self) -> bool:
        """Whether its SHA-256 is not known."""
        return self.sha256 is None

    @property
    def digest_state(self) -> PointerState:
        """What can be said of its digests; what we keep is exact."""
        return PointerState.EXACT if isinstance(self.behind, BlobBehind) else self.behind.state

    @property
    def state(self) -> State:
        """Named by the bytes, or by the pointer and what is known of it."""
        behind = self.behind
        if isinstance(behind, BlobBehind):
            return State(frozenset({behind.digest}), None)
        return State(frozenset({f"{behind.id}-{behind.state}"}), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageEdition:
    """A frozen version, or for ``latest`` the living items (``number`` and ``digest`` None).

    ``digest`` is that of its listing. ``described`` is what was said when it was frozen. As many as
    ``pending`` items of a version have no digests, for good.
    """

    package_id: DataPackageId
    owner: Owner
    tree_id: TreeId
    revision: Revision
    number: int | None
    name: str
    described: Description
    items: int
    size_bytes: int
    digest: Digest | None
    is_anonymous: bool
    frozen_at: datetime
    id: int | None = None
    """Of the version's row."""
    pending: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A directory right below another, with what lies in it at any depth; None: not reckoned."""

    name: str
    items: int | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One page of one directory: folders first, each by name in byte order."""

    folders: tuple[Folder, ...] = ()
    items: tuple[Item, ...] = ()
    next: str | None = field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDifference:
    """A path in two editions; None where there is no such item."""

    path: str
    old: Item | None
    new: Item | None


def packages_subject(owner: Owner) -> Subject:
    """What an owner's packages, not deleted, are counted under."""
    return Subject(f"packages:{owner}")


class DataPackageNotFound(NotFound):
    """One error for a package that is not there, and a stranger's."""

    code = "data_package_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such package, or it is not yours.")


class ItemNotFound(NotFound):
    code = "item_not_found"

    def __init__(self, path: str) -> None:
        super().__init__(f"The package has no '{path[:300]}'.")


def data_package_id_from(text: str) -> DataPackageId:
    """Raise ``DataPackageNotFound`` for what is no package's id."""
    if not is_random_id(text):
        raise DataPackageNotFound
    return DataPackageId(text)


class VersionNotFound(NotFound):
    code = "version_not_found"

    def __init__(self, number: int) -> None:
        super().__init__(f"The package has no version {number}.")
