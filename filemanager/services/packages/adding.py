"""Adding what lies in a source: a few objects at once, many as a job."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from filemanager.domain.caller import Caller
from filemanager.domain.jobs.job import Job
from filemanager.domain.packages.data_package import DataPackage, DataPackageId
from filemanager.domain.packages.freezing import PackageWork, PackageWorkKind
from filemanager.domain.ports import Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.sources.objects import (
    MAX_PAGE,
    ObjectPage,
    ObjectQuery,
    PinnedObject,
    SourceObject,
    SourceObjects,
)
from filemanager.domain.sources.source import Source
from filemanager.domain.trees.tree import TreePath
from filemanager.domain.workspaces.log import escaped
from filemanager.services.jobs import JobService, Running, caller_of
from filemanager.services.packages.access import locked_package, rights_in, writable_package
from filemanager.services.packages.changing import log_package
from filemanager.services.packages.pointing import PointerTools, pointer_to
from filemanager.services.packages.putting import Added, Placed, add_pointers
from filemanager.services.packages.tasks import PACKAGE, add_task
from filemanager.services.sources.rights import readable

_LOOKS = 8
"""Objects that are asked for at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedKey:
    """*path* None: the key is the path."""

    key: str
    version: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddWish:
    """The objects whose keys begin with *prefix*, or where that is None those of *keys*.

    *to* is the directory that they come into; a prefix is taken off their keys.
    """

    source: str
    prefix: str | None = None
    keys: Sequence[WantedKey] = ()
    to: str = ""

    def path_of(self, key: str) -> TreePath:
        """Raises ``PathRefused``."""
        rest = key.removeprefix(self.prefix).removeprefix("/") if self.prefix else key
        directory = self.to.removesuffix("/")
        return TreePath.parse(f"{directory}/{rest}" if directory else rest)


class AddService:
    def __init__(self, tools: PointerTools, jobs: JobService) -> None:
        self._tools = tools
        self._jobs = jobs

    def add(
        self,
        caller: Caller,
        package_id: DataPackageId,
        wish: AddWish,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Added | Job:
        """Add pointers to objects, all or none; more than ``MAX_PAGE`` are added by a job.

        Raises ``DataPackageNotFound``, ``InsufficientScope``, ``SourceUnknown``,
        ``SourceObjectGone``, ``SourceUnavailable``, ``PathRefused``, ``PointerRefused`` and what a
        change of items does.
        """
        with self._tools.database.read() as tx:
            package = writable_package(tx, caller, package_id)
            preconditions.ensure(package.state)
            source = readable(tx, wish.source, package.owner)
        objects = self._tools.sources.objects_of(source)
        if wish.prefix is None:
            placed = found_objects(
                objects, source, [(wish.path_of(one.path or one.key), one) for one in wish.keys]
            )
        else:
            page = _page(objects, wish.prefix, None)
            if page.next is not None:
                return self._tools.database.write(
                    lambda tx: self._promise(tx, caller, package_id, wish, preconditions)
                )
            placed = _placed(page, source, wish)

        def work(tx: Transaction) -> Added:
            locked = locked_package(tx, caller, package_id)
            preconditions.ensure(locked.state)
            return self._added(tx, caller, locked, wish, placed)

        return self._tools.database.write(work)

    def run(self, running: Running) -> None:
        """The handler: a page in each revision. What is there already is left as it is, so that
        another try goes on. Rights are looked at again for each page.
        """
        told = running.claimed.payload
        job = _AddJob(
            running=running,
            caller=caller_of(running.claimed),
            package_id=DataPackageId(str(told[PACKAGE])),
            wish=AddWish(
                source=str(told["source"]), prefix=str(told["prefix"]), to=str(told["to"])
            ),
        )
        cursor: str | None = None
        while not running.is_settled:
            page, placed = self._look(job, cursor)
            added = self._tools.database.write(partial(self._take, job, page, placed))
            job.count += added.count
            cursor = page.next

    def _look(self, job: "_AddJob", cursor: str | None) -> tuple[ObjectPage, Placed]:
        job.running.report(0, "adding what lies in the source")
        with self._tools.database.read() as tx:
            package = writable_package(tx, job.caller, job.package_id)
            source = readable(tx, job.wish.source, package.owner)
        objects = self._tools.sources.objects_of(source)
        page = _page(objects, job.wish.prefix or "", cursor)
        return page, _placed(page, source, job.wish)

    def _take(self, job: "_AddJob", page: ObjectPage, placed: Placed, tx: Transaction) -> Added:
        package = locked_package(tx, job.caller, job.package_id)
        added = self._added(tx, job.caller, package, job.wish, placed)
        if page.next is None:
            told = {"added": job.count + added.count, "revision": int(added.package.revision)}
            job.running.settle(tx, told)
        return added

    def _promise(
        self,
        tx: Transaction,
        caller: Caller,
        package_id: DataPackageId,
        wish: AddWish,
        preconditions: Preconditions,
    ) -> Job:
        package = locked_package(tx, caller, package_id)
        preconditions.ensure(package.state)
        told = {"source": wish.source, "prefix": wish.prefix or "", "to": wish.to}
        job = self._jobs.promise(tx, caller, add_task(package.id, **told), rights_in(package.id))
        work = PackageWork(job.id, PackageWorkKind.ADD, package.revision)
        tx.packages.note_work(package, work)
        return job

    def _added(
        self,
        tx: Transaction,
        caller: Caller,
        package: DataPackage,
        wish: AddWish,
        placed: Placed,
    ) -> Added:
        """The right to the source is looked at again, as its row says now."""
        readable(tx, wish.source, package.owner)
        at = self._tools.clock()
        added = add_pointers(tx, package, placed, self._tools.limits, at)
        if added.count:
            told = (
                f"Added {added.count} objects of '{escaped(wish.source)}' to package {package.id}"
            )
            log_package(tx, caller, at, "package_add", told)
        return added


@dataclass(slots=True, kw_only=True)
class _AddJob:
    """*count* items were added by this run so far."""

    running: Running
    caller: Caller
    package_id: DataPackageId
    wish: AddWish
    count: int = 0


def _page(objects: SourceObjects, prefix: str, cursor: str | None) -> ObjectPage:
    return objects.page(ObjectQuery(prefix=prefix, delimiter="", cursor=cursor, limit=MAX_PAGE))


def _placed(page: ObjectPage, source: Source, wish: AddWish) -> Placed:
    """Keys that end in a slash mark directories, and are none of the objects."""
    objects = (one for one in page.objects if not one.key.endswith("/"))
    return [(wish.path_of(one.key), pointer_to(source, one)) for one in objects]


def found_objects(
    objects: SourceObjects, source: Source, wanted: Sequence[tuple[TreePath, WantedKey]]
) -> Placed:
    """Ask for each, several at the same time. Raises what the source does, for the first."""

    def look(one: WantedKey) -> SourceObject:
        if one.version is None:
            return objects.find(one.key)
        return objects.ensure_there(PinnedObject(key=one.key, version=one.version))

    with ThreadPoolExecutor(_LOOKS) as looks:
        found = looks.map(look, [one for _, one in wanted])
        return [
            (path, pointer_to(source, one)) for (path, _), one in zip(wanted, found, strict=True)
        ]
