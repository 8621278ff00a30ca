"""What an upload brings, on its way through the checks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from filemanager.domain.blobs.blob import Content
from filemanager.domain.ids import Digest
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import Entry, TreePath
from filemanager.sanitize.actions import Note


@dataclass(slots=True, kw_only=True)
class Pending:
    """A file that came, or one of the tree that moved: the latter has an ``entry``, no ``content``.

    ``source`` names the archive it came in, ``as_sent`` is its public path as it was sent.
    ``origin`` tells every file of an upload from every other, whatever the tree looks like: that
    of the archive, a slash, the member's number. ``depth`` counts the archives around it.
    ``digest_as_sent`` is known of a file that was rewritten, ``rewritten_as`` the number that its
    rewrites have.
    """

    area: Area
    path: TreePath
    kind: FileKind = FileKind.UNKNOWN
    content: Content | None
    entry: Entry | None = None
    source: str = ""
    as_sent: str = ""
    origin: str = ""
    depth: int = 0
    unpack: bool | None = None
    kept_by_owner: bool = False
    rewritten_as: int | None = None
    is_checked: bool = False
    was_renamed: bool = False
    digest_as_sent: Digest | None = None
    reason: str | None = None
    code: str | None = None
    notes: list[Note] = field(default_factory=list)

    @classmethod
    def of_entry(cls, entry: Entry, notes: Iterable[Note]) -> "Pending":
        """A file of the tree as it is, which was checked when it came."""
        return cls(
            area=entry.area,
            path=entry.path,
            kind=entry.kind,
            content=None,
            entry=entry,
            kept_by_owner=entry.kept_by_owner,
            is_checked=True,
            notes=list(notes),
        )

    @property
    def digest(self) -> Digest:
        if self.content is not None:
            return self.content.digest
        return self.known_entry.digest

    @property
    def size_bytes(self) -> int:
        if self.content is not None:
            return self.content.size_bytes
        return self.known_entry.size_bytes

    @property
    def known_entry(self) -> Entry:
        """Of a file without content; it was in the tree before."""
        if self.entry is None:
            raise AssertionError(self.path)
        return self.entry

    @property
    def public_path(self) -> str:
        return public_path(self.area, self.path)

    @property
    def archive(self) -> str:
        """The origin of the archive it came in; empty for what was sent by itself."""
        return self.origin.rpartition("/")[0]

    def held(self, digest: Digest) -> bool:
        """Whether these are its bytes, or were before checks rewrote them."""
        return digest in (self.digest, self.digest_as_sent)

    def add_note(self, note: Note) -> None:
        """Each once: rounds and states of the tree may say the same again."""
        if note not in self.notes:
            self.notes.append(note)


@dataclass(slots=True, kw_only=True)
class PendingDirectory:
    """A directory of this upload; trees have none, so it lives as long as the upload's checks."""

    area: Area
    path: str
    is_checked: bool = False
    notes: list[Note] = field(default_factory=list)

    def add_note(self, note: Note) -> None:
        if note not in self.notes:
            self.notes.append(note)


Place = tuple[Area, str]


class PendingFiles:
    """The upload's files and directories in the order of the index, and counts of them."""

    def __init__(self) -> None:
        self._items: dict[Place, Pending | PendingDirectory] = {}
        self._children: dict[Place, dict[str, None]] = {}
        self._folded: dict[Place, TreePath] = {}
        self._twins: dict[Place, dict[TreePath, None]] = {}
        self.kinds: dict[Area, Counter[FileKind]] = {area: Counter() for area in Area}
        """How many there are of each kind; below zero where the tree's own went away."""

    def items(self) -> list[Pending | PendingDirectory]:
        """Source, then ancillary, each in the order of the index, as they are at this moment."""
        source = [item for item in self._items.values() if item.area is Area.SOURCE]
        return source + [item for item in self._items.values() if item.area is not Area.SOURCE]

    def unchecked(self) -> list[Pending | PendingDirectory]:
        return [item for item in self.items() if not item.is_checked]

    def files(self) -> list[Pending]:
        return [item for item in self.items() if isinstance(item, Pending)]

    def holds(self, item: "Pending | PendingDirectory") -> bool:
        """Whether the very item is still here, and not another at its path."""
        return self._items.get((item.area, _key(item))) is item

    def file(self, area: Area, path: str) -> Pending | None:
        item = self._items.get((area, path))
        return item if isinstance(item, Pending) else None

    def directory(self, area: Area, path: str) -> PendingDirectory | None:
        item = self._items.get((area, f"{path}/"))
        return item if isinstance(item, PendingDirectory) else None

    def put(self, item: "Pending | PendingDirectory") -> None:
        """At the end of the order; the caller made sure that the place is free."""
        key = _key(item)
        self._items[item.area, key] = item
        self._children.setdefault((item.area, _parent(key)), {})[key] = None
        if isinstance(item, Pending):
            self._put_twin((item.area, key.casefold()), item.path)
            self.kinds[item.area][item.kind] += 1

    def take(self, item: "Pending | PendingDirectory") -> None:
        key = _key(item)
        del self._items[item.area, key]
        del self._children[item.area, _parent(key)][key]
        if isinstance(item, Pending):
            self._take_twin((item.area, key.casefold()), item.path)
            self.kinds[item.area][item.kind] -= 1

    def classify(self, file: Pending, kind: FileKind) -> None:
        self.kinds[file.area][file.kind] -= 1
        self.kinds[file.area][kind] += 1
        file.kind = kind

    def children(self, area: Area, directory: str) -> list[str]:
        """Paths in *directory* (empty: at the top), those of directories ending in ``/``."""
        return list(self._children.get((area, directory), ()))

    def below(self, area: Area, directory: str) -> "list[Pending | PendingDirectory]":
        """Everything in *directory* and deeper, itself excluded."""
        found: list[Pending | PendingDirectory] = []
        waiting = self.children(area, directory)[::-1]
        while waiting:
            key = waiting.pop()
            found.append(self._items[area, key])
            if key.endswith("/"):
                waiting.extend(self.children(area, key[:-1])[::-1])
        return found

    def twin(self, area: Area, path: str) -> TreePath | None:
        folded = (area, path.casefold())
        if twins := self._twins.get(folded):
            return next((twin for twin in twins if twin != path), None)
        twin = self._folded.get(folded)
        return None if twin == path else twin

    def _put_twin(self, folded: Place, path: TreePath) -> None:
        """Most files have no twin: a collection for each would take a quarter of all memory."""
        only = self._folded.setdefault(folded, path)
        if only != path or folded in self._twins:
            self._twins.setdefault(folded, {only: None})[path] = None

    def _take_twin(self, folded: Place, path: TreePath) -> None:
        twins = self._twins.get(folded, {})
        twins.pop(path, None)
        if not twins:
            self._twins.pop(folded, None)
            del self._folded[folded]


def _key(item: Pending | PendingDirectory) -> str:
    return item.path if isinstance(item, Pending) else f"{item.path}/"


def _parent(key: str) -> str:
    return key.removesuffix("/").rpartition("/")[0]
