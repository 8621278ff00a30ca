"""Packs: made once for each share of a version, by a task that is promised with it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.blobs.blob import Content, Put
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.intake.scratch import Scratch, ScratchSpace
from filemanager.domain.jobs.job import Lane, Task
from filemanager.domain.packages.data_package import DataPackageNotFound, PackageEdition
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.shares.pack import MAX_ITEMS, PackKind, SharePack
from filemanager.domain.shares.share import Share, ShareId
from filemanager.exports.git.annex.repository import annex_repository
from filemanager.exports.git.dvc.repository import dvc_repository
from filemanager.exports.git.lfs import lfs_repository
from filemanager.exports.git.pack import packed
from filemanager.exports.git.paths import PathGitRefuses
from filemanager.exports.git.repository import GitRepository
from filemanager.exports.listing import Edition, Items, ListedItem
from filemanager.services.committing import Committer
from filemanager.services.jobs import Running
from filemanager.services.shares.contents.listing import ListingService, exported, known_digest

MAKE_PACKS = "make_share_packs"
_SHARE = "share"

MAKERS: Mapping[PackKind, Callable[[Edition, Items], GitRepository]] = {
    PackKind.ANNEX: annex_repository,
    PackKind.DVC: dvc_repository,
    PackKind.LFS: lfs_repository,
}


def promise_packs(tx: Transaction, share: Share, at: datetime) -> None:
    """Whatever the package holds now has no repositories: they would have a history."""
    if share.number is None:
        return
    task = Task(
        kind=MAKE_PACKS,
        lane=Lane.LONG,
        payload={_SHARE: share.id},
        key=f"share packs {share.id}",
    )
    tx.outbox.add(task, at)


@dataclass(frozen=True, slots=True)
class _Wanted:
    share: Share
    edition: PackageEdition


@dataclass(frozen=True, slots=True)
class _Made:
    pack: SharePack
    content: Content


class PackService:
    """No transaction is open while packs are made: of a share that has changed meanwhile nothing is
    kept, since another task was promised then.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        committer: Committer,
        space: ScratchSpace,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._committer = committer
        self._space = space
        self._listing = ListingService(database)

    def make(self, running: Running) -> None:
        """The handler of the task: every kind that git can hold. Raises ``StoreUnavailable``."""
        wanted = self._wanted(ShareId(int(running.claimed.payload[_SHARE] or 0)))
        if wanted is None:
            self._database.write(running.settle)
            return
        with self._space.open() as scratch:
            made = [one for kind in PackKind if (one := self._made(wanted, kind, scratch))]
            contents = {one.content.digest: one.content for one in made}

            def keep(tx: Transaction, put: Put) -> None:
                self._committer.keep(tx, put, set(contents))
                if _is_as_it_was(tx.shares.get(wanted.share.id), wanted.share):
                    for one in made:
                        tx.shares.packs.save(one.pack)
                running.settle(tx)

            self._committer.commit(lambda: contents, keep)

    def _wanted(self, share_id: ShareId) -> _Wanted | None:
        """None: it was revoked, or has no repositories any more."""
        with self._database.read() as tx:
            share = tx.shares.get(share_id)
            if share.revoked_at is not None or share.number is None:
                return None
            try:
                edition = tx.packages.edition(share.package_id, share.number)
            except DataPackageNotFound:
                return None
        return None if edition.items > MAX_ITEMS else _Wanted(share, edition)

    def _made(self, wanted: _Wanted, kind: PackKind, scratch: Scratch) -> _Made | None:
        """None: git cannot hold what it would be made of, which whoever asks for it is told."""
        edition = exported(wanted.edition, wanted.share.url)
        try:
            repository = MAKERS[kind](edition, self._listing.every(wanted.edition))
        except PathGitRefuses:
            return None
        pack = packed(repository, self._text)
        writer = scratch.writer()
        for chunk in pack.chunks:
            writer.write(chunk)
        content = writer.finish()
        kept = SharePack(
            share_id=wanted.share.id,
            kind=kind,
            digest=content.digest,
            url=wanted.share.url,
            refs=tuple(pack.references.items()),
        )
        return _Made(kept, content)

    def _text(self, item: ListedItem) -> Iterator[bytes]:
        digest = known_digest(item)
        with self._database.read() as tx:
            blob = tx.blobs.find([digest])[digest]
        return self._blobs.read(blob)


def _is_as_it_was(now: Share, then: Share) -> bool:
    return now.revoked_at is None and (now.url, now.number) == (then.url, then.number)
