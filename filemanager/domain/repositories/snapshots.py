"""Snapshots: names for publications, which keep what they held."""

import re

from filemanager.domain.errors import Rejected
from filemanager.domain.requests.preconditions import State
from filemanager.domain.trees.history import Pin

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+~_-]{0,63}")


class SnapshotNameRefused(Rejected):
    code = "snapshot_name_refused"

    def __init__(self) -> None:
        super().__init__(
            "A snapshot is called by 1 to 64 of A-Z, a-z, 0-9, '.', '+', '~', '_' and '-', no sign"
            " first and not digits alone: those are publications."
        )


def is_number(edition: str) -> bool:
    """Whether it is that of a publication, and no name."""
    return edition.isascii() and edition.isdigit()


def ensure_snapshot_name(name: str) -> None:
    """Raises ``SnapshotNameRefused``."""
    if not _NAME.fullmatch(name) or is_number(name):
        raise SnapshotNameRefused


def snapshot_state(pin: Pin) -> State:
    """As conditions know it: a name may come again at another publication."""
    return State(frozenset({f"{pin.id}-{pin.revision}"}), pin.created_at)
