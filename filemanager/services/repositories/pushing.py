"""Taking packages in: all files of a push into all its repositories, or nothing."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from filemanager.domain.blobs.blob import Put
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.intake.budget import Budget, Limits
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import Allowance
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.errors import ForeignFile
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import NewPackage, Repository, repository_subject
from filemanager.domain.repositories.rights import ensure_may
from filemanager.domain.workspaces.log import escaped
from filemanager.services.committing import Committer
from filemanager.services.repositories.arriving import Arriving
from filemanager.services.repositories.changes import count_change, log_change
from filemanager.services.repositories.collecting import (
    Collection,
    ReadingTools,
    SentPackage,
    collected,
)
from filemanager.services.repositories.tasks import Announce, nothing_follows
from filemanager.services.uploads.targets import Settlement


@dataclass(frozen=True, slots=True)
class Pushed:
    """A repository, and the number of its change that has to be published."""

    path: str
    push: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """*replaces*: a package of the same name, version and architecture gives way. *settlement* is
    there where the files came as uploads.
    """

    targets: Sequence[Address]
    files: Sequence[SentPackage]
    product: str | None = None
    replaces: bool = False
    settlement: Settlement[Sequence[Pushed]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PushTerms:
    """``max_bytes`` is what one repository may hold, None: anything; ``limits`` are for the control
    archives of one push. ``on_rebuild`` looks for what came by another way.
    """

    max_bytes: int | None
    limits: Limits
    on_rebuild: Announce = nothing_follows


class PushService:
    def __init__(
        self, database: Database, committer: Committer, terms: PushTerms, clock: Clock
    ) -> None:
        self._database = database
        self._committer = committer
        self._terms = terms
        self._clock = clock

    def push(self, caller: Caller, push: Push, scratch: Scratch) -> Sequence[Pushed]:
        """Add the packages to every target. What is there already with the same bytes is left.

        Raises ``InsufficientScope``, ``PackageRefused`` and the like, ``PathTaken`` and
        ``QuotaExceeded``; then nothing was changed anywhere.
        """
        scope = Scope.REPOSITORY_ADMIN if push.replaces else Scope.REPOSITORY_PUBLISH
        for target in push.targets:
            ensure_may(caller, scope, target.path)
        base = push.targets[0].base
        if any(target.base is not base for target in push.targets):
            raise ForeignFile(push.files[0].name if push.files else "", base)
        collection = self._collected(base, push, scratch)
        if collection is None:
            return self._as_it_is(push)
        contents = {content.digest: content for content in collection.contents()}
        return self._committer.commit(
            lambda: contents, lambda tx, put: self._commit(tx, put, caller, push, collection)
        )

    def _collected(self, base: Base, push: Push, scratch: Scratch) -> Collection | None:
        sent_bytes = sum(one.content.size_bytes for one in push.files)
        budget = Budget(self._terms.limits, sent_bytes, time.monotonic)
        return collected(base, push.product, push.files, ReadingTools(budget, scratch))

    def rebuild(self, caller: Caller, targets: Sequence[Address]) -> Sequence[Pushed]:
        """Publish once more what is there."""
        for target in targets:
            ensure_may(caller, Scope.REPOSITORY_PUBLISH, target.path)

        def work(tx: Transaction) -> Sequence[Pushed]:
            at = self._clock()
            pushed = []
            for target in sorted(targets):
                repository = tx.repositories.hold(target)
                pushed.append(Pushed(target.path, count_change(tx, repository, at)))
                self._terms.on_rebuild(tx, target.path, at)
            return pushed

        return self._database.write(work)

    def is_published(self, pushed: Sequence[Pushed]) -> bool:
        """Also where nothing was ever changed, so that nothing is to come."""
        with self._database.read() as tx:
            found = [(tx.repositories.find(one.path), one.push) for one in pushed]
        return all(push <= (one.published_through if one else 0) for one, push in found)

    def allowance(self, path: str) -> Allowance:
        """Whom what comes into a repository counts against."""
        return Allowance(repository_subject(path), self._terms.max_bytes)

    def _as_it_is(self, push: Push) -> Sequence[Pushed]:
        def work(tx: Transaction) -> Sequence[Pushed]:
            made = tx.repositories.find_all([target.path for target in push.targets])
            paths = [target.path for target in push.targets]
            pushed = [Pushed(path, made[path].pushes if path in made else 0) for path in paths]
            if push.settlement is not None:
                push.settlement.begin(tx)
                push.settlement.end(tx, pushed)
            return pushed

        return self._database.write(work)

    def _commit(
        self, tx: Transaction, put: Put, caller: Caller, push: Push, collection: Collection
    ) -> Sequence[Pushed]:
        """Locks are taken in one order: blobs, repositories by path, quotas."""
        self._committer.keep(tx, put, {content.digest for content in collection.contents()})
        pushed, charges = [], []
        for target in sorted(push.targets):
            repository = tx.repositories.hold(target)
            arriving = Arriving(tx, repository, replaces=push.replaces)
            kept = arriving.kept(collection.loose_paths(target))
            came = arriving.take(collection.packages(target, kept), caller.owner, self._clock())
            charges.append((target.path, sum(one.charged_bytes for one in came)))
            pushed.append(self._noted(tx, repository, caller, came))
        if push.settlement is not None:
            push.settlement.begin(tx)
        for path, more_bytes in charges:
            tx.quotas.use([self.allowance(path)], more_bytes)
        if push.settlement is not None:
            push.settlement.end(tx, pushed)
        return pushed

    def _noted(
        self, tx: Transaction, repository: Repository, caller: Caller, came: Sequence[NewPackage]
    ) -> Pushed:
        if not came:
            return Pushed(repository.path, repository.pushes)
        at = self._clock()
        names = ", ".join(sorted({escaped(one.name) for one in came})[:10])
        text = f"Pushed {len(came)} packages ({names}) to '{repository.path}'"
        log_change(tx, caller.name, at, "repository_push", text)
        return Pushed(repository.path, count_change(tx, repository, at))
