"""Settling: comparing what was authorised with what the store holds."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from filemanager.domain.blobs.named_objects import NamedObject, NamedObjectMissing, NamedObjects
from filemanager.domain.caller import Owner
from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.rawstore.stored_file import StoredFile, StoredFileState, Version
from filemanager.services.jobs import Running
from filemanager.services.rawstore.sharing import Sharer

SETTLE = "settle_stored_files"
"""The kind of the tasks that look once more; their payload names the owner."""

_BATCH = 200
_SIDE_BY_SIDE = 8

_SILENCE = timedelta(seconds=10)
"""So long a store that has not answered is left alone by those who can do without: every look would
hold a thread for as long as all of its attempts take.
"""


class Settler:
    """Asks the store by HEAD, and reads the bytes where its ETag does not tell their MD5.

    No transaction is open meanwhile: a row that was changed since is left as it is now.
    *shares*: owners meet at keys that are made of content.
    """

    def __init__(
        self, database: Database, objects: NamedObjects, clock: Clock, *, shares: bool = False
    ) -> None:
        self._database = database
        self._objects = objects
        self._clock = clock
        self._sharer = Sharer(database, objects)
        self._shares = shares
        self._asked_again_at = datetime.min.replace(tzinfo=UTC)

    @property
    def is_store_silent(self) -> bool:
        """Whether it has not answered a moment ago."""
        return self._clock() < self._asked_again_at

    def settle(self, file: StoredFile) -> StoredFile | None:
        """What is known after a look; None: nothing was posted, and nothing can be any more."""
        return self._shared(self._settled(file), at_once=True)

    def look_at(self, files: Sequence[StoredFile]) -> None:
        """Settle *files* side by side. A store that does not answer is asked no more."""
        with ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(files))) as pool:
            looks = [pool.submit(self.settle, file) for file in files]
            try:
                for look in looks:
                    look.result()
            except StoreUnavailable:
                self._asked_again_at = self._clock() + _SILENCE
            pool.shutdown(wait=False, cancel_futures=True)

    def settle_due(self, owner: Owner | None = None) -> int:
        """Look once more at every file that nobody can post any more; returns how many are done."""
        settled = 0
        while done := self._finish_some(owner, at_once=False):
            settled += done
        return settled

    def settle_some(self, owner: Owner | None) -> int:
        """``settle_due`` for so many files that a request can wait for it."""
        return self._finish_some(owner, at_once=True)

    def run(self, running: Running) -> None:
        """The handler of tasks of the kind ``SETTLE``; looking twice does no harm."""
        self.settle_due(Owner(str(running.claimed.payload["owner"])))

    def _finish_some(self, owner: Owner | None, *, at_once: bool) -> int:
        with self._database.read() as tx:
            due = tx.stored_files.due(self._clock(), owner, _BATCH)
        found = [self._shared(self._settled(file), at_once=at_once) for file in due]
        return sum(file is None or file.is_final for file in found)

    def _shared(self, file: StoredFile | None, *, at_once: bool) -> StoredFile | None:
        if file is None:
            return None
        file = self._sharer.release(file)
        return self._sharer.share(file, at_once=at_once) if self._shares else file

    def _settled(self, file: StoredFile) -> StoredFile | None:
        if file.is_final:
            return file
        found = self._look(file, self._clock())
        if not self._database.write(lambda tx: _replaced(tx, file, found)):
            return self._now(file)
        if found is None:
            return None
        if found.state is StoredFileState.CHANGED and file.state is not StoredFileState.CHANGED:
            structlog.get_logger().warning("stored_file_changed", owner=file.owner, key=file.key)
        return replace(found, revision=file.revision + 1)

    def _now(self, file: StoredFile) -> StoredFile | None:
        with self._database.read() as tx:
            return tx.stored_files.at_key(file.bucket, file.key)

    def _look(self, file: StoredFile, at: datetime) -> StoredFile | None:
        looked = replace(file, looked_at=at)
        there = self._objects.head(file.key)
        if there is None and file.lies_elsewhere:
            return _unposted(looked)
        if there is None:
            if at > file.closes_at:
                return None
            return replace(looked, state=StoredFileState.PENDING, held=None, held_version=None)
        if file.held is not None and there.version == file.held_version:
            return _unposted(looked)
        return self._compared(looked, there)

    def _compared(self, looked: StoredFile, there: NamedObject) -> StoredFile:
        md5 = self._md5_of(there, looked.wanted)
        if md5 is None:
            # Posted again while it was read: the next look tells.
            return replace(looked, looked_at=None)
        held = replace(looked.wanted, size_bytes=there.size_bytes, md5=md5)
        is_right = held.has_bytes_of(looked.wanted)
        state = StoredFileState.SETTLED if is_right else StoredFileState.CHANGED
        found = replace(looked, state=state, held=held, held_version=there.version)
        if not looked.lies_elsewhere:
            return found
        if is_right and looked.held is not None and looked.held.may_stand_for(held):
            return replace(found, leaves=found.key)
        return replace(found, lies_at=None, leaves=looked.lies_at)

    def _md5_of(self, there: NamedObject, wanted: Version) -> str | None:
        if there.etag == wanted.md5:
            return wanted.md5
        found = hashlib.md5(usedforsecurity=False)
        try:
            for chunk in self._objects.read(there.key):
                found.update(chunk)
        except NamedObjectMissing:
            return None
        again = self._objects.head(there.key)
        return found.hexdigest() if again is not None and again.version == there.version else None


def _replaced(tx: Transaction, seen: StoredFile, by: StoredFile | None) -> bool:
    """Not while a new version is authorised or the object is shared: both read, then write."""
    tx.stored_files.lock(seen.owner)
    return tx.stored_files.replace(seen, by)


def _unposted(looked: StoredFile) -> StoredFile:
    """A new version may have been authorised, and the old one is still there."""
    if looked.state is StoredFileState.PENDING and looked.is_closed and looked.held is not None:
        return replace(looked, wanted=looked.held, state=StoredFileState.SETTLED)
    return looked
