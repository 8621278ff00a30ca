"""What the next publication of a repository consists of, worked out from one view of its rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.ids import Revision
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.package import SOURCE, Base
from filemanager.domain.repositories.places import ALL, IndexFile, index_files
from filemanager.domain.repositories.published import IndexPage, PublishedIndex, Sums
from filemanager.domain.repositories.repository import (
    PackageFile,
    PackageRecord,
    Repository,
    Waiting,
)
from filemanager.domain.repositories.versions import debian_order, rpm_order
from filemanager.indexes.index import Index
from filemanager.indexes.pages import HEAD_KEY, TAIL_KEY, IndexRecord, Span, cut, page, touched
from filemanager.indexes.yum import documents
from filemanager.indexes.yum.documents import YumDocument
from filemanager.indexes.yum.records import unpacked
from filemanager.indexes.yum.repomd import location

PageChanges = Mapping[str, tuple[Collection[str], Sequence[IndexPage]]]
"""By file: the keys of pages that end, and the pages that begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``files`` come, ``ended`` are the paths that no package needs any more. ``indexes`` are all
    of the publication, those that stay as they were too.
    """

    repository: Repository
    waiting: Waiting
    arches: Sequence[str]
    changes: PageChanges
    indexes: Sequence[PublishedIndex]
    files: Sequence[PackageFile]
    ended: Sequence[str]

    @property
    def revision(self) -> Revision:
        """That of the publication before."""
        return self.repository.tree.revision

    @property
    def version(self) -> str:
        return self.repository.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class _Anew:
    """An index that changes: which pages end, which begin, and all that it has then."""

    ended: Sequence[str]
    begun: Sequence[IndexPage]
    after: Sequence[IndexPage]


def plan(tx: Transaction, repository: Repository, arches: Sequence[str]) -> Plan:
    """What is to be written so that clients see all that is there.

    *arches* are those that an apt repository is for at least. Indexes that do not change are not
    read; of the others every page is, and the records of those pages that change.
    """
    return _Planning(tx, repository, arches).plan()


class _Planning:
    def __init__(self, tx: Transaction, repository: Repository, arches: Sequence[str]) -> None:
        self._packages = tx.repositories.packages
        self._indexes = tx.repositories.indexes
        self._repository = repository
        self._tree = repository.tree.id
        self._waiting = self._packages.waiting(self._tree)
        self._counts = self._packages.counts(self._tree)
        self._arches = sorted({*arches, *self._counts} - {ALL, SOURCE})
        self._read: dict[tuple[frozenset[str], Span], Sequence[PackageRecord]] = {}

    def plan(self) -> Plan:
        base, version = self._repository.base, self._repository.path.rpartition("/")[2]
        files = index_files(base, version, self._arches)
        listed = self._listed()
        changing = [file for file in files if self._names(file) or file.file not in listed]
        before = self._indexes.pages(self._tree, [file.file for file in changing])
        changes: dict[str, tuple[Collection[str], Sequence[IndexPage]]] = {}
        for file in changing:
            anew = self._anew(file, before.get(file.file, ()))
            changes[file.file] = anew.ended, anew.begun
            listed[file.file] = _published(base, file.file, *Index(anew.after).sums())
        return Plan(
            repository=self._repository,
            waiting=self._waiting,
            arches=self._arches,
            changes=changes,
            indexes=[index for file in files for index in listed[file.file]],
            files=self._came(),
            ended=self._went(),
        )

    def _listed(self) -> dict[str, Sequence[PublishedIndex]]:
        found: dict[str, list[PublishedIndex]] = {}
        for index in self._indexes.listing(self._tree, self._repository.tree.revision):
            found.setdefault(index.file, []).append(index)
        return dict(found)

    def _names(self, file: IndexFile) -> set[str]:
        """Of packages that come to the index, or go from it."""
        changed = (*self._waiting.came, *self._waiting.went)
        return {package.name for package in changed if package.arch in file.arches}

    def _anew(self, file: IndexFile, before: Sequence[IndexPage]) -> _Anew:
        keys = [one.first_key for one in before]
        spans = touched(keys, self._names(file)) if before else [Span("", None)]
        ended = [key for key in keys if any(span.holds(key) for span in spans)]
        begun = [one for span in spans for one in cut(self._records(file, span))]
        ends = self._ends(file)
        ended += [one.first_key for one in ends if one.first_key in keys]
        begun += ends
        kept = [one for one in before if one.first_key not in ended]
        after = sorted([*kept, *begun], key=lambda one: one.first_key)
        same = set(before) & set(begun)
        return _Anew(
            ended=[key for key in ended if all(key != one.first_key for one in same)],
            begun=[one for one in begun if one not in same],
            after=after,
        )

    def _ends(self, file: IndexFile) -> Sequence[IndexPage]:
        """What a document of yum opens and closes with."""
        if self._repository.base is Base.DEB:
            return ()
        count = sum(self._counts.get(arch, 0) for arch in file.arches)
        document = _document(file.file)
        head, tail = documents.head(document, count), documents.tail(document)
        return page(HEAD_KEY, head), page(TAIL_KEY, tail)

    def _records(self, file: IndexFile, span: Span) -> Iterator[IndexRecord]:
        known = self._read.get((file.arches, span))
        if known is None:
            known = self._packages.records(self._tree, file.arches, span.first, span.behind)
            self._read[file.arches, span] = known
        base = self._repository.base
        for one in known:
            text = one.record if base is Base.DEB else unpacked(one.record)[file.piece]
            order = _order(base, one.version)
            yield IndexRecord(one.name, order, one.arch, one.digest, text)

    def _came(self) -> Sequence[PackageFile]:
        files = (file for package in self._waiting.came for file in package.files)
        return list({file.path: file for file in files}.values())

    def _went(self) -> Sequence[str]:
        paths = {file.path for package in self._waiting.went for file in package.files}
        return sorted(paths - self._packages.at_paths(self._tree, paths).keys())


def _order(base: Base, version: str) -> tuple[object, ...]:
    if base is Base.DEB:
        return debian_order(version)
    epoch, _, rest = version.rpartition(":")
    upstream, _, release = rest.rpartition("-")
    return rpm_order(epoch, upstream, release)


def _document(file: str) -> YumDocument:
    return YumDocument(file.rpartition("/")[2].removesuffix(".xml"))


def _published(base: Base, file: str, plain: Sums, packed: Sums) -> Sequence[PublishedIndex]:
    """An index under its names. One of yum is read by the name that has its digest alone."""
    gzip_path = f"{file}.gz"
    if base is Base.RPM:
        arch = file.partition("/")[0]
        gzip_path = f"{arch}/{location(_document(file), packed)}"
    return (
        PublishedIndex(path=file, file=file, is_gzip=False, sums=plain),
        PublishedIndex(path=gzip_path, file=file, is_gzip=True, sums=packed),
    )
