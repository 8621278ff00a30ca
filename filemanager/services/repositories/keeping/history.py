"""What publications changed, and what differs between two of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from filemanager.domain.caller import Caller
from filemanager.domain.ids import Revision
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import SnapshotUnknown
from filemanager.domain.repositories.history import ChangeCount, PackageChangeQuery
from filemanager.domain.repositories.repository import (
    Package,
    PackageId,
    Publication,
    Repository,
)
from filemanager.services.repositories.editions import revision_of
from filemanager.services.repositories.keeping.access import readable


@dataclass(frozen=True, slots=True)
class TellingPublication:
    """``changed`` None: what it changed is not kept any more."""

    publication: Publication
    changed: ChangeCount | None


class ChangeKind(StrEnum):
    CAME = "came"
    WENT = "went"


@dataclass(frozen=True, slots=True)
class PackageChange:
    kind: ChangeKind
    package: Package


@dataclass(frozen=True, slots=True)
class PublicationDifference:
    """A page of what came and went from one publication to the other."""

    old: Revision
    new: Revision
    changes: Sequence[PackageChange]


@dataclass(frozen=True, slots=True)
class ChangePage:
    after: PackageId | None = None
    limit: int = 100


class HistoryService:
    """Each method raises ``RepositoryUnknown``, also where the caller may not know of it."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    def publications(
        self, caller: Caller | None, path: str, before: Revision | None, limit: int
    ) -> Sequence[TellingPublication]:
        """The newest first."""
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            repository = readable(tx, caller, address)
            found = tx.repositories.publications(repository.tree.id, before, limit)
            return _told(tx, repository, found) if found else ()

    def publication(self, caller: Caller | None, path: str, edition: str) -> TellingPublication:
        """By number or by the name of a snapshot. Raises ``SnapshotUnknown`` and
        ``RevisionPruned``.
        """
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            repository = readable(tx, caller, address)
            revision = revision_of(tx, repository, edition)
            found = tx.repositories.publication(repository.tree.id, revision)
            if found is None:
                raise SnapshotUnknown
            return _told(tx, repository, [found])[0]

    def changes(
        self, caller: Caller | None, path: str, edition: str, page: ChangePage
    ) -> PublicationDifference:
        """What a publication changed. Raises like ``publication``."""
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            repository = readable(tx, caller, address)
            new = revision_of(tx, repository, edition)
            old = Revision(new - 1)
            tx.pins.ensure_kept(repository.tree.id, old)
            return _difference(tx, repository, (old, new), page)

    def difference(
        self, caller: Caller | None, path: str, editions: tuple[str, str], page: ChangePage
    ) -> PublicationDifference:
        """What leads from the first edition to the second, which may be the older one."""
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            repository = readable(tx, caller, address)
            old, new = (revision_of(tx, repository, edition) for edition in editions)
            return _difference(tx, repository, (old, new), page)


def _told(
    tx: Transaction, repository: Repository, publications: Iterable[Publication]
) -> Sequence[TellingPublication]:
    tree = repository.tree.id
    given = list(publications)
    earlier = {Revision(one.revision - 1) for one in given}
    kept = tx.pins.kept(tree, earlier | {one.revision for one in given})
    counts = tx.repositories.packages.change_counts(tree, [one.revision for one in given])
    return [
        TellingPublication(
            one,
            counts.get(one.revision, ChangeCount())
            if {one.revision, one.revision - 1} <= set(kept)
            else None,
        )
        for one in given
    ]


def _difference(
    tx: Transaction,
    repository: Repository,
    revisions: tuple[Revision, Revision],
    page: ChangePage,
) -> PublicationDifference:
    asked_old, asked_new = revisions
    old, new = sorted(revisions)
    query = PackageChangeQuery(old=old, new=new, after=page.after, limit=page.limit)
    found = tx.repositories.packages.changed_between(repository.tree.id, query)
    is_back = asked_old > asked_new
    changes = [
        # Backwards, what came is what has to go.
        PackageChange(
            ChangeKind.CAME if ((one.since or 0) > old) is not is_back else ChangeKind.WENT, one
        )
        for one in found
    ]
    return PublicationDifference(asked_old, asked_new, changes)
