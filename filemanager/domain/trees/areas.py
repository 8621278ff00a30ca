"""The parts of a tree."""

from enum import StrEnum

ANCILLARY_DIRECTORY = "anc"


class Area(StrEnum):
    """The part of a tree an entry lies in. Only ``source`` counts for readiness."""

    SOURCE = "source"
    ANCILLARY = "ancillary"
    REMOVED = "removed"


def public_path(area: Area | None, path: str) -> str:
    """The path a client sees: ancillary entries live under ``anc/``."""
    return f"{ANCILLARY_DIRECTORY}/{path}" if area is Area.ANCILLARY else path
