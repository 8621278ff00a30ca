"""Where the files of a deposit are posted, when other owners may have had the same bytes first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from filemanager.domain.caller import Owner
from filemanager.domain.ports import Transaction
from filemanager.domain.rawstore.path_pattern import own_key
from filemanager.domain.rawstore.stored_file import DepositedFile, KeyTaken, StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPlace:
    """``known`` is the owner's file at the key as it was before; ``given_up`` is its row at
    another key, if it is moved from there.
    """

    key: str
    known: StoredFile | None = None
    given_up: StoredFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedFiles:
    """What an owner wants to post, by key; ``hidden`` are the keys of what not everybody may read.

    ``is_shared``: owners meet at these keys. ``is_seen``: the store was asked about them, or is not
    to be asked.
    """

    bucket: str
    owner: Owner
    wishes: Mapping[str, DepositedFile]
    hidden: Collection[str]
    is_shared: bool
    is_seen: bool = False

    def places(self, tx: Transaction) -> Mapping[str, PostPlace]:
        """By the key that was wanted. Two queries for any number. Raises ``KeyTaken``."""
        own = [own_key(key, self.owner) for key in self.wishes] if self.is_shared else []
        rows = tx.stored_files.find(self.bucket, [*self.wishes, *own])
        at = tx.stored_files.at(self.bucket, self.wishes) if self.is_shared else ()
        others = {file.lies_at for file in at if file.owner != self.owner}
        # What the owner is about to leave will be deleted, too.
        taken = others | {file.leaves for file in at}
        return {key: self._place(key, rows, is_taken=key in taken) for key in self.wishes}

    def unseen(self, places: Mapping[str, PostPlace]) -> Sequence[StoredFile]:
        """What may have been posted since it was authorised with the same bytes."""
        if self.is_seen:
            return []
        known = [(self.wishes[key], place.known) for key, place in places.items()]
        return [file for wish, file in known if file and not file.is_final and file.is_for(wish)]

    def _place(self, key: str, rows: Mapping[str, StoredFile], *, is_taken: bool) -> PostPlace:
        mine = rows.get(key)
        is_free = not is_taken and (mine is None or mine.owner == self.owner)
        if not self.is_shared:
            if not is_free:
                raise KeyTaken(self.wishes[key].path)
            return PostPlace(key=key, known=mine)
        apart = rows.get(own_key(key, self.owner))
        if apart is not None and apart.owner != self.owner:
            raise KeyTaken(self.wishes[key].path)
        if is_free and key not in self.hidden and (mine or apart is None or apart.is_private):
            return PostPlace(key=key, known=mine)
        return self._apart(key, mine, apart)

    def _apart(self, key: str, mine: StoredFile | None, apart: StoredFile | None) -> PostPlace:
        """At the owner's own key. A file that others lie at is theirs too: only its row moves."""
        own = own_key(key, self.owner)
        is_ours = mine is not None and mine.owner == self.owner
        if apart is None and mine is not None and is_ours and key not in self.hidden:
            return PostPlace(
                key=own, known=replace(mine, key=own, lies_at=key, revision=0), given_up=mine
            )
        return PostPlace(key=own, known=apart)


def named(tx: Transaction, bucket: str, key: str, owner: Owner | None) -> StoredFile | None:
    """The file at *key*: what has this name, else what lies there, of *owner* rather than others.

    A file that got another name when others came to share its object is still found by its first.
    """
    found = tx.stored_files.at_key(bucket, key)
    if found is not None:
        return found
    lying = [file for file in tx.stored_files.at(bucket, [key]) if file.lies_at == key]
    return min(lying, key=lambda file: file.owner != owner, default=None)
