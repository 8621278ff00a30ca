"""Member names: what an archive's spelling becomes, and which spellings are refused.

No operating-system path is made here or from what is given out here.
"""

import re
import unicodedata

from filemanager.domain.intake.unpacking import MemberRefusal
from filemanager.domain.trees.tree import MAX_PATH_CHARACTERS, MAX_SEGMENT_BYTES

_SEPARATORS = re.compile(r"[/\\]")
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:/")


def judge(name: str) -> str | MemberRefusal:
    r"""The member's path, or why it has none; empty for the archive's own root (``./``).

    Both separators are looked at, but only ``/`` splits: ``C:\x`` and ``a\b`` are one segment
    each, which a check renames. Empty and ``.`` segments are left out.
    """
    if leaves(name):
        return MemberRefusal.LEAVES_THE_ARCHIVE
    segments = [segment for segment in name.split("/") if segment not in ("", ".")]
    path = "/".join(segments)
    return path if _fits_a_tree(path) else MemberRefusal.UNUSABLE_NAME


def leaves(name: str) -> bool:
    """Whether *name* is absolute or holds a ``..`` segment, on any system."""
    if _ABSOLUTE.match(name):
        return True
    return ".." in name and ".." in _SEPARATORS.split(name)


def escaped(name: str) -> str:
    """*name* for a message: what cannot be printed is written as an escape."""
    if name.isprintable():
        return name
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in name
    )


def _fits_a_tree(path: str) -> bool:
    if path.isascii() and len(path) <= MAX_SEGMENT_BYTES:
        return True
    # A tree holds paths in NFC, which may be longer or shorter than what was sent.
    path = unicodedata.normalize("NFC", path)
    return len(path) <= MAX_PATH_CHARACTERS and all(
        len(segment.encode()) <= MAX_SEGMENT_BYTES for segment in path.split("/")
    )
