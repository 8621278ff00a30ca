"""Working out digests of what lies elsewhere, a range at a time."""

from dataclasses import dataclass, field
from typing import Protocol

from filemanager.domain.ids import Digest

RANGE_BYTES = 256 << 20
"""How much is read until the state is saved."""

SLOTS = 8
"""How many read one source at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedHashes:
    """How far a hashing was: the first *position* bytes are in it. ``made_by`` names the library,
    whose state no other can take up.
    """

    position: int
    made_by: str
    sha256: bytes = field(repr=False)
    md5: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HashSlot:
    """Leave to read a source beside at most seven others."""

    id: int
    claim: str


class RunningHashes(Protocol):
    """SHA-256 and MD5 of the same bytes."""

    @property
    def position(self) -> int:
        """How many bytes are in it."""

    def update(self, data: bytes) -> None: ...

    def saved(self) -> SavedHashes | None:
        """None: this library cannot tell its state."""

    def digests(self) -> tuple[Digest, str]:
        """SHA-256 and MD5, in hex; nothing more may be added."""


class Hashing(Protocol):
    def begin(self, saved: SavedHashes | None) -> RunningHashes:
        """Go on where *saved* was, or from the beginning where that is not to be taken up."""
