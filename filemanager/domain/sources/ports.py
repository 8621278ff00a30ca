"""The port of the rows of sources."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.sources.source import (
    BucketPlace,
    Credentials,
    DirectoryPlace,
    Source,
    SourceId,
)


class SourceRows(Protocol):
    def add(
        self, name: str, place: BucketPlace | DirectoryPlace, readers: Collection[str], at: datetime
    ) -> Source:
        """Without credentials and probe. Raises ``SourceExists``."""

    def find(self, name: str) -> Source | None:
        """A living one."""

    def find_removed(self, name: str) -> Source | None:
        """The last removed one of that name."""

    def lock(self, name: str) -> Source:
        """``find``, holding off every other writer of it. Raises ``SourceUnknown``."""

    def get_all(self, ids: Collection[SourceId]) -> Mapping[SourceId, Source]:
        """Living and removed ones."""

    def save(self, source: Source) -> None:
        """Write all but the id, the name and the time it was made."""

    def page(self, after: str, limit: int) -> Sequence[Source]:
        """Living ones by name."""

    def reseal(self, seal: Callable[[Source], bytes | None]) -> int:
        """Write what *seal* makes of every source's credentials, removed ones' too; returns how
        many changed.
        """


class OwnersBlocked(Protocol):
    """Owners whose shares open nothing until they are let in again."""

    def block(self, owner: str, at: datetime) -> None: ...
    def unblock(self, owner: str) -> bool:
        """False: it was not blocked."""

    def holds(self, owner: str) -> bool: ...

    def page(self, after: str, limit: int) -> Sequence[tuple[str, datetime]]:
        """Who is blocked since when, by name, those behind *after*."""


class CredentialSeals(Protocol):
    """What keeps credentials from whoever reads the database alone."""

    def ensure_some(self) -> None:
        """Raise ``NoSourceKeys`` where there is no key to seal with."""

    def seal(self, source_id: SourceId, credentials: Credentials) -> bytes:
        """Bound to that source. Raises ``NoSourceKeys``."""

    def open(self, source: Source) -> Credentials | None:
        """None: it has none. Raises ``CredentialsLocked``."""

    def sealed_anew(self, source: Source) -> bytes | None:
        """What ``sealed`` is under the newest key; as it is where that sealed it, or where there
        is nothing to seal. Raises ``CredentialsLocked``.
        """
