"""Freezing: naming what a package holds for good, at once or when all digests are known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from filemanager.domain.caller import Caller
from filemanager.domain.ids import Revision
from filemanager.domain.jobs.job import Job
from filemanager.domain.packages.changes import PackageLimits
from filemanager.domain.packages.data_package import (
    DataPackage,
    DataPackageId,
    Description,
    PackageEdition,
)
from filemanager.domain.packages.errors import (
    AddsRunning,
    DigestsUnknown,
    NothingToFreeze,
    PackageFull,
)
from filemanager.domain.packages.freezing import Frozen, PackageWork, PackageWorkKind
from filemanager.domain.packages.pointer import PointerState
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.workspaces.log import escaped
from filemanager.services.jobs import JobService, Running, caller_of
from filemanager.services.packages.access import (
    ensure_readable,
    locked_package,
    rights_in,
    writable_package,
)
from filemanager.services.packages.changing import log_package
from filemanager.services.packages.surveying import Survey, survey
from filemanager.services.packages.tasks import PACKAGE, freeze_task

_LOOK_AGAIN = timedelta(seconds=1)
_ITEMS_A_SECOND = 10_000
"""A look at many items takes longer, and is taken as much more seldom."""

_NAMED = 20
_LOST = (PointerState.GONE, PointerState.CHANGED)
_ANY = tuple(PointerState)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeWish:
    """*name* empty: ``v`` and the number. ``is_partial``: at once, without what is not known."""

    name: str = ""
    is_partial: bool = False
    preconditions: Preconditions = UNCONDITIONAL


class FreezeService:
    def __init__(
        self, database: Database, jobs: JobService, limits: PackageLimits, clock: Clock
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._limits = limits
        self._clock = clock

    def freeze(
        self, caller: Caller, package_id: DataPackageId, wish: FreezeWish
    ) -> PackageEdition | Job:
        """A version of the present revision, or the job that will make it.

        Asked again for the same revision it is the same version, or job. Raises ``AddsRunning``,
        ``NothingToFreeze``, ``SourceUnknown`` where the owner may not read a source any more, and
        ``PackageFull``.
        """
        with self._database.read() as tx:
            package = writable_package(tx, caller, package_id)
            wish.preconditions.ensure(package.state)
            if (done := self._found(tx, package, wish)) is not None:
                return done
            edition = tx.packages.edition(package.id, None)
            is_known = wish.is_partial or not tx.packages.undigested(edition, _ANY, 1)
            surveyed = survey(tx, edition) if is_known else None
        if surveyed is not None:
            return self._database.write(lambda tx: self._commit(tx, caller, wish, surveyed))
        return self._database.write(lambda tx: self._promise(tx, caller, package_id, wish))

    def freeze_within(
        self, tx: Transaction, caller: Caller, package_id: DataPackageId, wish: FreezeWish
    ) -> PackageEdition:
        """Freeze what is known already, in a transaction that goes on."""
        surveyed = survey(tx, tx.packages.edition(package_id, None))
        if not surveyed.items:
            raise NothingToFreeze
        return self._commit(tx, caller, wish, surveyed)

    def run(self, running: Running) -> None:
        """The handler: look, and freeze or wait. Rights are looked at again.

        Raises ``DigestsUnknown`` where some will never be known.
        """
        told, caller = running.claimed.payload, caller_of(running.claimed)
        package_id = DataPackageId(str(told[PACKAGE]))
        wish = FreezeWish(name=str(told["name"]))
        with self._database.read() as tx:
            package = writable_package(tx, caller, package_id)
            edition = _edition_at(tx, package, told)
            tx.pins.ensure_kept(package.tree_id, edition.revision)
            if lost := tx.packages.undigested(edition, _LOST, _NAMED):
                raise DigestsUnknown(lost)
            is_known = not tx.packages.undigested(edition, _ANY, 1)
            surveyed = survey(tx, edition) if is_known else None
        if surveyed is None:
            more = timedelta(seconds=package.items // _ITEMS_A_SECOND)
            running.postpone(self._clock() + _LOOK_AGAIN + more)
            return

        def work(tx: Transaction) -> None:
            version = self._commit(tx, caller, wish, surveyed)
            running.settle(tx, version_facts(version))

        self._database.write(work)

    def _found(
        self, tx: Transaction, package: DataPackage, wish: FreezeWish
    ) -> PackageEdition | Job | None:
        """What the same was answered before."""
        works = tx.packages.works(package)
        if any(one.kind is PackageWorkKind.ADD for one in works):
            raise AddsRunning
        if not package.items:
            raise NothingToFreeze
        version = tx.packages.versions.of_revision(package, package.revision)
        if version is not None and not version.pending:
            return version
        if wish.is_partial:
            return None
        waiting = (one.job_id for one in works if one.revision == package.revision)
        job_id = next(waiting, None)
        return None if job_id is None else tx.jobs.get(job_id)

    def _promise(
        self, tx: Transaction, caller: Caller, package_id: DataPackageId, wish: FreezeWish
    ) -> PackageEdition | Job:
        package = locked_package(tx, caller, package_id)
        wish.preconditions.ensure(package.state)
        if (done := self._found(tx, package, wish)) is not None:
            return done
        self._ensure_room(tx, package)
        task = freeze_task(
            package.id,
            name=wish.name,
            revision=int(package.revision),
            described=package.described.written,
        )
        job = self._jobs.promise(tx, caller, task, rights_in(package.id))
        work = PackageWork(job.id, PackageWorkKind.FREEZE, package.revision)
        tx.packages.note_work(package, work)
        return job

    def _commit(
        self, tx: Transaction, caller: Caller, wish: FreezeWish, surveyed: Survey
    ) -> PackageEdition:
        """What was surveyed is frozen, whatever the package holds by now."""
        edition = surveyed.edition
        package = locked_package(tx, caller, edition.package_id)
        ensure_readable(tx, surveyed.sources, package.owner)
        there = tx.packages.versions.of_revision(package, edition.revision)
        if there is not None and there.digest == surveyed.listing.digest:
            return there
        self._ensure_room(tx, package)
        at = self._clock()
        version = tx.packages.versions.add(
            Frozen(
                edition=edition,
                name=wish.name,
                digest=surveyed.listing.digest,
                directories=surveyed.directories,
                pending=sorted(set(surveyed.pending)),
                by=caller.name,
                at=at,
            )
        )
        text = f"Froze version {version.number} '{escaped(version.name)}' of package {package.id}"
        log_package(tx, caller, at, "package_freeze", text)
        return version

    def _ensure_room(self, tx: Transaction, package: DataPackage) -> None:
        for newest in tx.packages.versions.page(package.id, None, 1):
            if (newest.number or 0) >= self._limits.versions:
                raise PackageFull(f"{self._limits.versions} versions")


def version_facts(version: PackageEdition) -> Mapping[str, object]:
    """What is told of a version, by a job too."""
    return {
        "package": str(version.package_id),
        "number": version.number,
        "name": version.name,
        "items": version.items,
        "bytes": version.size_bytes,
        "digest": version.digest,
    }


def _edition_at(
    tx: Transaction, package: DataPackage, told: Mapping[str, object]
) -> PackageEdition:
    """What the package held, and what was said of it, when the freeze was asked for."""
    return replace(
        tx.packages.edition(package.id, None),
        revision=Revision(int(str(told["revision"]))),
        described=Description.read(str(told["described"])),
    )
