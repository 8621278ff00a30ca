"""What leaves the bucket, noted before the publication without it is written there."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from filemanager.domain.ids import Revision
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.bucket_keys import index_names
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.places import malformed_lists
from filemanager.domain.repositories.published import PublishedIndex
from filemanager.domain.repositories.repository import Repository, Visibility
from filemanager.services.repositories.roots import root_names

_NOTHING = Revision(0)


def begin(tx: Transaction, repository: Repository, at: datetime, grace: timedelta) -> Repository:
    """Note that the newest publication is being written, or that all is to go, and return the
    *repository*, whose lock is held.

    What a run before this one may have written is looked at, whether it came to its end or not.
    """
    if repository.visibility is Visibility.PRIVATE:
        _leave_all(tx, repository, at)
        begun = replace(repository, mirrored=None, mirror_begun=None)
    else:
        _leave_what_went(tx, repository, at, grace)
        begun = replace(repository, mirror_begun=repository.tree.revision)
    tx.repositories.save(begun)
    return begun


def changing_names(repository: Repository) -> list[str]:
    """Of what is no index and no package, in the order of writing: what signs comes before what is
    signed, where both are read one after the other; what lists everything else is last.
    """
    version = repository.path.rpartition("/")[2]
    roots = root_names(repository.base, version)
    in_order = roots if repository.base is Base.DEB else roots[::-1]
    return [*malformed_lists(repository.base, version), *in_order]


def _leave_all(tx: Transaction, repository: Repository, at: datetime) -> None:
    tree = repository.tree
    leftovers = tx.repositories.leftovers
    leftovers.hasten(tree.id, at)
    leftovers.add(tree.id, tx.repositories.known_objects.ours(tree.id), at)
    if repository.mirror_begun is not None:
        there = tx.repositories.changes(tree.id, _NOTHING, repository.mirror_begun)
        leftovers.add(tree.id, [file.path for file in there.files], at)
        leftovers.add(tree.id, list(_names(repository.base, there.indexes)), at)


def _leave_what_went(
    tx: Transaction, repository: Repository, at: datetime, grace: timedelta
) -> None:
    tree, before = repository.tree, repository.mirror_begun
    changes = tx.repositories.changes(tree.id, before or _NOTHING, tree.revision)
    came = {file.path for file in changes.files}
    came.update(_names(repository.base, changes.indexes))
    went = {*changes.gone_files, *_names(repository.base, changes.gone_indexes)}
    changing = set(changing_names(repository))
    if before is None:
        # Another service may have filled the bucket: clients would trust its signatures.
        went |= changing
    leftovers = tx.repositories.leftovers
    leftovers.remove(tree.id, came)
    leftovers.add(tree.id, (went & changing) - came, at)
    leftovers.add(tree.id, went - changing - came, at + grace)


def _names(base: Base, indexes: Iterable[PublishedIndex]) -> Iterator[str]:
    for index in indexes:
        yield from (name for name in index_names(base, index) if name is not None)
