"""Reading repositories: files, indexes and directories, of the newest publication or of one."""

from dataclasses import dataclass
from datetime import timedelta

from filemanager.domain.blobs.links import BlobLinks
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.repositories.address import RPM_ARCHES, Address
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import RepositoryUnknown
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import Repository, Visibility
from filemanager.domain.requests.preconditions import whole_second
from filemanager.services.downloads import Download
from filemanager.services.repositories.addresses import Above, Inside, located, names_below
from filemanager.services.repositories.editions import revision_of
from filemanager.services.repositories.finding import Freshness, PublishedPlace, Row
from filemanager.services.repositories.first import FirstPublication
from filemanager.services.repositories.keeping.access import hidden, readable

_ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """``has_settled`` False: it may change once more within the second that its time names."""

    download: Download
    freshness: Freshness
    is_private: bool
    has_settled: bool


@dataclass(frozen=True, slots=True)
class PublishedDirectory:
    """``path`` as it was asked for; directories come first."""

    path: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTerms:
    """``grace`` is how long what has gone from a publication can still be read at its address;
    ``links`` where readers of packages are sent to the store.
    """

    grace: timedelta
    links: BlobLinks | None = None


class RepositoryReader:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        catalogue: Catalogue,
        first: FirstPublication,
        terms: ReadTerms,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._catalogue = catalogue
        self._first = first
        self._terms = terms
        self._clock: Clock = first.clock

    def open(self, caller: Caller | None, path: str) -> PublishedFile | PublishedDirectory:
        """What is at *path* below the door, where a publication (``@<revision>``) or a snapshot
        (``@<name>``) may stand first.

        Raises ``RepositoryUnknown``, also where it is private and *caller* may not read it,
        ``SnapshotUnknown``, ``RevisionPruned``, ``FileNotFound`` and ``NotYetPublished``.
        """
        where = located(self._catalogue, path)
        if isinstance(where, Above):
            return self._above(caller, where)
        with self._database.read() as tx:
            repository = _readable(tx, caller, where.address)
            if repository is not None:
                return self._opened(tx, repository, where)
        self._first.wait(where.address)
        return self.open(caller, path)

    def address(self, caller: Caller | None, path: str) -> Address:
        """The repository of a path, published or not. Raises ``RepositoryUnknown``."""
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            _readable(tx, caller, address)
        return address

    def newest(self, caller: Caller | None, path: str, arch: str) -> str:
        """The address of the newest publication of a yum repository, which never changes.

        Raises like ``open``.
        """
        address = self._catalogue.find(path)
        if address.base is not Base.RPM or arch not in RPM_ARCHES:
            raise RepositoryUnknown
        with self._database.read() as tx:
            repository = _readable(tx, caller, address)
        revision = (repository or self._first.wait(address)).tree.revision
        return f"@{revision}/{address.path}/{arch}"

    def _opened(
        self, tx: Transaction, repository: Repository, where: Inside
    ) -> PublishedFile | PublishedDirectory:
        place = self._place(tx, repository, where)
        found = place.file(self._blobs)
        if found is None:
            return PublishedDirectory(where.asked, place.rows())
        download, freshness = found
        passed = self._clock() - whole_second(download.modified_at)
        return PublishedFile(
            download=download,
            freshness=freshness,
            is_private=repository.visibility is Visibility.PRIVATE,
            has_settled=freshness is Freshness.LASTING or passed >= _ONE_SECOND,
        )

    def _place(self, tx: Transaction, repository: Repository, where: Inside) -> PublishedPlace:
        revision, gone_after = repository.tree.revision, None
        if where.edition is None:
            gone_after = self._clock() - self._terms.grace
        else:
            revision = revision_of(tx, repository, where.edition)
        links = self._terms.links
        return PublishedPlace(tx, repository, revision, where.path, gone_after, links)

    def _above(self, caller: Caller | None, where: Above) -> PublishedDirectory:
        with self._database.read() as tx:
            unseen = hidden(tx, caller, self._catalogue)
        names = names_below(self._catalogue, where, unseen)
        if not names and where.segments:
            raise RepositoryUnknown
        return PublishedDirectory(where.asked, tuple(Row(name) for name in names))


def _readable(tx: Transaction, caller: Caller | None, address: Address) -> Repository | None:
    """None: nobody has published it yet."""
    repository = readable(tx, caller, address)
    return repository if repository.is_published else None
