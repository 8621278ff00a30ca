"""What a check is: a function that looks at one file, or at the whole tree, and decides."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar, TypeVarTuple

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.budget import Limits
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import TreePath
from filemanager.sanitize.actions import Action, TreeAction
from filemanager.sanitize.workshop import Workshop

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


@dataclass(frozen=True)
class File:
    """A file under check, as it is when the check begins.

    ``unpack`` says whether a person wants it unpacked; None: its name tells. What is
    ``kept_by_owner`` no check rewrites.

    Without slots: the name and its lower-case form are asked for by most checks and kept.
    """

    area: Area
    path: TreePath
    kind: FileKind
    content: Content
    workshop: Workshop
    unpack: bool | None = None
    kept_by_owner: bool = False

    @cached_property
    def name(self) -> str:
        return self.path.name

    @cached_property
    def lowered(self) -> str:
        """The name in lower case, for tests that take any case."""
        return self.name.lower()

    @property
    def public_path(self) -> str:
        return public_path(self.area, self.path)

    @property
    def is_ancillary(self) -> bool:
        return self.area is Area.ANCILLARY

    def once(
        self,
        operation: Callable[[Content, Scratch, *Arguments], Result],
        *arguments: *Arguments,
    ) -> Result:
        """Do something with the bytes, or remember what came of it."""
        return self.workshop.once(operation, self.content, *arguments)


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory that this upload brought; ``path`` is without the closing slash."""

    area: Area
    path: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def is_top(self) -> bool:
        return "/" not in self.path


@dataclass(frozen=True, slots=True)
class Sibling:
    """A file of the tree as other files' checks see it, whether new or there before."""

    area: Area
    path: TreePath
    kind: FileKind
    kept_by_owner: bool = False


class Tree(Protocol):
    """Narrow questions about the tree as it would be now. None but ``source_paths`` lists."""

    def count(self, area: Area) -> int:
        """Files, not directories."""

    def kinds(self) -> Mapping[FileKind, int]:
        """How many source files there are of each kind."""

    def find(self, area: Area, path: str) -> Sibling | None: ...
    def is_free(self, area: Area, path: str) -> bool:
        """Whether a file may be put there without touching another file or a directory."""

    def free_path(self, area: Area, path: str) -> TreePath:
        """*path* if it is free and usable, else the first numbered sibling that is."""

    def path_apart(self, area: Area, path: str) -> TreePath:
        """The first numbered sibling of *path* that is free and has no such twin."""

    def case_twin(self, area: Area, path: str) -> TreePath | None:
        """Another file of this upload whose path differs by case only."""

    def sole_source(self) -> Sibling | None:
        """The one source file; None where there are none or several."""

    def formerly_sole(self) -> Sibling | None:
        """The source file that was alone in the tree before, if it is still there."""

    def changed(self) -> Sequence[Sibling]:
        """The files that came or moved."""

    def ended(self) -> Sequence[tuple[Area, TreePath]]:
        """Where files of the tree went away."""

    def is_one_directory(self) -> bool:
        """Whether everything in the source, empty directories included, lies below one."""

    def source_paths(self) -> Sequence[str]:
        """Every source path; those of empty directories end in ``/``."""

    def has_unpacked(self) -> bool:
        """Whether an archive of this upload was taken apart."""


Check = Callable[[File, Tree], Iterable[Action]]
DirectoryCheck = Callable[[Directory, Tree], Iterable[Action]]
TreeCheck = Callable[[Tree], Iterable[TreeAction]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A named choice of checks and limits.

    A file gets ``checks`` and a directory ``directory_checks`` once, in order, until one removes
    it. ``round_checks`` follow each time that all files at hand were looked at, when what was in
    archives is still to come; ``tree_checks`` when nothing is left to look at. ``review_checks``
    are all that runs after a person's own change; they remove nothing.
    """

    name: str
    title: str
    checks: tuple[Check, ...]
    directory_checks: tuple[DirectoryCheck, ...]
    round_checks: tuple[TreeCheck, ...]
    tree_checks: tuple[TreeCheck, ...]
    review_checks: tuple[TreeCheck, ...]
    limits: Limits
