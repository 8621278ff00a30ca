"""Files that are kept aside for who sent them, until a ``.changes`` says what they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from filemanager.domain.blobs.blob import Content
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller, Owner
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.uploads.targets import RepositoryTarget
from filemanager.domain.uploads.upload import (
    BatchClosed,
    BatchId,
    Upload,
    UploadState,
    Way,
    name_of,
)
from filemanager.services.intake import Spool
from filemanager.services.repositories.collecting import SentPackage
from filemanager.services.uploads.contents import waiting
from filemanager.services.uploads.parts import let_go
from filemanager.services.uploads.resumable import UploadService, UploadWish
from filemanager.services.uploads.targets import Results


class Aside:
    """One place for each uploader and repository. What no ``.changes`` names goes with time, as all
    uploads do.
    """

    def __init__(self, database: Database, blobs: BlobStore, uploads: UploadService) -> None:
        self._database = database
        self._blobs = blobs
        self._uploads = uploads

    def keep(self, caller: Caller, path: str, sent: SentPackage) -> None:
        """Keep a file in place of an earlier one of its name.

        Raises what the repository refuses with, ``TooManyUploads`` and ``QuotaExceeded``.
        """
        content = sent.content
        wish = UploadWish(
            way=Way.TUS,
            target=RepositoryTarget(repository=path, name=sent.name, is_aside=True),
            size_bytes=content.size_bytes,
            digest=content.digest,
            batch=_batch(path),
        )
        (upload,) = self._uploads.begin(caller, [wish])
        claimed = self._uploads.claim(caller, upload.id, 0, content.size_bytes)
        with content.open() as stream:
            self._uploads.take(claimed, stream)
        self._forget_earlier(caller, path, upload)

    def waiting(self, caller: Caller, path: str) -> Mapping[str, Upload]:
        """By name, the latest that is whole."""
        found = sorted(self._of(caller.owner, path), key=_age)
        return {name_of(one): one for one in found if one.state is UploadState.COMPLETE}

    def content(self, spool: Spool, upload: Upload) -> Content:
        return waiting(self._database, self._blobs, [upload]).content(spool, upload)

    def delete(self, consumed: "Consumed") -> None:
        """Delete what a push has read, once it is committed."""
        for key in consumed.keys:
            self._blobs.delete(key)

    def _forget_earlier(self, caller: Caller, path: str, mine: Upload) -> None:
        """Of two that come at once the later one stays."""
        for one in self._of(caller.owner, path):
            is_earlier = name_of(one) == name_of(mine) and _age(one) < _age(mine)
            if is_earlier:
                self._uploads.give_up(caller, one.id)

    def _of(self, owner: Owner, path: str) -> Sequence[Upload]:
        with self._database.read() as tx:
            return tx.uploads.of_batch(owner, _batch(path))


@dataclass(slots=True)
class Consumed:
    """Forgets uploads with the push that they became: the same names may come again."""

    uploads: Sequence[Upload]
    keys: Sequence[str] = field(default_factory=list)

    def begin(self, tx: Transaction) -> None:
        """Raises ``BatchClosed`` where another push has taken one of them."""
        if not self.uploads:
            return
        first = self.uploads[0]
        now = {one.id: one for one in tx.uploads.lock_batch(first.owner, first.batch)}
        mine = [now[one.id] for one in self.uploads if one.id in now]
        if len(mine) < len(self.uploads):
            raise BatchClosed
        self.keys = let_go(tx, mine)

    def end(self, tx: Transaction, results: Results) -> None:
        for upload_id in results:
            tx.uploads.delete(upload_id)


def _batch(path: str) -> BatchId:
    return BatchId(f"aside-{sha256(path.encode()).hexdigest()[:32]}")


def _age(upload: Upload) -> tuple[object, ...]:
    return upload.created_at, upload.id
