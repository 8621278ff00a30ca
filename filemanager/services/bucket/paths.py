"""Where things lie below the door's address, and in the export tree."""

import re

from filemanager.domain.bucket.drop import NothingLeftOfName, NotInBucket
from filemanager.domain.bucket.replication import safe_name
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import TreePath

BLOB = "blob"
EXPLODE = "explode"
REPLICA = "replica"

_CHECKSUM = re.compile(r"[0-9a-f]{8,128}")


def sharded(kind: str, checksum: str) -> str:
    """Give ``blob/1d/8d/1d8d…`` for the kind ``blob``."""
    return f"{kind}/{checksum[:2]}/{checksum[2:4]}/{checksum}"


def parse_checksum(text: str) -> str:
    """Lower-case hex digits; raises ``NotInBucket`` for what no checksum can be."""
    if not _CHECKSUM.fullmatch(text.lower()):
        raise NotInBucket
    return text.lower()


def ensure_sharded(first: str, second: str, checksum: str) -> None:
    """Raise ``NotInBucket`` where the directories are not those of the checksum."""
    if (first.lower(), second.lower()) != (checksum[:2].lower(), checksum[2:4].lower()):
        raise NotInBucket


def path_from(name: str) -> TreePath:
    """The relative path that a form's file name stands for, with its directories.

    What no path can hold is left out of it. Raises ``NothingLeftOfName``, and ``PathRefused`` for
    one that is too long.
    """
    relative = name.replace("\\", "/").lstrip("/").removeprefix("./")
    try:
        return TreePath.parse(relative)
    except PathRefused:
        cleaned = [safe_name(segment) for segment in relative.split("/")]
    kept = "/".join(segment for segment in cleaned if segment)
    if not kept:
        raise NothingLeftOfName(name)
    return TreePath.parse(kept)
