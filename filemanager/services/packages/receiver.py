"""The packages' side of uploads: texts that are put when all of them are here."""

from collections.abc import Mapping, Sequence
from functools import partial

from filemanager.domain.caller import Caller, Rights
from filemanager.domain.packages.changes import PackageLimits
from filemanager.domain.packages.data_package import DataPackage
from filemanager.domain.packages.texts import text_type
from filemanager.domain.ports import Transaction
from filemanager.domain.quotas import Allowance, owner_subject
from filemanager.domain.trees.tree import TreePath
from filemanager.domain.uploads.targets import PackageTarget, Target
from filemanager.domain.uploads.upload import Upload, UploadId
from filemanager.services.intake import Spool
from filemanager.services.packages.access import rights_in, writable_package
from filemanager.services.packages.texts import PutTexts, SentText, TextService
from filemanager.services.uploads.targets import Arrived, Results, Settlement, Settling


class PackageReceiver:
    def __init__(self, texts: TextService, limits: PackageLimits) -> None:
        self._texts = texts
        self._limits = limits

    def rights(self, target: Target) -> Rights:
        (place,) = _in_packages([target])
        return rights_in(place.package_id)

    def admit(
        self, tx: Transaction, caller: Caller, uploads: Sequence[Upload]
    ) -> Sequence[Allowance]:
        places = _in_packages([one.target for one in uploads])
        package = writable_package(tx, caller, places[0].package_id)
        for place in places:
            text_type(TreePath.parse(place.path))
        return (Allowance(owner_subject(package.owner), self._limits.owner_bytes),)

    def receive(
        self, caller: Caller, arrived: Sequence[Arrived], spool: Spool, settling: Settling
    ) -> None:
        del spool
        places = _in_packages([one.target for one in arrived])
        paths = {one.upload_id: place.path for one, place in zip(arrived, places, strict=True)}
        asked = PutTexts(
            texts=[SentText(paths[one.upload_id], one.content) for one in arrived],
            settlement=Settlement(settling, partial(_results, paths)),
        )
        self._texts.put(caller, places[0].package_id, asked)


def _results(paths: Mapping[UploadId, str], package: DataPackage) -> Results:
    """*paths* are those that were sent."""
    return {
        upload_id: {
            "package": str(package.id),
            "revision": int(package.revision),
            "sent": sent,
            "path": str(TreePath.parse(sent)),
        }
        for upload_id, sent in paths.items()
    }


def _in_packages(targets: Sequence[Target]) -> list[PackageTarget]:
    return [target for target in targets if isinstance(target, PackageTarget)]
