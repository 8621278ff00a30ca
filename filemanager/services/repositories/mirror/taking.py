"""Packages from a bucket into a repository, by the way that packages of a push take."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from filemanager.archives.packages.sources import read_dsc
from filemanager.domain.blobs.blob import Content
from filemanager.domain.blobs.named_objects import NamedObjectMissing, NamedObjects
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.errors import Conflict, FilemanagerError, OverBudget, Rejected
from filemanager.domain.intake.scratch import Scratch, ScratchSpace
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.errors import PackageRefused
from filemanager.domain.repositories.names import PackageFileKind, kind_of
from filemanager.services.repositories.collecting import SentPackage
from filemanager.services.repositories.mirror.finds import Find
from filemanager.services.repositories.pushing import Push, PushService

BY_SYNC = Caller(
    issuer="filemanager",
    subject="sync",
    name="sync",
    granted=frozenset({GrantedScope(Scope.REPOSITORY_PUBLISH)}),
)
"""Who has pushed what was found in a bucket."""

_BATCH_FILES = 100
_BATCH_BYTES = 256 << 20

_REFUSED = (Rejected, Conflict, OverBudget)
"""A package is to blame; everything else is met again with any other."""

_KINDS_IN_ORDER = {PackageFileKind.DSC: 0, PackageFileKind.SOURCE: 2}
"""A source brings its files along; those that are left belong to none that is new."""

Outcomes = Mapping[str, str | None]
"""By path, why it was not taken in; None: it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """*max_bytes* is what one push may have. *before_each* is called before each object is read."""

    objects: NamedObjects
    pushes: PushService
    space: ScratchSpace
    max_bytes: int
    before_each: Callable[[], None]

    def take(self, address: Address, finds: Sequence[Find]) -> Iterator[Outcomes]:
        """Take in what lies in one directory, whose name is the product; gives what became of some,
        and of others, until all are told. The last word on a path counts.

        Each object is read once, but for one that a source needs whose other source was refused.
        """
        product = finds[0].directory.rpartition("/")[2]
        waiting = deque(sorted(finds, key=lambda find: (_order(find), find.path)))
        shelf = _Shelf({find.name: find for find in finds})
        while waiting:
            with self.space.open() as scratch:
                batch = _Batch(self, scratch, shelf)
                while waiting and batch.has_room_for(waiting[0]):
                    batch.add(waiting.popleft())
                yield batch.push(address, product)


@dataclass(slots=True)
class _Shelf:
    """What lies in the directory, by name. ``taken`` is in the repository by now; ``seen`` is what
    a source has brought along, whatever became of it.
    """

    finds: Mapping[str, Find]
    taken: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)


class _Batch:
    """What is read into one scratch and pushed together; each unit could be pushed by itself."""

    def __init__(self, taker: Taker, scratch: Scratch, shelf: _Shelf) -> None:
        self._taker = taker
        self._scratch = scratch
        self._shelf = shelf
        self._contents: dict[str, Content] = {}
        self._units: list[Sequence[Find]] = []
        self._outcomes: dict[str, str | None] = {}

    def has_room_for(self, find: Find) -> bool:
        """The first always has."""
        size_bytes = sum(content.size_bytes for content in self._contents.values())
        is_full = len(self._contents) >= _BATCH_FILES
        is_over = size_bytes + find.size_bytes > _BATCH_BYTES
        return not self._contents or not (is_full or is_over)

    def add(self, find: Find) -> None:
        """Read it, and what it brings along."""
        if find.name in self._shelf.seen or not self._read(find):
            return
        parts = self._parts(find) if kind_of(find.name) is PackageFileKind.DSC else ()
        if not self._fits(find, *parts):
            return
        self._shelf.seen.update(part.name for part in parts)
        self._units.append([find, *(part for part in parts if self._read(part))])

    def push(self, address: Address, product: str) -> Outcomes:
        """All at once and, where one is refused, each by itself."""
        together = list({find.name: find for unit in self._units for find in unit}.values())
        if together and self._pushed(address, product, together) is not None:
            for unit in self._units:
                self._push_unit(address, product, unit)
        return self._outcomes

    def _push_unit(self, address: Address, product: str, unit: Sequence[Find]) -> None:
        refused = self._pushed(address, product, unit)
        for find in unit:
            if refused is not None and find.name not in self._shelf.taken:
                self._outcomes[find.path] = _why(refused, find.name)

    def _pushed(
        self, address: Address, product: str, finds: Sequence[Find]
    ) -> FilemanagerError | None:
        """What says no; None: they were taken in."""
        sent = [SentPackage(find.name, self._contents[find.name]) for find in finds]
        push = Push(targets=[address], files=sent, product=product)
        try:
            self._taker.pushes.push(BY_SYNC, push, self._scratch)
        except _REFUSED as refused:
            return refused
        self._shelf.taken.update(find.name for find in finds)
        self._outcomes.update((find.path, None) for find in finds)
        return None

    def _parts(self, dsc: Find) -> Sequence[Find]:
        """What it names of the directory, but for what has been taken in with another; a damaged
        one names nothing.
        """
        try:
            source = read_dsc(dsc.name, self._contents[dsc.name])
        except PackageRefused:
            return ()
        names = {file.name for file in source.files} - self._shelf.taken
        return [self._shelf.finds[name] for name in sorted(names & self._shelf.finds.keys())]

    def _read(self, find: Find) -> bool:
        """False: it is refused already, or it has gone."""
        if find.name in self._contents:
            return True
        if not self._fits(find):
            return False
        self._taker.before_each()
        writer = self._scratch.writer()
        try:
            for chunk in self._chunks(find):
                writer.write(chunk)
        except NamedObjectMissing:
            return False
        self._contents[find.name] = writer.finish()
        return True

    def _chunks(self, find: Find) -> Iterator[bytes]:
        """No more than was listed: a longer one has taken its place, and is another."""
        if not find.size_bytes:
            return iter(())
        return self._taker.objects.read(find.key, 0, find.size_bytes)

    def _fits(self, find: Find, *parts: Find) -> bool:
        """Whether a push may have so much; if not, that is told of the first."""
        size_bytes = find.size_bytes + sum(part.size_bytes for part in parts)
        fits = size_bytes <= self._taker.max_bytes
        if not fits:
            self._outcomes[find.path] = "it has more bytes than a push may have"
        return fits


def _order(find: Find) -> int:
    kind = kind_of(find.name)
    return 1 if kind is None else _KINDS_IN_ORDER.get(kind, 1)


def _why(refused: FilemanagerError, name: str) -> str:
    if not isinstance(refused, PackageRefused):
        return refused.message
    return refused.why if refused.file == name else f"{refused.file}: {refused.why}"
