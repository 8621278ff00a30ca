"""Where uploads go."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from filemanager.domain.ids import GuestId, WorkspaceId
from filemanager.domain.packages.data_package import DataPackageId

_OF_FILES = frozenset({"path", "is_bundle", "name", "unpack", "labels", "is_aside"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceTarget:
    """``path`` is a public path, as it was sent; ``unpack`` None: its name tells.

    A bundle is many files with paths of their own, and ``path`` what its sender calls it.
    """

    workspace_id: WorkspaceId
    path: str
    unpack: bool | None = None
    is_bundle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTarget:
    """``labels`` are the headers that choose replicas."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryTarget:
    """*repository* is its path. The files of a batch are pushed together, for one product.

    ``is_aside``: a ``.changes`` is to come, which says what is pushed.
    """

    repository: str
    name: str
    product: str | None = None
    is_aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageTarget:
    """A text of a data package; ``path`` is as it was sent."""

    package_id: DataPackageId
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationTarget:
    """``path`` is a public path as the guest sees it, as it was sent; ``unpack`` as above."""

    guest_id: GuestId
    path: str
    unpack: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartTarget:
    """A part of an upload that is put together of several (tus concatenation)."""


Target = (
    WorkspaceTarget | DropTarget | RepositoryTarget | PackageTarget | InvitationTarget | PartTarget
)


def place_of(target: Target) -> str:
    """Uploads of one batch go to one place: what is not of single files says where."""
    told = {name: value for name, value in asdict(target).items() if name not in _OF_FILES}
    return " ".join((type(target).__name__, *map(str, told.values())))
