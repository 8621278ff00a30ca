"""Publishing: one commit after which every client sees the repository as it has become."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from filemanager.domain.blobs.blob import Content, Put
from filemanager.domain.ids import Digest
from filemanager.domain.intake.scratch import ScratchSpace
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import Allowance
from filemanager.domain.repositories.address import MODULES
from filemanager.domain.repositories.errors import RepositoryUnknown
from filemanager.domain.repositories.places import malformed_lists
from filemanager.domain.repositories.repository import (
    PackageFile,
    Publication,
    PublishedMeanwhile,
    Repository,
    repository_subject,
)
from filemanager.domain.repositories.signer import Signer
from filemanager.domain.requests.preconditions import whole_second
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import Entry, TreeChange, TreePath
from filemanager.services.committing import Committer
from filemanager.services.jobs import Running
from filemanager.services.repositories.planning import Habit, Plan, plan
from filemanager.services.repositories.roots import Imprint, Published, root_names, roots
from filemanager.services.repositories.tasks import PATH, Announce, nothing_follows

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signers:
    """``modules`` signs the repositories of the series of that name."""

    default: Signer
    modules: Signer

    def of(self, path: str) -> Signer:
        return self.modules if path.split("/")[1] == MODULES else self.default


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishTerms:
    """How repositories are published."""

    signers: Signers
    imprint: Imprint
    habit: Habit
    announce: Announce = nothing_follows


@dataclass(frozen=True, slots=True)
class _Made:
    """A publication before its commit: the plan, the roots by path, and the date in them."""

    plan: Plan
    roots: Mapping[str, Content]
    dated_at: datetime

    def digests(self) -> set[Digest]:
        files = {file.digest for file in self.plan.files}
        return files | {content.digest for content in self.roots.values()}

    def change(self, at: datetime) -> TreeChange:
        planned = self.plan
        base = planned.repository.base
        names = {*root_names(base, planned.version), *malformed_lists(base, planned.version)}
        put = [
            *(_entry(file.path, file, at) for file in planned.files),
            *(_entry(path, root, at) for path, root in self.roots.items()),
        ]
        ended = [*planned.ended, *sorted(names - self.roots.keys())]
        return TreeChange(
            put=tuple(put), end=tuple((Area.SOURCE, TreePath(path)) for path in ended)
        )


class PublishService:
    """No lock is held while records are read, bytes hashed, roots signed and put: if another
    publication comes between, the work is done anew.
    """

    def __init__(
        self,
        database: Database,
        committer: Committer,
        space: ScratchSpace,
        terms: PublishTerms,
        clock: Clock,
    ) -> None:
        self._database = database
        self._committer = committer
        self._space = space
        self._terms = terms
        self._clock = clock

    def publish(self, running: Running) -> None:
        """The handler of the task. Raises ``SigningFailed``, ``StoreUnavailable`` and
        ``PublishedMeanwhile``, all of which end in another try.
        """
        planned = self._planned(str(running.claimed.payload[PATH]))
        dated_at = self._next_date(planned.repository)
        texts = {**planned.packed, **planned.malformed, **self._roots(planned, dated_at)}
        with self._space.open() as scratch:
            made = _Made(planned, {path: scratch.write(t) for path, t in texts.items()}, dated_at)
            contents = {content.digest: content for content in made.roots.values()}
            self._committer.commit(
                lambda: contents, lambda tx, put: self._commit(tx, put, running, made)
            )

    def _planned(self, path: str) -> Plan:
        with self._database.read() as tx:
            repository = tx.repositories.find(path)
            if repository is None:
                raise RepositoryUnknown
            return plan(tx, repository, self._terms.habit)

    def _roots(self, planned: Plan, at: datetime) -> Mapping[str, bytes]:
        edition = Published(
            base=planned.repository.base,
            version=planned.version,
            arches=planned.arches,
            indexes=planned.indexes,
            at=at,
            number=planned.revision + 1,
        )
        return roots(edition, self._terms.signers.of(planned.repository.path), self._terms.imprint)

    def _next_date(self, repository: Repository) -> datetime:
        """Clients refuse a date before the one that they have seen."""
        now = self._clock()
        return max(now, repository.dated_at) if repository.dated_at else now

    def _next_second(self, repository: Repository) -> datetime:
        """A client that has seen one publication must be told of the next, though it came in the
        same second, and was seen a second later.
        """
        now = self._clock()
        before = repository.published_at
        return now if before is None else max(now, whole_second(before) + _SECOND)

    def _commit(self, tx: Transaction, put: Put, running: Running, made: _Made) -> None:
        """Locks are taken in one order: blobs, the repository, the task."""
        planned, at = made.plan, self._clock()
        self._committer.keep(tx, put, made.digests())
        repository = tx.repositories.lock(planned.repository.path)
        if repository.tree.revision != planned.revision:
            raise PublishedMeanwhile
        published_at = self._next_second(repository)
        tree = tx.trees.apply(repository.tree, made.change(published_at), at)
        published = tx.repositories.indexes
        published.replace_pages(tree.id, tree.revision, at, planned.changes)
        published.replace_indexes(tree.id, tree.revision, at, planned.indexes)
        tx.repositories.packages.take_up(planned.waiting, tree.revision, at)
        # Not the pushes of now: what came meanwhile is not in it.
        through = planned.repository.pushes
        publication = Publication(
            revision=tree.revision, published_at=published_at, published_through=through
        )
        tx.repositories.add_publication(tree.id, publication)
        tx.repositories.save(
            replace(
                repository,
                published_through=through,
                published_at=published_at,
                dated_at=made.dated_at,
            )
        )
        self._terms.announce(tx, repository.path, at)
        grown = tree.kept_bytes - repository.tree.kept_bytes - planned.waiting.charged_bytes
        tx.quotas.use([Allowance(repository_subject(repository.path), None)], grown)
        running.settle(tx)


def _entry(path: str, held: PackageFile | Content, at: datetime) -> Entry:
    return Entry(
        area=Area.SOURCE,
        path=TreePath.parse(path),
        kind=FileKind.UNKNOWN,
        size_bytes=held.size_bytes,
        digest=held.digest,
        modified_at=at,
    )
