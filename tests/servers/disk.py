"""What lies on a disk while other processes change it: what goes meanwhile was not there."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def files_below(*directories: Path) -> dict[Path, int]:
    """Every file below *directories*, with its size in bytes."""
    return {
        path: size_bytes
        for directory in directories
        for path in _names(directory)
        if (size_bytes := _size_bytes(path)) is not None
    }


def contents_below(directory: Path) -> list[bytes]:
    """The bytes of every file below *directory*, in no order."""
    found = []
    for path in _names(directory):
        with suppress(FileNotFoundError):
            found.append(path.read_bytes())
    return found


def _names(directory: Path) -> Iterator[Path]:
    # os.walk goes on where a directory is gone; Path.rglob does not.
    for place, _, names in os.walk(directory):
        yield from (Path(place, name) for name in names)


def _size_bytes(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None
