"""Repositories: what each publication that is kept says of itself, against what it consists of."""

from collections.abc import Iterator, Mapping, Sequence

from filemanager.domain.ids import Revision
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.published import IndexForm, PublishedIndex, Sums
from filemanager.domain.repositories.repository import PackageFile, Repository
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import Entry
from filemanager.indexes.index import Index
from filemanager.services.upkeep.watching import Problem

_BATCH = 1000

_IndexKey = tuple[PublishedIndex, tuple[int, ...]]


def repository_problems(tx: Transaction, repository: Repository) -> Iterator[Problem]:
    """Of a repository that was read in this same transaction: the indexes of every publication, and
    the files of the newest and of snapshots.
    """
    yield from _index_problems(tx, repository)
    yield from _total_problems(tx, repository)
    for revision in _chosen(tx, repository):
        yield from _file_problems(tx, repository, revision)


def _chosen(tx: Transaction, repository: Repository) -> Sequence[Revision]:
    """The newest publication, and those that are pinned."""
    pinned = {pin.revision for pin in tx.pins.of(repository.tree.id)}
    return sorted(pinned | {repository.tree.revision}) if repository.is_published else ()


def _kept(tx: Transaction, repository: Repository) -> Sequence[Revision]:
    """Every publication that is kept whole, the oldest first."""
    tree, before = repository.tree.id, None
    kept: list[Revision] = []
    while page := tx.repositories.publications(tree, before, _BATCH):
        before = page[-1].revision
        kept += tx.pins.kept(tree, [one.revision for one in page])
    return sorted(kept)


def _index_problems(tx: Transaction, repository: Repository) -> Iterator[Problem]:
    """Each index is put together once for as long as neither it nor one of its pages changes."""
    before: set[_IndexKey] = set()
    for revision in _kept(tx, repository):
        indexes = tx.repositories.indexes
        ids = indexes.page_ids(repository.tree.id, revision)
        now = {
            (index, tuple(ids.get(index.file, ())))
            for index in indexes.listing(repository.tree.id, revision)
        }
        for index, _ in sorted(now - before, key=_path_of):
            if index.sums != _made(tx, repository, revision, index):
                detail = "what it is put together from has other sums"
                yield Problem(
                    "repository_index", _subject(repository, revision, index.path), detail
                )
        before = now


def _path_of(key: _IndexKey) -> str:
    return key[0].path


def _made(
    tx: Transaction, repository: Repository, revision: Revision, index: PublishedIndex
) -> Sums | None:
    """The sums of what readers get; of bytes that lie in the store, those that their row says."""
    found = tx.repositories.indexes.find(repository.tree.id, index.path, revision)
    if found is None:
        return None
    if index.form is IndexForm.XZ:
        entry = _entries(tx, repository, revision).get(index.path)
        return index.sums if entry is not None and entry.digest == index.sums.sha256 else None
    plain, gzip = Index(found.pages).sums()
    return gzip if index.form is IndexForm.GZIP else plain


def _file_problems(
    tx: Transaction, repository: Repository, revision: Revision
) -> Iterator[Problem]:
    entries = _entries(tx, repository, revision)
    needed = {file.path: file for file in _files(tx, repository, revision)}
    for path, file in needed.items():
        entry = entries.get(path)
        if entry is None or (entry.digest, entry.size_bytes) != (file.digest, file.size_bytes):
            detail = "a package needs it, and it is missing or another one"
            yield Problem("repository_file", _subject(repository, revision, path), detail)
    for path, entry in entries.items():
        if _is_package(path) and path not in needed and not _is_purged(tx, repository, entry):
            detail = "no package of this publication needs it"
            yield Problem("repository_file", _subject(repository, revision, path), detail)


def _files(tx: Transaction, repository: Repository, revision: Revision) -> Iterator[PackageFile]:
    packages, tree = tx.repositories.packages, repository.tree.id
    ids = packages.alive_at(tree, revision)
    for start in range(0, len(ids), _BATCH):
        for package in packages.find_all(tree, ids[start : start + _BATCH]):
            yield from package.files


def _total_problems(tx: Transaction, repository: Repository) -> Iterator[Problem]:
    tree = repository.tree
    entries = tx.trees.entries(tree.id, tree.revision)
    totals = {
        "source_bytes": (tree.source_bytes, sum(entry.size_bytes for entry in entries)),
        "kept_bytes": (tree.kept_bytes, tx.trees.kept_bytes(tree.id)),
        "count": (tree.count(Area.SOURCE), len(entries)),
    }
    for name, (kept, found) in totals.items():
        if kept != found:
            detail = f"{name} is {kept}, the entries make it {found}"
            yield Problem("tree_total", repository.path, detail)


def _entries(tx: Transaction, repository: Repository, revision: Revision) -> Mapping[str, Entry]:
    found = tx.trees.entries(repository.tree.id, revision)
    return {entry.path: entry for entry in found}


def _is_package(path: str) -> bool:
    """Everything else is an index, or signs one."""
    return path.startswith("pool/") or "/Packages/" in path


def _is_purged(tx: Transaction, repository: Repository, entry: Entry) -> bool:
    """It goes with the next sweep after its last publication."""
    return entry.digest in tx.repositories.purges.digests(repository.tree.id, entry.path)


def _subject(repository: Repository, revision: Revision, path: str) -> str:
    return f"@{revision}/{repository.path}: {path}"
