"""The port of the rawstore's registry."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.caller import Owner
from filemanager.domain.rawstore.stored_file import Findability, StoredFile


class StoredFiles(Protocol):
    """Rows of files, named by bucket and key. A key belongs to one owner for good."""

    def lock(self, owner: Owner) -> None:
        """Hold off every other transaction that locks this owner until this one ends."""

    def find(self, bucket: str, keys: Collection[str]) -> Mapping[str, StoredFile]:
        """By key; those without rows are left out. One query for each thousand."""

    def at_key(self, bucket: str, key: str) -> StoredFile | None:
        """The one of this name."""

    def at(self, bucket: str, places: Collection[str]) -> Sequence[StoredFile]:
        """Files that lie at one of *places*, or are leaving it."""

    def lock_at(self, bucket: str, place: str) -> Sequence[StoredFile]:
        """The same, with their rows locked."""

    def beginning(self, bucket: str, key: str, limit: int) -> Sequence[StoredFile]:
        """Settled files whose keys begin with *key*, which lie at their own."""

    def page(self, after: tuple[str, str], limit: int) -> Sequence[StoredFile]:
        """By bucket and key, for ``fsck``."""

    def counted_bytes(self, owner: Owner, findability: Findability | None = None) -> int:
        """What counts against the owner's limit, promises included."""

    def save(self, files: Iterable[StoredFile]) -> None:
        """Insert or write again rows of an owner who is locked; each at its next revision.

        Raises ``KeyTaken`` where another owner was first.
        """

    def replace(self, seen: StoredFile, by: StoredFile | None) -> bool:
        """Write *by*, or delete the row, if it is as it was seen. False: it is not."""

    def due(self, closed_before: datetime, owner: Owner | None, limit: int) -> Sequence[StoredFile]:
        """Files that nobody can post any more and that were not looked at since."""

    def held_bytes_of_owner(self, owner: Owner, findability: Findability | None) -> int: ...

    def held_bytes_of_dataset(
        self, owner: Owner, dataset_id: str, findability: Findability | None
    ) -> int: ...

    def held_bytes_of_flow(
        self, owner: Owner, flow_id: str, findability: Findability | None
    ) -> int:
        """Files whose last flow it was."""
