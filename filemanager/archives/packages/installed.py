"""The files that an rpm installs, by the tables of its header."""

from filemanager.archives.packages.header import RpmHeader
from filemanager.archives.packages.refusals import Unfit
from filemanager.archives.packages.tags import Tag
from filemanager.domain.repositories.package import RpmFile, RpmFileKind

_MOST_FILES = 1 << 19
_MOST_PATH_CHARACTERS = 32 << 20
"""Of all paths: a header says the name of a directory once for all files in it."""

_TYPE_OF_MODE = 0o170000
_DIRECTORY = 0o040000
_GHOST = 1 << 6


def installed_files(header: RpmHeader) -> tuple[RpmFile, ...]:
    """In the order of the header. Raises ``Unfit``."""
    paths = _paths(header)
    modes = header.numbers(Tag.FILE_MODES, _MOST_FILES)
    flags = header.numbers(Tag.FILE_FLAGS, _MOST_FILES)
    if not len(paths) == len(modes) == len(flags):
        raise Unfit("its header has more paths than modes or flags of files, or fewer")
    return tuple(
        RpmFile(path, _kind(mode, flag))
        for path, mode, flag in zip(paths, modes, flags, strict=True)
    )


def _paths(header: RpmHeader) -> list[str]:
    """The format 3 may have whole paths."""
    if Tag.BASE_NAMES not in header:
        return header.strings(Tag.OLD_FILE_NAMES, _MOST_FILES)
    names = header.strings(Tag.BASE_NAMES, _MOST_FILES)
    directories = header.strings(Tag.DIRECTORY_NAMES, _MOST_FILES)
    indexes = header.numbers(Tag.DIRECTORY_INDEXES, _MOST_FILES)
    if len(names) != len(indexes) or max(indexes, default=-1) >= len(directories):
        raise Unfit("its header has files in directories that it does not name")
    lengths = list(map(len, directories))
    if sum(map(lengths.__getitem__, indexes)) + sum(map(len, names)) > _MOST_PATH_CHARACTERS:
        raise Unfit(f"its paths have more than {_MOST_PATH_CHARACTERS} characters")
    return [directories[index] + name for index, name in zip(indexes, names, strict=True)]


def _kind(mode: int, flags: int) -> RpmFileKind:
    if mode & _TYPE_OF_MODE == _DIRECTORY:
        return RpmFileKind.DIRECTORY
    return RpmFileKind.GHOST if flags & _GHOST else RpmFileKind.FILE
