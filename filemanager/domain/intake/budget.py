"""What one upload may unpack to, nested archives included."""

from collections.abc import Callable
from dataclasses import dataclass, field

from filemanager.domain.errors import OverBudget
from filemanager.domain.intake.turns import Turn, Turns

RATIO_FLOOR_BYTES = 256 << 20
"""Below this much output the ratio is not looked at: masks and matrices are zeros."""

HOLES_FLOOR_BYTES = 64 << 20
"""The same for the holes of sparse files, for which nothing needs to be sent."""

SMALL_DECODER_BYTES = 32 << 20
"""What every decoder may use, whosever turn it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a profile for one upload. Seconds are wall time.

    ``turns`` are the process's, for decoders of more than ``SMALL_DECODER_BYTES``.
    """

    unpacked_bytes: int = 2 << 30
    entries: int = 20_000
    ratio: int = 50
    depth: int = 3
    seconds: float = 120.0
    decoder_bytes: int = 128 << 20
    turns: Turns = field(default_factory=Turns, compare=False, repr=False)


@dataclass(slots=True)
class Budget:
    """Counts down while an upload is unpacked; every method raises ``OverBudget``, naming the
    limit.

    ``sent_bytes`` is the size of the upload as sent; ``clock`` counts monotonic seconds. Who
    unpacks does so within ``with budget.turn``.
    """

    limits: Limits
    sent_bytes: int
    clock: Callable[[], float]
    turn: Turn = field(init=False)
    _bytes: int = field(default=0, init=False)
    _hole_bytes: int = field(default=0, init=False)
    _entries: int = field(default=0, init=False)
    _started: float = field(init=False)

    def __post_init__(self) -> None:
        self._started = self.clock()
        self.turn = self.limits.turns.of_upload()

    @property
    def bytes_left(self) -> int:
        return self.limits.unpacked_bytes - self._bytes

    def take_entry(self) -> None:
        self._entries += 1
        if self._entries > self.limits.entries:
            raise OverBudget(f"{self.limits.entries} entries")

    def take_bytes(self, count: int) -> None:
        """Call for each chunk that a decoder gave out, before it is written anywhere."""
        self._bytes += count
        if self._bytes > self.limits.unpacked_bytes:
            raise OverBudget(f"{self.limits.unpacked_bytes} unpacked bytes")
        self._ensure_ratio(self._bytes, RATIO_FLOOR_BYTES)
        self.take_time()

    def take_time(self) -> None:
        """Call for each file that is checked, whether against an empty tree or the locked one."""
        if self.clock() - self._started > self.limits.seconds:
            raise OverBudget(f"{self.limits.seconds:g} seconds of unpacking")

    def take_hole(self, count: int) -> None:
        """Call for the zeros of a sparse file before they are written anywhere."""
        self._hole_bytes += count
        self._ensure_ratio(self._hole_bytes, HOLES_FLOOR_BYTES)
        self.take_bytes(count)

    def take_depth(self, depth: int) -> None:
        """*depth* is 1 for an archive as it was sent, 2 for one inside it."""
        if depth > self.limits.depth:
            raise OverBudget(f"{self.limits.depth} archives inside one another")

    def _ensure_ratio(self, count: int, floor_bytes: int) -> None:
        if count > max(floor_bytes, self.limits.ratio * self.sent_bytes):
            raise OverBudget(f"{self.limits.ratio} unpacked bytes for one sent")
