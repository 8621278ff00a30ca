"""The bucket's side of uploads in pieces and to the store."""

from collections.abc import Sequence
from functools import partial

from filemanager.domain.caller import Caller, Rights, Scope
from filemanager.domain.ports import Transaction
from filemanager.domain.quotas import Allowance
from filemanager.domain.uploads.targets import DropTarget, Target
from filemanager.domain.uploads.upload import Upload, UploadId
from filemanager.services.bucket.keeping import BucketService, Dropped
from filemanager.services.bucket.paths import path_from
from filemanager.services.bucket.stages import SentFile, checksum_of
from filemanager.services.intake import Spool
from filemanager.services.uploads.targets import Arrived, Results, Settlement, Settling


class DropReceiver:
    """The files of a batch are labelled by the first one's target."""

    def __init__(self, bucket: BucketService) -> None:
        self._bucket = bucket

    def rights(self, target: Target) -> Rights:
        del target
        return Rights(Scope.BUCKET_READ, Scope.BUCKET_WRITE)

    def admit(
        self, tx: Transaction, caller: Caller, uploads: Sequence[Upload]
    ) -> Sequence[Allowance]:
        del tx
        for target in _drops([one.target for one in uploads]):
            path_from(target.name)
        caller.ensure_holds(Scope.BUCKET_WRITE)
        return (self._bucket.allowance(caller),)

    def receive(
        self, caller: Caller, arrived: Sequence[Arrived], spool: Spool, settling: Settling
    ) -> None:
        caller.ensure_holds(Scope.BUCKET_WRITE)
        targets = _drops([one.target for one in arrived])
        algorithm = self._bucket.terms.algorithm
        files = [
            SentFile(path_from(target.name), one.content, checksum_of(one.content, algorithm))
            for target, one in zip(targets, arrived, strict=True)
        ]
        settlement = Settlement(settling, partial(_results, [one.upload_id for one in arrived]))
        labels = targets[0].labels
        self._bucket.receive(caller, files, labels, spool.scratch, settlement=settlement)


def _results(upload_ids: Sequence[UploadId], dropped: Sequence[Dropped]) -> Results:
    return {
        upload_id: {
            "sent": str(one.drop.path),
            "path": one.paths["blob"],
            "sha256": str(one.drop.digest),
            "replicas": list(one.replicas),
        }
        for upload_id, one in zip(upload_ids, dropped, strict=True)
    }


def _drops(targets: Sequence[Target]) -> list[DropTarget]:
    return [target for target in targets if isinstance(target, DropTarget)]
