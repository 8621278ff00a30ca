"""What the next publication of a repository consists of, worked out from one view of its rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.ids import Revision
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.package import SOURCE, Base
from filemanager.domain.repositories.places import ALL, IndexFile, index_files
from filemanager.domain.repositories.published import IndexForm, IndexPage, PublishedIndex
from filemanager.domain.repositories.repository import (
    PackageFile,
    PackageRecord,
    Repository,
    Waiting,
)
from filemanager.domain.repositories.versions import version_order
from filemanager.indexes.index import Index, sums_of
from filemanager.indexes.pages import HEAD_KEY, TAIL_KEY, IndexRecord, Span, cut, page, touched
from filemanager.indexes.yum import documents
from filemanager.indexes.yum.documents import YumDocument
from filemanager.indexes.yum.records import unpacked
from filemanager.indexes.yum.repomd import location
from filemanager.services.repositories.mirror.malformed import malformed_texts

PageChanges = Mapping[str, tuple[Collection[str], Sequence[IndexPage]]]
"""By file: the keys of pages that end, and the pages that begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``files`` come, ``ended`` are the paths that no package needs any more. ``indexes`` are all
    of the publication, those that stay as they were too; ``packed`` are the bytes of new ones that
    do not follow from pages, by path. ``malformed`` tells, by path too, what of a bucket is not
    taken in.
    """

    repository: Repository
    waiting: Waiting
    arches: Sequence[str]
    changes: PageChanges
    indexes: Sequence[PublishedIndex]
    packed: Mapping[str, bytes]
    malformed: Mapping[str, bytes]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """``arches`` are those that an apt repository is for at least; *is_xz*: it has indexes as xz
    too.
    """

    arches: Sequence[str]
    is_xz: bool = False


def plan(tx: Transaction, repository: Repository, habit: Habit) -> Plan:
    """What is to be written so that clients see all that is there.

    Indexes that do not change are not read; of the others every page is, and the records of those
    pages that change.
    """
    return _Planning(tx, repository, habit).plan()


class _Planning:
    def __init__(self, tx: Transaction, repository: Repository, habit: Habit) -> None:
        self._packages = tx.repositories.packages
        self._indexes = tx.repositories.indexes
        self._repository = repository
        self._tree = repository.tree.id
        self._waiting = self._packages.waiting(self._tree)
        self._quarantined = tx.repositories.known_objects.quarantined(self._tree)
        self._counts = self._packages.counts(self._tree)
        self._arches = sorted({*habit.arches, *self._counts} - {ALL, SOURCE})
        self._is_xz = habit.is_xz and repository.base is Base.DEB
        self._read: dict[tuple[frozenset[str], Span], Sequence[PackageRecord]] = {}

    def plan(self) -> Plan:
        version = self._repository.path.rpartition("/")[2]
        files = index_files(self._repository.base, version, self._arches)
        listed = self._listed()
        old_xz = _xz_paths(listed)
        changing = [file for file in files if self._is_changing(file, listed.get(file.file, ()))]
        gone = listed.keys() - {file.file for file in files}
        before = self._indexes.pages(self._tree, [*gone, *(file.file for file in changing)])
        changes: dict[str, tuple[Collection[str], Sequence[IndexPage]]] = {
            file: ([one.first_key for one in before.get(file, ())], ()) for file in gone
        }
        packed: dict[str, bytes] = {}
        for file in changing:
            anew = self._anew(file, before.get(file.file, ()))
            changes[file.file] = anew.ended, anew.begun
            listed[file.file] = self._published(file.file, Index(anew.after), packed)
        indexes = [index for file in files for index in listed[file.file]]
        return Plan(
            repository=self._repository,
            waiting=self._waiting,
            arches=self._arches,
            changes=changes,
            indexes=indexes,
            packed=packed,
            malformed=malformed_texts(self._repository.base, version, self._quarantined),
            files=self._came(),
            ended=[*self._went(), *sorted(old_xz - {index.path for index in indexes})],
        )

    def _is_changing(self, file: IndexFile, listed: Sequence[PublishedIndex]) -> bool:
        has_xz = any(index.form is IndexForm.XZ for index in listed)
        return not listed or has_xz is not self._is_xz or bool(self._names(file))

    def _listed(self) -> dict[str, list[PublishedIndex]]:
        found: dict[str, list[PublishedIndex]] = {}
        for index in self._indexes.listing(self._tree, self._repository.tree.revision):
            found.setdefault(index.file, []).append(index)
        return found

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
            order = version_order(base, one.version)
            yield IndexRecord(one.name, order, one.arch, one.digest, text)

    def _published(self, file: str, index: Index, packed: dict[str, bytes]) -> list[PublishedIndex]:
        """An index under its names; adds to *packed*. One of yum is read by the name that has its
        digest alone.
        """
        plain, gzip = index.sums()
        gzip_path = f"{file}.gz"
        if self._repository.base is Base.RPM:
            gzip_path = f"{file.partition('/')[0]}/{location(_document(file), gzip)}"
        made = [
            PublishedIndex(path=file, file=file, form=IndexForm.PLAIN, sums=plain),
            PublishedIndex(path=gzip_path, file=file, form=IndexForm.GZIP, sums=gzip),
        ]
        if self._is_xz:
            path, data = f"{file}.xz", b"".join(index.xz())
            packed[path] = data
            sums = sums_of([data])
            made.append(PublishedIndex(path=path, file=file, form=IndexForm.XZ, sums=sums))
        return made

    def _came(self) -> Sequence[PackageFile]:
        files = (file for package in self._waiting.came for file in package.files)
        return list({file.path: file for file in files}.values())

    def _went(self) -> Sequence[str]:
        paths = {file.path for package in self._waiting.went for file in package.files}
        return sorted(paths - self._packages.at_paths(self._tree, paths).keys())


def _document(file: str) -> YumDocument:
    return YumDocument(file.rpartition("/")[2].removesuffix(".xml"))


def _xz_paths(listed: Mapping[str, Sequence[PublishedIndex]]) -> set[str]:
    indexes = (index for of_file in listed.values() for index in of_file)
    return {index.path for index in indexes if index.form is IndexForm.XZ}
