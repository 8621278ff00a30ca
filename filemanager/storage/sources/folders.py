"""Directories that are walked without following a link: segment by segment, each opened in the one
before.
"""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK a pipe that took the file's place would be waited for.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_NO_SUCH = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO, errno.EACCES}
)
"""A link in the way is told by ELOOP or ENOTDIR; what we may not read is as good as none."""
_NO_SEGMENTS = frozenset({"", ".", ".."})


class NotThere(Exception):
    """No such file or directory that may be read, or something else in its place."""


def segments_of(path: str) -> Sequence[str]:
    """Of a path with ``/`` in between. Raises ``NotThere`` for what is no path of a file."""
    segments = path.split("/")
    if "\0" in path or not _is_text(path) or not _NO_SEGMENTS.isdisjoint(segments):
        raise NotThere
    return segments


@contextmanager
def folder(path: Sequence[str], parent: int | None = None) -> Iterator[int]:
    """A descriptor of the directory with these segments, from *parent* or from the root.

    Raises ``NotThere`` and ``OSError``.
    """
    descriptor = _opened("/", _DIRECTORY) if parent is None else os.dup(parent)
    try:
        for segment in path:
            inner = _opened(segment, _DIRECTORY, descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def plain_file(path: Sequence[str]) -> Iterator[int]:
    """A descriptor of a file that is one: nothing else is opened. Raises as ``folder``."""
    with folder(path[:-1]) as parent:
        # Looked at before, since opening a device may do something.
        plain_facts(path[-1], parent)
        descriptor = _opened(path[-1], _FILE, parent)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotThere
        yield descriptor
    finally:
        os.close(descriptor)


def plain_facts(name: str, parent: int) -> os.stat_result:
    """Raises ``NotThere`` for what is no file."""
    try:
        found = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except OSError as error:
        raise _meant(error) from error
    if not stat.S_ISREG(found.st_mode):
        raise NotThere
    return found


def names_in(descriptor: int) -> Iterator[str]:
    """Of files, and with a closing slash of directories. What is neither is passed over, and what
    bears no name of UTF-8, which is no key.
    """
    with os.scandir(descriptor) as entries:
        for entry in entries:
            if not _is_text(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield f"{entry.name}/"
            elif entry.is_file(follow_symlinks=False):
                yield entry.name


def _opened(name: str, flags: int, parent: int | None = None) -> int:
    try:
        return os.open(name, flags, dir_fd=parent)
    except OSError as error:
        raise _meant(error) from error


def _meant(error: OSError) -> Exception:
    return NotThere() if error.errno in _NO_SUCH else error


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
