"""Settling: comparing what was authorised with what the store holds."""

import hashlib
from dataclasses import replace
from datetime import datetime

import structlog

from filemanager.domain.caller import Owner
from filemanager.domain.named_objects import NamedObject, NamedObjectMissing, NamedObjects
from filemanager.domain.ports import Clock, Database
from filemanager.domain.rawstore.stored_file import StoredFile, StoredFileState, Version
from filemanager.services.jobs import Running

SETTLE = "settle_stored_files"
"""The kind of the tasks that look once more; their payload names the owner."""

_BATCH = 200


class Settler:
    """Asks the store by HEAD, and reads the bytes where its ETag does not tell their MD5.

    No transaction is open meanwhile: a row that was changed since is left as it is now.
    """

    def __init__(self, database: Database, objects: NamedObjects, clock: Clock) -> None:
        self._database = database
        self._objects = objects
        self._clock = clock

    def settle(self, file: StoredFile) -> StoredFile | None:
        """What is known after a look; None: nothing was posted, and nothing can be any more."""
        if file.is_final:
            return file
        looked_at = self._clock()
        found = self._look(file, looked_at)
        if not self._database.write(lambda tx: tx.stored_files.replace(file, found)):
            return self._now(file)
        if found is None:
            return None
        if found.state is StoredFileState.CHANGED and file.state is not StoredFileState.CHANGED:
            structlog.get_logger().warning("stored_file_changed", owner=file.owner, key=file.key)
        return replace(found, revision=file.revision + 1)

    def settle_due(self, owner: Owner | None = None) -> int:
        """Look once more at every file that nobody can post any more; returns how many are done."""
        settled = 0
        while done := self.settle_some(owner):
            settled += done
        return settled

    def settle_some(self, owner: Owner | None) -> int:
        """``settle_due`` for so many files that a request can wait for it."""
        with self._database.read() as tx:
            due = tx.stored_files.due(self._clock(), owner, _BATCH)
        return sum(self._is_done(file) for file in due)

    def run(self, running: Running) -> None:
        """The handler of tasks of the kind ``SETTLE``; looking twice does no harm."""
        self.settle_due(Owner(str(running.claimed.payload["owner"])))

    def _is_done(self, file: StoredFile) -> bool:
        found = self.settle(file)
        return found is None or found.is_final

    def _now(self, file: StoredFile) -> StoredFile | None:
        with self._database.read() as tx:
            return tx.stored_files.find(file.bucket, [file.key]).get(file.key)

    def _look(self, file: StoredFile, at: datetime) -> StoredFile | None:
        looked = replace(file, looked_at=at)
        there = self._objects.head(file.key)
        if there is None:
            if at > file.closes_at:
                return None
            return replace(looked, state=StoredFileState.PENDING, held=None, held_version=None)
        if file.held is not None and there.version == file.held_version:
            return _unposted(looked) if file.state is StoredFileState.PENDING else looked
        return self._compared(looked, there)

    def _compared(self, looked: StoredFile, there: NamedObject) -> StoredFile:
        md5 = self._md5_of(there, looked.wanted)
        if md5 is None:
            # Posted again while it was read: the next look tells.
            return replace(looked, looked_at=None)
        held = replace(looked.wanted, size_bytes=there.size_bytes, md5=md5)
        is_right = held.has_bytes_of(looked.wanted)
        state = StoredFileState.SETTLED if is_right else StoredFileState.CHANGED
        return replace(looked, state=state, held=held, held_version=there.version)

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


def _unposted(looked: StoredFile) -> StoredFile:
    """A new version was authorised, and the old one is still there."""
    if looked.is_final and looked.held is not None:
        return replace(looked, wanted=looked.held, state=StoredFileState.SETTLED)
    return looked
