"""Which files are archives to take apart (no. 35, 36), and what is said when one is not."""

import re
from collections.abc import Iterable

from filemanager.domain.intake.unpacking import MemberRefusal
from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.actions import Action, Unpack
from filemanager.sanitize.check import File, Tree

_TARS = frozenset({FileKind.TAR, FileKind.GZIPPED, FileKind.BZIP2, FileKind.COMPRESSED})
_OTHER_COMPRESSIONS = (b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
"""xz and Zstandard, for which the original has no kind."""

_TAR_NAME = re.compile(r"\.tar(?:\.[a-z0-9]+)?$|\.t(?:gz|az|bz2?|xz|zst)$")
_COMPRESSED_ENDINGS = (".gz", ".bz2", ".xz", ".zst", ".z")

_REFUSED = {
    MemberRefusal.SYMBOLIC_LINK: "Symbolic links",
    MemberRefusal.HARD_LINK: "Hard links",
    MemberRefusal.CHARACTER_DEVICE: "Character devices",
    MemberRefusal.BLOCK_DEVICE: "Block devices",
    MemberRefusal.FIFO: "FIFO devices",
    MemberRefusal.SPARSE: "Sparse files",
    MemberRefusal.OTHER_TYPE: "Special files",
    MemberRefusal.LEAVES_THE_ARCHIVE: "Paths that leave the archive",
    MemberRefusal.UNUSABLE_NAME: "Unusable names",
}


def unpack_tar(file: File, _tree: Tree) -> Iterable[Action]:
    """Take apart a tar, plain or compressed; decompress a single file in place.

    All of an archive is taken or nothing, but for members that are no files. Behind every
    other check, so that an archive goes through them before its members do.
    """
    return (Unpack(single=True),) if file.unpack and _is_tar(file) else ()


def unpack_tar_only(file: File, _tree: Tree) -> Iterable[Action]:
    """Take apart a tar, plain or compressed, if it is called so.

    Compressed data sets stay compressed. What is not called a tar is not looked into: a large
    one would exhaust the upload's budget.
    """
    is_called_tar = file.kind is FileKind.TAR or _TAR_NAME.search(file.lowered)
    return (Unpack(single=False),) if file.unpack and is_called_tar and _is_tar(file) else ()


def unpack_zip(file: File, _tree: Tree) -> Iterable[Action]:
    """Take apart a zip.

    All of an archive is taken or nothing, but for members that are no files.
    """
    if file.kind is not FileKind.ZIP or not file.unpack:
        return ()
    return (Unpack(single=False),)


def _is_tar(file: File) -> bool:
    return file.kind in _TARS or file.content.head(6).startswith(_OTHER_COMPRESSIONS)
