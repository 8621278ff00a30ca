"""Files of several owners with the same bytes: all of them lie at one object in the end."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from filemanager.domain.blobs.named_objects import NamedObjectMissing, NamedObjects
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.rawstore.path_pattern import shared_key
from filemanager.domain.rawstore.stored_file import StoredFile

_SIBLINGS = 100
_AT_ONCE_BYTES = 16 << 20
"""What is larger is compared by the task alone, for which nobody waits."""


class Sharer:
    """An object is shared only when nobody can write to it any more, or no other bytes.

    Its bytes are compared before, since those of one MD5 need not be equal. A row says first what
    it will leave; then the object goes if it was the last, and the row forgets it. So nothing that
    a crash leaves behind is forgotten, and nobody is given a form for a key that is to go.
    """

    def __init__(self, database: Database, objects: NamedObjects) -> None:
        self._database = database
        self._objects = objects

    def share(self, file: StoredFile, *, at_once: bool) -> StoredFile:
        """Let the file, or those of others, lie where its bytes are already; returns it as it is
        afterwards.
        """
        if file.leaves is not None or not _may_be_shared(file, at_once=at_once):
            return file
        shared = shared_key(file.key, file.owner)
        if shared is None:
            for copy in self._copies(file):
                self._join(self._now(file), copy)
        elif not file.lies_elsewhere:
            any(self._join(kept, file) for kept in self._at(file.bucket, shared))
        return self._now(file)

    def release(self, file: StoredFile) -> StoredFile:
        """Delete what the file leaves, unless others lie there."""
        if file.leaves is None:
            return file
        if self._database.write(lambda tx: self._left_to_others(tx, file)):
            return self._now(file)
        if file.leaves != file.key or not self._was_posted_again(file):
            self._objects.delete(file.leaves)
        self._database.write(lambda tx: _forget(tx, file))
        return self._now(file)

    def _copies(self, file: StoredFile) -> Sequence[StoredFile]:
        """What other owners posted apart from the file, and did not let lie at it yet."""
        with self._database.read() as tx:
            found = tx.stored_files.beginning(file.bucket, f"{file.key}~", _SIBLINGS)
        return [one for one in found if shared_key(one.key, one.owner) == file.key]

    def _at(self, bucket: str, key: str) -> Sequence[StoredFile]:
        with self._database.read() as tx:
            named = tx.stored_files.find(bucket, [key])
            found = [*named.values(), *tx.stored_files.at(bucket, [key])]
        return [one for one in found if one.place == key]

    def _join(self, kept: StoredFile, copy: StoredFile) -> bool:
        is_closed = kept.lies_at is not None or kept.is_closed
        if not (is_closed or self._objects.refuses_other_bytes) or not _are_alike(kept, copy):
            return False
        if not self._have_same_bytes(kept, copy):
            return False

        if not self._database.write(lambda tx: _joined(tx, kept, copy)):
            return False
        self.release(self._now(copy))
        return True

    def _have_same_bytes(self, kept: StoredFile, copy: StoredFile) -> bool:
        try:
            same = self._digest(kept.place) == self._digest(copy.key)
        except NamedObjectMissing:
            return False
        again = self._objects.head(copy.key)
        return same and again is not None and again.version == copy.held_version

    def _digest(self, key: str) -> bytes:
        found = hashlib.sha256()
        for chunk in self._objects.read(key):
            found.update(chunk)
        return found.digest()

    def _was_posted_again(self, file: StoredFile) -> bool:
        there = self._objects.head(file.key)
        return there is not None and there.version != file.held_version

    def _left_to_others(self, tx: Transaction, file: StoredFile) -> bool:
        """Forget what is left where others lie or are leaving too: the last of them deletes it."""
        place = file.leaves or ""
        tx.stored_files.lock(file.owner)
        lying = [one for one in tx.stored_files.lock_at(file.bucket, place) if one.key != file.key]
        named = tx.stored_files.find(file.bucket, [place]).values()
        is_kept = bool(lying) or any(one.key != file.key for one in named)
        return is_kept and _forget(tx, file)

    def _now(self, file: StoredFile) -> StoredFile:
        with self._database.read() as tx:
            return tx.stored_files.at_key(file.bucket, file.key) or file


def _may_be_shared(file: StoredFile, *, at_once: bool) -> bool:
    is_small = file.wanted.size_bytes <= _AT_ONCE_BYTES
    return file.is_settled_for_all and (is_small or not at_once)


def _are_alike(kept: StoredFile, copy: StoredFile) -> bool:
    if kept.held is None or copy.held is None:
        return False
    are_settled = kept.is_settled_for_all and copy.is_settled_for_all
    return are_settled and kept.held.may_stand_for(copy.held)


def _joined(tx: Transaction, kept: StoredFile, copy: StoredFile) -> bool:
    for owner in sorted({kept.owner, copy.owner}):
        tx.stored_files.lock(owner)
    now = tx.stored_files.at_key(kept.bucket, kept.key)
    if now is None or not (now.lies_at == kept.place or _sealed(tx, now, kept)):
        return False
    return tx.stored_files.replace(copy, replace(copy, lies_at=kept.place, leaves=copy.key))


def _sealed(tx: Transaction, now: StoredFile, kept: StoredFile) -> bool:
    """Whether nobody was given a new form for its key, and nobody will be."""
    is_same = now.revision == kept.revision
    return is_same and tx.stored_files.replace(now, replace(now, lies_at=now.key))


def _forget(tx: Transaction, file: StoredFile) -> bool:
    return tx.stored_files.replace(file, replace(file, leaves=None))
