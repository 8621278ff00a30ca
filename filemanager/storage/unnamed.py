"""Files that no name leads to, until one is given to them."""

import io
import os
import tempfile
from pathlib import Path
from typing import Protocol, runtime_checkable


@runtime_checkable
class InOwnFile(Protocol):
    """A content that may lie in an unnamed file with nothing else in it."""

    def sealed(self) -> int | None:
        """A descriptor of the file, which nobody can write to from now on; the content closes it.

        None: the content shares its file, or the file can never have a name.
        """


def open_unnamed(directory: Path) -> tuple[io.FileIO, bool]:
    """A file that a crash does not leave behind, and whether a name can be given to it."""
    try:
        descriptor = os.open(directory, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError:
        # Not every file system has O_TMPFILE, and each says so by an error of its own.
        descriptor, name = tempfile.mkstemp(dir=directory)
        Path(name).unlink()
        return io.FileIO(descriptor, "r+"), False
    return io.FileIO(descriptor, "r+"), True


def seal(descriptor: int) -> None:
    """Let *descriptor* only read from now on; raises ``OSError`` and leaves it as it was.

    Readers in other threads notice nothing: it is exchanged for another of the same file at once.
    """
    reading = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.dup2(reading, descriptor, inheritable=False)
    finally:
        os.close(reading)
