"""Packages on their way into one repository: what may come, what gives way, what is there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.errors import PackagePurged, PackageRefused, PathTaken
from filemanager.domain.repositories.repository import (
    NewPackage,
    Package,
    PackageFile,
    PackageId,
    Repository,
)


class Arriving:
    """The lock of *repository* is held. Packages of the ids *leaving* go, but for those that come
    again; with *replaces* so do others of the names and versions that come.
    """

    def __init__(
        self,
        tx: Transaction,
        repository: Repository,
        *,
        leaving: Collection[PackageId] = (),
        replaces: bool = False,
    ) -> None:
        self._packages = tx.repositories.packages
        self._purges = tx.repositories.purges
        self._tree = repository.tree.id
        self._rpm_keys = repository.rpm_keys
        self._leaving = frozenset(leaving)
        self._replaces = replaces

    def kept(self, paths: Collection[str]) -> Mapping[str, PackageFile]:
        """What lies at some of *paths* already."""
        found = self._packages.at_paths(self._tree, paths)
        return {path: holders[0][1] for path, holders in found.items()}

    def take(self, made: Sequence[NewPackage], by: Owner, at: datetime) -> Sequence[NewPackage]:
        """Add *made* and return what was not there with the same bytes.

        Raises ``PathTaken``, ``PackagePurged`` and, for want of a signature, ``PackageRefused``.
        """
        before = self._same_names(made)
        came = [one for one in made if not _is_there(one, before.get(_identity(one)))]
        again = {_identity(one) for one in made} - {_identity(one) for one in came}
        staying = {before[identity].id for identity in again}
        self._ensure_signed(came)
        self._ensure_not_purged(came)
        going = (self._leaving - staying) | self._replaced(came, before)
        self._ensure_free(came, going)
        self._packages.remove(self._tree, going, at)
        self._packages.add(self._tree, came, by, at)
        return came

    def _same_names(self, made: Sequence[NewPackage]) -> Mapping[tuple[str, str, str], Package]:
        living = self._packages.living(self._tree, {one.name for one in made})
        return {(one.name, one.version, one.arch): one for one in living}

    def _ensure_signed(self, came: Sequence[NewPackage]) -> None:
        """Nobody has verified the signatures: clients do, and this finds what they would refuse."""
        for one in came:
            if self._rpm_keys and not set(self._rpm_keys).intersection(one.signed_by):
                why = "no key that this repository demands (rpm_keys) has signed it"
                raise PackageRefused(_file_name(one.files[0]), why)

    def _ensure_not_purged(self, came: Sequence[NewPackage]) -> None:
        if self._purges.among(self._tree, {file for one in came for file in one.files}):
            raise PackagePurged

    def _replaced(
        self, came: Sequence[NewPackage], before: Mapping[tuple[str, str, str], Package]
    ) -> frozenset[PackageId]:
        found = set()
        for one in came:
            known = before.get(_identity(one))
            if known is None or known.id in self._leaving:
                continue
            if not self._replaces:
                why = f"{one.name} {one.version} ({one.arch}) is there with other bytes"
                raise PathTaken(_file_name(one.files[0]), why)
            found.add(known.id)
        return frozenset(found)

    def _ensure_free(self, came: Sequence[NewPackage], going: Collection[PackageId]) -> None:
        """A path leads to one digest, whatever number of packages need it."""
        digests: dict[str, Digest] = {}
        for file in (file for one in came for file in one.files):
            if digests.setdefault(file.path, file.digest) != file.digest:
                raise PathTaken(_file_name(file), "it was sent twice with different bytes")
        taken = self._packages.at_paths(self._tree, digests)
        for path, holders in taken.items():
            for package_id, file in holders:
                if file.digest != digests[path] and package_id not in going:
                    raise PathTaken(_file_name(file), "another package holds it with other bytes")


def _identity(package: NewPackage) -> tuple[str, str, str]:
    return package.name, package.version, package.arch


def _is_there(package: NewPackage, known: Package | None) -> bool:
    return known is not None and set(known.files) == set(package.files)


def _file_name(file: PackageFile) -> str:
    return file.path.rpartition("/")[2]
