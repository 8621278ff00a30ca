"""Names that mean the same everywhere, and paths that a tree can hold made from any text."""

import re
import unicodedata

from filemanager.domain.trees.areas import ANCILLARY_DIRECTORY
from filemanager.domain.trees.tree import MAX_PATH_BYTES, MAX_PATH_CHARACTERS, MAX_SEGMENT_BYTES

_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?: *[.:]|$)", re.IGNORECASE
)
_SUSPICIOUS = re.compile(r"[^\x21-\x7e]|[. ](?:/|$)|//|[^/]{256}")
"""Where nothing of this is found, a path is storable; to tell takes a tenth of the time."""

_LONGEST_ENDING = 32
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def portable(segment: str) -> str:
    """*segment* without unseen characters, trailing dots and blanks."""
    clean = segment
    if not (clean.isascii() and clean.isprintable()):
        clean = "".join("_" if _is_unseen(c) else c for c in clean)
    if clean[-1:] in (".", " "):
        kept = clean.rstrip(". ")
        clean = kept + "_" * (len(clean) - len(kept))
    return clean


def is_reserved(segment: str) -> bool:
    """Whether Windows takes the name, whatever its ending, for a device."""
    return _DEVICE.match(segment) is not None


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN_CATEGORIES


def storable(path: str, *, in_source: bool) -> str:
    """*path* with portable directories, short enough, and its last segment one a tree can hold.

    The last segment is left to the checks where a tree can hold it, since they have their own
    words for it.
    """
    is_ancillary = in_source and path.partition("/")[0] == ANCILLARY_DIRECTORY
    if len(path) <= MAX_PATH_CHARACTERS and not is_ancillary and not _SUSPICIOUS.search(path):
        return path
    *directories, name = unicodedata.normalize("NFC", path).split("/")
    segments = [_cut(portable(directory)) for directory in directories if directory]
    name = "".join("_" if unicodedata.category(c) in ("Cc", "Cs") else c for c in name)
    segments.append(_cut(name if name.strip(".") else "_" * max(1, len(name))))
    first, slash, rest = fitting("/".join(segments)).partition("/")
    if in_source and first == ANCILLARY_DIRECTORY:
        first += "_1"
    return fitting(f"{first}{slash}{rest}")


def fitting(path: str) -> str:
    """*path* without outer directories as long as it is too long for a tree."""
    while len(path) > MAX_PATH_CHARACTERS or len(path.encode()) > MAX_PATH_BYTES:
        path = path.partition("/")[2]
    return path


def numbered(path: str, number: int) -> str:
    """``fig/a.png`` as ``fig/a_1.png``, cut where the name would grow too long."""
    parent, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > _LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    room = MAX_SEGMENT_BYTES - len(f"_{number}{dot}{ending}".encode())
    stem = stem.encode()[: max(1, room)].decode(errors="ignore")
    return f"{parent}{slash}{stem}_{number}{dot}{ending}"


def _cut(segment: str) -> str:
    """At most as many bytes as a segment may have, the ending kept."""
    if len(segment.encode()) <= MAX_SEGMENT_BYTES:
        return segment
    stem, dot, ending = segment.rpartition(".")
    kept = f"{dot}{ending}".encode()[-_LONGEST_ENDING:]
    return (stem.encode()[: MAX_SEGMENT_BYTES - len(kept)] + kept).decode(errors="ignore")


def sibling_path(path: str, name: str) -> str:
    """The path of *name* in the directory of *path*."""
    parent = path.rpartition("/")[0]
    return f"{parent}/{name}" if parent else name
