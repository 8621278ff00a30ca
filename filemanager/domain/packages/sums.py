"""What is counted of a package, and what its rows make."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSums:
    """``kept_bytes`` are charged for all texts that are kept, living or history; the others are of
    what is there now.
    """

    items: int
    folders: int
    size_bytes: int
    text_bytes: int
    kept_bytes: int
