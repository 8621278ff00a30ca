"""The files that a ``.dsc`` or ``.changes`` lists, once for each kind of checksum."""

import re
from collections.abc import Mapping

from filemanager.archives.packages.refusals import Unfit, quoted
from filemanager.domain.repositories.names import is_file_name
from filemanager.domain.repositories.package import Control, ListedFile

_SIZE = re.compile(r"[0-9]{1,15}")
_LISTS = {
    "Files": re.compile(r"[0-9a-f]{32}"),
    "Checksums-Sha1": re.compile(r"[0-9a-f]{40}"),
    "Checksums-Sha256": re.compile(r"[0-9a-f]{64}"),
}
_COLUMNS = 3

_Sums = Mapping[str, tuple[str, int]]
"""By name, a checksum and the size in bytes."""


def listed_files(control: Control, *, more_columns: int = 0) -> tuple[ListedFile, ...]:
    """What all lists of *control* say together, in the order of the first. Raises ``Unfit``.

    The lists that are there name the same files, and of the same sizes. *more_columns* stand in
    ``Files`` before a name (section and priority in a ``.changes``).
    """
    found = {
        name: _listed(name, value, _COLUMNS + (more_columns if name == "Files" else 0))
        for name in _LISTS
        if (value := control.get(name)) is not None
    }
    if not found:
        raise Unfit("it lists no files")
    sizes = [{name: size for name, (_, size) in sums.items()} for sums in found.values()]
    if any(each != sizes[0] for each in sizes):
        raise Unfit("its lists of files contradict one another")
    return tuple(_listed_file(name, size, found) for name, size in sizes[0].items())


def _listed_file(name: str, size_bytes: int, found: Mapping[str, _Sums]) -> ListedFile:
    md5, sha1, sha256 = (found[kind][name][0] if kind in found else None for kind in _LISTS)
    return ListedFile(name=name, size_bytes=size_bytes, md5=md5, sha1=sha1, sha256=sha256)


def _listed(kind: str, value: str, columns: int) -> _Sums:
    sums: dict[str, tuple[str, int]] = {}
    first, *lines = value.split("\n")
    for line in lines:
        words = line.split()
        if first or len(words) != columns:
            raise Unfit(f"a line of its field '{kind}' cannot be read")
        checksum, size, name = words[0], words[1], words[-1]
        if not (_LISTS[kind].fullmatch(checksum) and _SIZE.fullmatch(size) and is_file_name(name)):
            raise Unfit(f"a line of its field '{kind}' cannot be read")
        if name in sums:
            raise Unfit(f"its field '{kind}' names {quoted(name)} twice")
        sums[name] = (checksum, int(size))
    if not sums:
        raise Unfit(f"its field '{kind}' is empty")
    return sums
