"""Directories and files that nobody but the service's own user may look into."""

import errno
import os
from pathlib import Path

from filemanager.domain.upkeep.errors import DirectoryUnusable

_OTHERS = 0o077


def private_directory(path: Path) -> None:
    """Make a directory, and those above it that are missing; one that is there stays as it is.

    Raises ``DirectoryUnusable``, also for one that this user may not write to.
    """
    for level in (*reversed(path.parents), path):
        try:
            if not level.is_dir():
                level.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise DirectoryUnusable(str(path), str(error.strerror)) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise DirectoryUnusable(str(path), os.strerror(errno.EACCES))


def is_wider(path: Path) -> bool:
    """Whether others may use what is at *path*; what is not there is no wider."""
    return path.exists() and bool(path.stat().st_mode & _OTHERS)
