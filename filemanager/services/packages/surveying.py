"""Reading an edition once, from its first item to its last."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from filemanager.domain.packages.data_package import Item, PackageEdition
from filemanager.domain.packages.listing import DirectoryTotal, ListingDigest, directory_totals
from filemanager.domain.packages.pointer import ObjectPlace, Pointer, PointerId
from filemanager.domain.ports import Transaction
from filemanager.domain.sources.source import SourceId

_PAGE = 1000


@dataclass(slots=True)
class Survey:
    """What was found in an edition, of one moment."""

    surveyed: PackageEdition
    items: int = 0
    size_bytes: int = 0
    listing: ListingDigest = field(default_factory=ListingDigest)
    directories: list[DirectoryTotal] = field(default_factory=list)
    pending: list[PointerId] = field(default_factory=list)
    sources: set[SourceId] = field(default_factory=set)

    @property
    def edition(self) -> PackageEdition:
        """With the totals that were counted."""
        return replace(self.surveyed, items=self.items, size_bytes=self.size_bytes)

    def note(self, item: Item) -> None:
        self.listing.add(item)
        self.items += 1
        self.size_bytes += item.size_bytes
        if isinstance(item.behind, Pointer):
            self._note_pointer(item.behind)

    def _note_pointer(self, pointer: Pointer) -> None:
        if isinstance(pointer.place, ObjectPlace):
            self.sources.add(pointer.place.source_id)
        if pointer.sha256 is None:
            self.pending.append(pointer.id)


def survey(tx: Transaction, edition: PackageEdition) -> Survey:
    """Read *edition* a page at a time; a read transaction sees one state throughout."""
    found = Survey(edition)

    def sizes() -> Iterator[tuple[str, int]]:
        for item in items_of(tx, edition):
            found.note(item)
            yield item.path, item.size_bytes

    found.directories = list(directory_totals(sizes()))
    return found


def items_of(tx: Transaction, edition: PackageEdition) -> Iterator[Item]:
    """Every item, by path."""
    after: str | None = None
    while page := tx.packages.items(edition, after, _PAGE):
        yield from page
        after = page[-1].path
