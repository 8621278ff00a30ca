"""Taking packages in: all files of a push into all its repositories, or nothing."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from filemanager.domain.blobs.blob import Put
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ids import Digest
from filemanager.domain.intake.budget import Budget, Limits
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import Allowance, charge
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.errors import ForeignFile, PathTaken
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import (
    NewPackage,
    Package,
    PackageFile,
    PackageId,
    Repository,
    repository_subject,
)
from filemanager.domain.repositories.rights import ensure_may
from filemanager.domain.workspaces.log import LogLine, escaped
from filemanager.services.committing import Committer
from filemanager.services.repositories.collecting import (
    Collection,
    ReadingTools,
    SentPackage,
    collected,
)
from filemanager.services.repositories.tasks import publish_task


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """*replaces*: a package of the same name, version and architecture gives way."""

    targets: Sequence[Address]
    files: Sequence[SentPackage]
    product: str | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Pushed:
    """A repository, and the number of its change that has to be published."""

    path: str
    push: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PushTerms:
    """``max_bytes`` is what one repository may hold, None: anything; ``limits`` are for the control
    archives of one push.
    """

    max_bytes: int | None
    limits: Limits


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
            return self._as_it_is(push.targets)
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
                repository = tx.repositories.hold(target.path, target.base)
                pushed.append(_counted(tx, repository))
                tx.outbox.add(publish_task(target.path), at)
            return pushed

        return self._database.write(work)

    def is_published(self, pushed: Sequence[Pushed]) -> bool:
        with self._database.read() as tx:
            found = [(tx.repositories.find(one.path), one.push) for one in pushed]
        return all(one is not None and one.published_through >= push for one, push in found)

    def _as_it_is(self, targets: Sequence[Address]) -> Sequence[Pushed]:
        with self._database.read() as tx:
            found = [(target.path, tx.repositories.find(target.path)) for target in targets]
        return [Pushed(path, one.pushes if one else 0) for path, one in found]

    def _commit(
        self, tx: Transaction, put: Put, caller: Caller, push: Push, collection: Collection
    ) -> Sequence[Pushed]:
        """Locks are taken in one order: blobs, repositories by path, quotas."""
        self._committer.keep(tx, put, {content.digest for content in collection.contents()})
        pushed, charges = [], []
        for target in sorted(push.targets):
            repository = tx.repositories.hold(target.path, target.base)
            arriving = _Arriving(tx, repository, replaces=push.replaces)
            more_bytes = arriving.take(collection, target, caller, self._clock())
            charges.append((target.path, more_bytes))
            pushed.append(self._noted(tx, repository, caller, arriving))
        for path, more_bytes in charges:
            tx.quotas.use([Allowance(repository_subject(path), self._terms.max_bytes)], more_bytes)
        return pushed

    def _noted(
        self, tx: Transaction, repository: Repository, caller: Caller, arriving: "_Arriving"
    ) -> Pushed:
        if not arriving.came:
            return Pushed(repository.path, repository.pushes)
        at = self._clock()
        tx.outbox.add(publish_task(repository.path), at)
        names = ", ".join(sorted({escaped(one.name) for one in arriving.came})[:10])
        text = f"Pushed {len(arriving.came)} packages ({names}) to '{repository.path}'"
        line = f"{text} [{escaped(caller.name)}]."
        tx.logs.append([LogLine(at=at, code="repository_push", text=line)])
        return _counted(tx, repository)


class _Arriving:
    """The packages of a push on their way into one repository, whose lock is held."""

    def __init__(self, tx: Transaction, repository: Repository, *, replaces: bool) -> None:
        self._tx = tx
        self._tree = repository.tree.id
        self._replaces = replaces
        self.came: Sequence[NewPackage] = ()

    def take(self, collection: Collection, target: Address, caller: Caller, at: datetime) -> int:
        """Returns what the repository is to be charged more."""
        packages = self._tx.repositories.packages
        kept = packages.at_paths(self._tree, collection.loose_paths(target))
        made = collection.packages(target, {path: found[0][1] for path, found in kept.items()})
        before = self._same_names(made)
        replaced = self._replaced(made, before)
        self.came = [one for one in made if not _is_there(one, before.get(_identity(one)))]
        self._ensure_free(replaced)
        packages.remove(self._tree, [one.id for one in replaced], at)
        packages.add(self._tree, self.came, caller.owner, at)
        return sum(charge(file.size_bytes) for one in self.came for file in one.files)

    def _same_names(self, made: Sequence[NewPackage]) -> Mapping[tuple[str, str, str], Package]:
        living = self._tx.repositories.packages.living(self._tree, {one.name for one in made})
        return {(one.name, one.version, one.arch): one for one in living}

    def _replaced(
        self, made: Sequence[NewPackage], before: Mapping[tuple[str, str, str], Package]
    ) -> Sequence[Package]:
        found = []
        for one in made:
            known = before.get(_identity(one))
            if known is None or _is_there(one, known):
                continue
            if not self._replaces:
                why = f"{one.name} {one.version} ({one.arch}) is there with other bytes"
                raise PathTaken(_file_name(one.files[0]), why)
            found.append(known)
        return found

    def _ensure_free(self, replaced: Sequence[Package]) -> None:
        """A path leads to one digest, whatever number of packages need it."""
        going: set[PackageId] = {one.id for one in replaced}
        digests: dict[str, Digest] = {}
        for file in (file for one in self.came for file in one.files):
            if digests.setdefault(file.path, file.digest) != file.digest:
                raise PathTaken(_file_name(file), "it was sent twice with different bytes")
        taken = self._tx.repositories.packages.at_paths(self._tree, digests)
        for path, holders in taken.items():
            for package_id, file in holders:
                if file.digest != digests[path] and package_id not in going:
                    raise PathTaken(_file_name(file), "another package holds it with other bytes")


def _counted(tx: Transaction, repository: Repository) -> Pushed:
    number = repository.pushes + 1
    tx.repositories.save(replace(repository, pushes=number))
    return Pushed(repository.path, number)


def _identity(package: NewPackage) -> tuple[str, str, str]:
    return package.name, package.version, package.arch


def _is_there(package: NewPackage, known: Package | None) -> bool:
    return known is not None and set(known.files) == set(package.files)


def _file_name(file: PackageFile) -> str:
    return file.path.rpartition("/")[2]
