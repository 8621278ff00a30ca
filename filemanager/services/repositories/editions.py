"""What stands behind the ``@`` of an address: a publication by its number, or a snapshot."""

from filemanager.domain.ids import MAX_ID, Revision
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.errors import SnapshotUnknown
from filemanager.domain.repositories.repository import Repository
from filemanager.domain.repositories.snapshots import is_number

_MAX_DIGITS = len(str(MAX_ID))


def revision_of(tx: Transaction, repository: Repository, edition: str) -> Revision:
    """Raises ``SnapshotUnknown`` and ``RevisionPruned``."""
    tree = repository.tree.id
    if is_number(edition):
        # A number that is cut would be that of another publication.
        if len(edition) > _MAX_DIGITS:
            raise SnapshotUnknown
        revision = Revision(min(int(edition), MAX_ID))
    elif pin := tx.pins.find(tree, edition):
        revision = pin.revision
    else:
        raise SnapshotUnknown
    if tx.repositories.publication(tree, revision) is None:
        raise SnapshotUnknown
    tx.pins.ensure_kept(tree, revision)
    return revision
