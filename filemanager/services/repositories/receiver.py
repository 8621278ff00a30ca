"""The repositories' side of uploads: files that are pushed when all of them are here."""

from collections.abc import Sequence
from functools import partial

from filemanager.domain.caller import Caller, Rights, Scope
from filemanager.domain.ports import Transaction
from filemanager.domain.quotas import Allowance
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import ChangesAwaited, ForeignFile, PackageRefused
from filemanager.domain.repositories.names import is_file_name, kind_of
from filemanager.domain.repositories.package import Base
from filemanager.domain.uploads.targets import RepositoryTarget, Target
from filemanager.domain.uploads.upload import Upload, UploadId
from filemanager.services.intake import Spool
from filemanager.services.repositories.collecting import (
    LEFT_OUT_OF_CHANGES,
    OF_BASE,
    SentPackage,
    ensure_of_base,
    product_for,
)
from filemanager.services.repositories.keeping.access import ensure_allowed
from filemanager.services.repositories.pushing import Push, Pushed, PushService
from filemanager.services.uploads.targets import Arrived, Results, Settlement, Settling


class RepositoryReceiver:
    def __init__(self, pushes: PushService, catalogue: Catalogue) -> None:
        self._pushes = pushes
        self._catalogue = catalogue

    def rights(self, target: Target) -> Rights:
        (place,) = _in_repositories([target])
        return Rights(Scope.REPOSITORY_READ, Scope.REPOSITORY_PUBLISH, place.repository)

    def admit(
        self, tx: Transaction, caller: Caller, uploads: Sequence[Upload]
    ) -> Sequence[Allowance]:
        places = _in_repositories([one.target for one in uploads])
        address = self._catalogue.find(places[0].repository)
        ensure_allowed(tx, caller, Scope.REPOSITORY_PUBLISH, address)
        for place in places:
            _ensure_taken(address.base, place)
        return (self._pushes.allowance(address.path),)

    def receive(
        self, caller: Caller, arrived: Sequence[Arrived], spool: Spool, settling: Settling
    ) -> None:
        places = _in_repositories([one.target for one in arrived])
        if any(place.is_aside for place in places):
            raise ChangesAwaited
        names = {one.upload_id: place.name for one, place in zip(arrived, places, strict=True)}
        push = Push(
            targets=[self._catalogue.find(places[0].repository)],
            files=[SentPackage(names[one.upload_id], one.content) for one in arrived],
            product=places[0].product,
            settlement=Settlement(settling, partial(_results, names)),
        )
        self._pushes.push(caller, push, spool.scratch)


def _ensure_taken(base: Base, place: RepositoryTarget) -> None:
    if not is_file_name(place.name):
        raise PackageRefused(place.name, "no file of a package is called so")
    if place.is_aside:
        if kind_of(place.name) not in OF_BASE[base] | LEFT_OUT_OF_CHANGES:
            raise ForeignFile(place.name, base)
        return
    ensure_of_base(base, place.name)
    product_for(base, place.product)


def _results(names: dict[UploadId, str], pushed: Sequence[Pushed]) -> Results:
    (one,) = pushed
    return {
        upload_id: {"sent": name, "repository": one.path, "push": one.push}
        for upload_id, name in names.items()
    }


def _in_repositories(targets: Sequence[Target]) -> list[RepositoryTarget]:
    return [target for target in targets if isinstance(target, RepositoryTarget)]
