"""Files that come one by one, and the ``.changes`` at their end that makes them a push."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from filemanager.archives.packages.sources import read_changes
from filemanager.domain.caller import Caller
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Database
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import ForeignFile, PackageRefused
from filemanager.domain.repositories.names import PackageFileKind, kind_of
from filemanager.domain.repositories.package import Base, DebChanges, ListedFile
from filemanager.domain.repositories.places import product_directory
from filemanager.domain.repositories.signer import Verifier
from filemanager.domain.uploads.upload import Upload
from filemanager.services.intake import Spool
from filemanager.services.repositories.aside import Aside, Consumed
from filemanager.services.repositories.collecting import (
    LEFT_OUT_OF_CHANGES,
    OF_BASE,
    SentPackage,
)
from filemanager.services.repositories.pushing import Push, Pushed, PushService
from filemanager.services.uploads.targets import Results, Settlement


class IncomingService:
    """*verifier* None: a ``.changes`` needs no signature."""

    def __init__(
        self,
        database: Database,
        aside: Aside,
        pushes: PushService,
        catalogue: Catalogue,
        verifier: Verifier | None,
    ) -> None:
        self._database = database
        self._aside = aside
        self._pushes = pushes
        self._catalogue = catalogue
        self._verifier = verifier

    def take(self, caller: Caller, path: str, sent: SentPackage, spool: Spool) -> None:
        """Keep a file aside, or push what a ``.changes`` lists: all of it, or nothing.

        A file that comes again takes the place of the one before. What a ``.changes`` that is
        refused lists stays, and may be used by another. Raises ``RepositoryUnknown``,
        ``InsufficientScope``, ``ForeignFile``, ``PackageRefused``, ``SignatureRefused``,
        ``TooManyUploads``, ``BatchClosed`` and what a push does.
        """
        address = self._catalogue.find(path)
        if address.base is not Base.DEB:
            raise ForeignFile(sent.name, address.base)
        if kind_of(sent.name) is PackageFileKind.CHANGES:
            self._complete(caller, address, sent, spool)
        else:
            self._aside.keep(caller, path, sent)

    def _complete(self, caller: Caller, address: Address, sent: SentPackage, spool: Spool) -> None:
        changes = self._read(sent, spool)
        _ensure_of_packages(sent.name, changes)
        waiting = self._aside.waiting(caller, address.path)
        missing = [file.name for file in changes.files if file.name not in waiting]
        if missing and self._is_there(address, changes):
            return
        if missing:
            raise PackageRefused(sent.name, f"it lists {missing[0]}, which was not sent")
        uploads = [_agreeing(sent.name, file, waiting[file.name]) for file in changes.files]
        consumed = Consumed(uploads)
        self._push(caller, address, changes, consumed, spool)
        self._aside.delete(consumed)

    def _read(self, sent: SentPackage, spool: Spool) -> DebChanges:
        # Read first: what is no text in clear is nothing for a verifier.
        changes = read_changes(sent.name, sent.content)
        if self._verifier is None:
            return changes
        document = sent.content.head(sent.content.size_bytes)
        text = self._verifier.signed_text(sent.name, document)
        return read_changes(sent.name, spool.receive_chunks([text]))

    def _push(
        self,
        caller: Caller,
        address: Address,
        changes: DebChanges,
        consumed: Consumed,
        spool: Spool,
    ) -> None:
        pairs = list(zip(changes.files, consumed.uploads, strict=True))
        files = [
            SentPackage(file.name, self._aside.content(spool, upload))
            for file, upload in pairs
            if kind_of(file.name) not in LEFT_OUT_OF_CHANGES
        ]
        push = Push(
            targets=[address],
            files=files,
            product=changes.source,
            settlement=Settlement(consumed, partial(_results, consumed.uploads)),
        )
        self._pushes.push(caller, push, spool.scratch)

    def _is_there(self, address: Address, changes: DebChanges) -> bool:
        """Whether the repository holds all of it: the answer to an earlier push was lost."""
        directory = product_directory(address.version, changes.source)
        wanted = {f"{directory}/{file.name}": file for file in _packages(changes)}
        with self._database.read() as tx:
            repository = tx.repositories.find(address.path)
            if repository is None:
                return False
            held = tx.repositories.packages.at_paths(repository.tree.id, wanted)
        digests: Mapping[str, set[Digest]] = {
            path: {file.digest for _, file in holders} for path, holders in held.items()
        }
        return all(file.sha256 in digests.get(path, ()) for path, file in wanted.items())


def _packages(changes: DebChanges) -> Iterator[ListedFile]:
    return (file for file in changes.files if kind_of(file.name) not in LEFT_OUT_OF_CHANGES)


def _ensure_of_packages(name: str, changes: DebChanges) -> None:
    for file in changes.files:
        if kind_of(file.name) not in OF_BASE[Base.DEB] | LEFT_OUT_OF_CHANGES:
            raise ForeignFile(file.name, Base.DEB)
        if file.sha256 is None:
            raise PackageRefused(name, "it has no field 'Checksums-Sha256'")


def _agreeing(name: str, file: ListedFile, upload: Upload) -> Upload:
    if (upload.digest, upload.size_bytes) != (file.sha256, file.size_bytes):
        why = f"{file.name} was sent, and is not what it says: size or SHA-256 differ"
        raise PackageRefused(name, why)
    return upload


def _results(uploads: Sequence[Upload], pushed: Sequence[Pushed]) -> Results:
    (one,) = pushed
    return {upload.id: {"repository": one.path, "push": one.push} for upload in uploads}
