"""Importing reference files: all of one, or nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from filemanager.domain.caller import Caller
from filemanager.domain.packages.data_package import DataPackage, DataPackageId
from filemanager.domain.packages.errors import PointerRefused, ReferenceRefused
from filemanager.domain.packages.pointer import NewPointer, UrlPlace
from filemanager.domain.packages.references import Reference, references_of
from filemanager.domain.ports import Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.sources.objects import MAX_PAGE
from filemanager.domain.trees.tree import TreePath
from filemanager.services.packages.access import locked_package, writable_package
from filemanager.services.packages.adding import WantedKey, found_objects
from filemanager.services.packages.changing import log_package
from filemanager.services.packages.pointing import PointerTools, ensure_pointable
from filemanager.services.packages.putting import Added, Placed, add_pointers
from filemanager.services.sources.rights import readable


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWish:
    """*source* is where paths lie that are no URLs; *to* the directory that all come into."""

    references: bytes
    source: str | None = None
    to: str = ""


class ImportService:
    def __init__(self, tools: PointerTools) -> None:
        self._tools = tools

    def add(
        self,
        caller: Caller,
        package_id: DataPackageId,
        wish: ImportWish,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Added:
        """Put a pointer for each reference.

        Raises ``ReferencesTooLarge``, ``ReferenceRefused`` naming the line, ``SourceUnknown``,
        ``SourceUnavailable``, and what a change of items does; then nothing was added.
        """
        references = references_of(wish.references)
        with self._tools.database.read() as tx:
            package = writable_package(tx, caller, package_id)
            preconditions.ensure(package.state)
        urls = [
            (_path(wish, one), _url_pointer(one, self._tools.hosts))
            for one in references
            if one.is_url
        ]
        objects = self._objects(package, wish, [one for one in references if not one.is_url])

        def work(tx: Transaction) -> Added:
            locked = locked_package(tx, caller, package_id)
            preconditions.ensure(locked.state)
            if wish.source is not None:
                readable(tx, wish.source, locked.owner)
            return self._added(tx, caller, locked, [*urls, *objects])

        return self._tools.database.write(work)

    def _objects(
        self, package: DataPackage, wish: ImportWish, references: Sequence[Reference]
    ) -> Placed:
        if not references:
            return ()
        if wish.source is None:
            raise ReferenceRefused(references[0].line, "it is no URL, and no source was named")
        if len(references) > MAX_PAGE:
            why = f"it is one of more than {MAX_PAGE} objects; add them by their prefix"
            raise ReferenceRefused(references[MAX_PAGE].line, why)
        with self._tools.database.read() as tx:
            source = readable(tx, wish.source, package.owner)
        wanted = [(_path(wish, one), WantedKey(key=one.where)) for one in references]
        return found_objects(self._tools.sources.objects_of(source), source, wanted)

    def _added(
        self, tx: Transaction, caller: Caller, package: DataPackage, placed: Placed
    ) -> Added:
        at = self._tools.clock()
        added = add_pointers(tx, package, placed, self._tools.limits, at)
        if added.count:
            text = f"Imported {added.count} references into package {package.id}"
            log_package(tx, caller, at, "package_import", text)
        return added


def _path(wish: ImportWish, one: Reference) -> TreePath:
    directory = wish.to.strip("/")
    return TreePath.parse(f"{directory}/{one.path}") if directory else one.path


def _url_pointer(one: Reference, hosts: Collection[str]) -> NewPointer:
    """Raises ``ReferenceRefused``."""
    if one.size_bytes is None or one.sha256 is None:
        raise ReferenceRefused(one.line, "a URL needs its size and SHA-256")
    try:
        ensure_pointable(one.where, hosts)
    except PointerRefused as refused:
        raise ReferenceRefused(one.line, refused.why) from refused
    return NewPointer(
        place=UrlPlace(url=one.where), size_bytes=one.size_bytes, sha256=one.sha256, md5=one.md5
    )
