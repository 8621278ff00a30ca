"""Going back to an earlier publication, by a change that the next one shows."""

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import Allowance
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.repository import Repository, repository_subject
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.workspaces.log import escaped
from filemanager.services.repositories.arriving import Arriving
from filemanager.services.repositories.changes import count_change, log_change
from filemanager.services.repositories.editions import revision_of
from filemanager.services.repositories.keeping.access import ensure_allowed
from filemanager.services.repositories.pushing import Pushed


class RestoreService:
    """``max_bytes`` is what a repository may hold, None: anything."""

    def __init__(
        self, database: Database, catalogue: Catalogue, max_bytes: int | None, clock: Clock
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._max_bytes = max_bytes
        self._clock = clock

    def restore(
        self,
        caller: Caller,
        path: str,
        edition: str,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Pushed:
        """Make the living packages those of a publication or snapshot; no byte is copied.

        What lives then and now with the same bytes is left as it is. Raises ``RepositoryUnknown``,
        ``InsufficientScope``, ``SnapshotUnknown``, ``RevisionPruned``, ``QuotaExceeded`` and, where
        a package lacks a signature that is demanded by now, ``PackageRefused``.
        """
        address = self._catalogue.find(path)

        def work(tx: Transaction) -> Pushed:
            ensure_allowed(tx, caller, Scope.REPOSITORY_ADMIN, address)
            repository = tx.repositories.lock(address.path)
            preconditions.ensure(repository.state)
            return self._restored(tx, caller, repository, edition)

        return self._database.write(work)

    def _restored(
        self, tx: Transaction, caller: Caller, repository: Repository, edition: str
    ) -> Pushed:
        packages, tree = tx.repositories.packages, repository.tree.id
        restoration = packages.restoration(tree, revision_of(tx, repository, edition))
        back = packages.as_given(tree, restoration.back)
        at = self._clock()
        came = Arriving(tx, repository, leaving=restoration.gone).take(back, caller.owner, at)
        if not restoration.gone and not came:
            return Pushed(repository.path, repository.pushes)
        more_bytes = sum(one.charged_bytes for one in came)
        text = f"Restored '{repository.path}' to {escaped(edition)}"
        log_change(tx, caller.name, at, "repository_restore", text)
        pushed = Pushed(repository.path, count_change(tx, repository, at))
        allowance = Allowance(repository_subject(repository.path), self._max_bytes)
        tx.quotas.use([allowance], more_bytes)
        return pushed
