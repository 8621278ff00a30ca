r"""Member names: what an archive's spelling becomes, and which spellings are refused.

=============================================  ==============================================
a leading ``/``                                dropped, told (``ROOT_DROPPED``), as tar and
                                               unzip do
a drive with ``/``, ``//server``,              the member is refused, on any system
``\\server``, ``..``
a segment of more than 255 bytes               shortened, told (``SHORTENED``): its beginning,
                                               eight digits of its SHA-256, its ending
a path that a tree cannot hold even then       the member is refused
``\`` in a zip made on FAT or NTFS             splits, unless the name begins with a drive
``\`` elsewhere                                a character
=============================================  ==============================================

No operating-system path is made here or from what is given out here.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.unpacking import Announcement, Member, MemberRefusal, PathChange
from filemanager.domain.trees.tree import MAX_PATH_BYTES, MAX_PATH_CHARACTERS, MAX_SEGMENT_BYTES

_SEPARATORS = re.compile(r"[/\\]")
_MAY_SAY_NOTHING = re.compile(r"(?:^|/)(?:[./]|$)")
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:/")
_OF_A_SYSTEM = re.compile(r"[/\\]{2}[^/\\]|[A-Za-z]:/")
_DRIVE = re.compile(r"[A-Za-z]:\\")
_ENDING = re.compile(r"(?:\.tar)?\.[^.]{1,16}", re.DOTALL)
_DIGEST_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member belongs; ``path`` is empty for the archive's own root (``./``)."""

    path: str
    sent_as: str = ""
    changes: tuple[PathChange, ...] = ()

    def member(self, content: Content | None, announced: Announcement | None = None) -> Member:
        return Member(self.path, content, self.sent_as, self.changes, announced)


def judge(name: str, *, is_split_by_backslashes: bool = False) -> Place | MemberRefusal:
    r"""The member's place, or why it has none.

    ``C:\x`` is one segment, which a check renames or removes. Empty and ``.`` segments are left
    out.
    """
    spelling = name
    if is_split_by_backslashes and not _DRIVE.match(name):
        spelling = name.replace("\\", "/")
    path = plain(spelling)
    if _OF_A_SYSTEM.match(name) or path.startswith("\\") or _climbs(spelling):
        return MemberRefusal.LEAVES_THE_ARCHIVE
    changes = [PathChange.ROOT_DROPPED] if spelling.startswith("/") and path else []
    if not _fits_a_tree(path):
        path = "/".join(map(_shortened, path.split("/")))
        changes.append(PathChange.SHORTENED)
        if not _fits_a_tree(path):
            return MemberRefusal.UNUSABLE_NAME
    return Place(path, name if changes else "", tuple(changes))


def plain(name: str) -> str:
    """*name* without what says nothing: a leading slash, empty segments and those of one dot.

    Where it has none of them it is *name* itself, so that no memory is taken for it twice.
    """
    if not _MAY_SAY_NOTHING.search(name):
        return name
    return "/".join(segment for segment in name.split("/") if segment not in ("", "."))


def leaves(name: str) -> bool:
    """Whether *name* is absolute or holds a ``..`` segment, on any system."""
    return bool(_ABSOLUTE.match(name)) or _climbs(name)


def _climbs(name: str) -> bool:
    return ".." in name and ".." in _SEPARATORS.split(name)


def _fits_a_tree(path: str) -> bool:
    if path.isascii() and len(path) <= MAX_SEGMENT_BYTES:
        return True
    # A tree holds paths in NFC, which may be longer or shorter than what was sent.
    path = unicodedata.normalize("NFC", path)
    return (
        len(path) <= MAX_PATH_CHARACTERS
        and len(path.encode()) <= MAX_PATH_BYTES
        and all(len(segment.encode()) <= MAX_SEGMENT_BYTES for segment in path.split("/"))
    )


def _shortened(segment: str) -> str:
    """The same for the same name, so that a directory stays one; another for another."""
    segment = unicodedata.normalize("NFC", segment)
    whole = segment.encode()
    if len(whole) <= MAX_SEGMENT_BYTES:
        return segment
    ending = _ENDING.search(segment, len(segment) - 20)
    kept = ending[0] if ending and ending.end() == len(segment) else ""
    tail = f"_{hashlib.sha256(whole).hexdigest()[:_DIGEST_CHARACTERS]}{kept}"
    room = MAX_SEGMENT_BYTES - len(tail.encode())
    return whole[:room].decode(errors="ignore") + tail
