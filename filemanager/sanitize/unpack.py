"""Which files are archives to take apart (no. 35, 36), and what is said when one is not."""

import re
from collections.abc import Iterable

from filemanager.domain.kinds import FileKind
from filemanager.domain.unpacking import ArchiveRefused, MemberRefusal, RefusedMember
from filemanager.sanitize.actions import Action, Note, Unpack, fatal, warn
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.codes import Code

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


def form_name(kind: FileKind, compression: str) -> str:
    """What the original's log calls an archive."""
    if kind is FileKind.ZIP:
        return "zip"
    return "gzipped" if compression == "gzip" else compression or "tar"


def decompressed_name(name: str) -> str:
    """Without the ending of a compression, if there is one."""
    ending = next((one for one in _COMPRESSED_ENDINGS if name.lower().endswith(one)), "")
    return name[: len(name) - len(ending)] or name


def refusal_note(file: File, refusal: ArchiveRefused | None) -> Note | None:
    """Why an archive stays as it is; ``None`` as *refusal*: its bytes are no archive."""
    is_recognised = refusal is not None and refusal.is_recognised
    if not is_recognised and file.kind in _TARS - {FileKind.COMPRESSED}:
        message = f"Unable to read tar '{file.name}': not a tar file"
        return fatal(Code.TAR_FILE_UNREADABLE, message)
    if refusal is None and file.kind is not FileKind.ZIP:
        return None
    message = (
        f"There were problems unpacking '{file.name}'. Please try again and confirm your files."
        f" Error: {refusal.detail if refusal else 'File is not a zip file'}"
    )
    return warn(Code.UNPACK_ERROR, message, persistent=True)


def member_note(member: RefusedMember) -> Note:
    message = f"{_REFUSED[member.refusal]} are not allowed. Removing '{member.path}'"
    return warn(Code.CONTAINS_DISALLOWED_FILES, message, persistent=False)
