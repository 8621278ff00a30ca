"""Directories and files that nobody but the service's own user may look into."""

from pathlib import Path

_OTHERS = 0o077


def private_directory(path: Path) -> None:
    """Make a directory, and those above it that are missing; one that is there stays as it is."""
    for level in (*reversed(path.parents), path):
        if not level.is_dir():
            level.mkdir(mode=0o700, exist_ok=True)


def is_wider(path: Path) -> bool:
    """Whether others may use what is at *path*; what is not there is no wider."""
    return path.exists() and bool(path.stat().st_mode & _OTHERS)
