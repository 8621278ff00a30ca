"""What checks decide, for the runner to do."""

from dataclasses import dataclass, replace

from filemanager.domain.blobs.blob import Content
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Severity
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.trees.tree import TreePath
from filemanager.domain.workspaces.log import escaped


@dataclass(frozen=True, slots=True)
class Note:
    """Say something about the file; a transient note is told once.

    One that ``awaits`` a public path is said until a file is there. Made by ``info``, ``warn`` and
    ``fatal``, which escape what a name could do to a line.
    """

    severity: Severity
    code: str
    message: str
    persistent: bool = True
    awaits: str | None = None

    def weighed(self, severity: Severity) -> "Note":
        return replace(self, severity=severity)


def info(code: str, message: str) -> Note:
    """Transient, as every ``info`` of the original is."""
    return Note(Severity.INFO, code, escaped(message), persistent=False)


def warn(code: str, message: str, *, persistent: bool) -> Note:
    return Note(Severity.WARN, code, escaped(message), persistent)


def fatal(code: str, message: str) -> Note:
    return Note(Severity.FATAL, code, escaped(message))


@dataclass(frozen=True, slots=True)
class Rename:
    """Move to a path that the tree said is free."""

    to: TreePath
    code: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Move to the removed area. No later check sees the file."""

    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Replace:
    """Put other bytes in the file's place, and another kind where one is given."""

    content: Content
    code: str
    message: str
    kind: FileKind | None = None


@dataclass(frozen=True, slots=True)
class Classify:
    kind: FileKind


@dataclass(frozen=True, slots=True)
class Add:
    """Put a new file beside the one at hand; checked in the next round."""

    path: TreePath
    content: Content


@dataclass(frozen=True, slots=True)
class Keep:
    """Put *content* among the removed files, under *path*."""

    path: TreePath
    content: Content
    reason: str
    code: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Unpack:
    """Put the members in the archive's place; ``single`` decompresses lone files too."""

    single: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A line for the workspace's log; names in it are escaped."""

    code: str
    text: str


Action = Note | Rename | Remove | Replace | Classify | Add | Keep | Unpack | Record


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back what was said under these codes."""

    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Weigh:
    """Give what was said under a code another severity."""

    code: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class On:
    """Do something to one file of the tree."""

    area: Area
    path: TreePath
    action: Note | Remove | Withdraw | Weigh


@dataclass(frozen=True, slots=True)
class Judge:
    """Settle what the whole source is, and what is said about that."""

    source_format: SourceFormat
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class LiftUp:
    """Dissolve directories: everything in *prefix* moves to the top.

    ``ancillary`` maps source paths to their new ones in the ancillary area, empty for the
    directory that becomes the area itself. ``directories`` are
    what goes, outermost first, each named as it was when those above it had gone.
    """

    prefix: str
    directories: tuple[str, ...]
    ancillary: dict[str, str]


TreeAction = On | Judge | LiftUp
