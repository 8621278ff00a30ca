"""Whether the parts that the service stands on answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from filemanager.domain.errors import FilemanagerError
from filemanager.domain.ports import Database
from filemanager.domain.store_ports import BlobStore, ScratchSpace

_EARLIEST = datetime(2024, 1, 1, tzinfo=UTC)
"""A clock before this is not set: tokens would never expire."""


@dataclass(frozen=True, slots=True)
class Health:
    """Each part by name: ``ok``, or what is wrong."""

    parts: dict[str, str]

    @property
    def is_ready(self) -> bool:
        return all(state == "ok" for state in self.parts.values())


class HealthService:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        space: ScratchSpace,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._space = space
        self._clock = clock

    def database_answers(self) -> bool:
        return _state(self._database.check) == "ok"

    def check(self) -> Health:
        """Ask every part once."""
        scratch = "ok" if self._space.free_bytes() > 0 else "full"
        clock = "ok" if self._clock() > _EARLIEST else "not set"
        return Health(
            {
                "database": _state(self._database.check),
                "store": _state(self._blobs.check),
                "scratch": scratch,
                "clock": clock,
            }
        )


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except FilemanagerError as error:
        return error.code
    return "ok"
