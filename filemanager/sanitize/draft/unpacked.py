"""Names and notes of what came out of an archive, or did not."""

from filemanager.domain.intake.unpacking import (
    ArchiveRefused,
    Member,
    MemberRefusal,
    PathChange,
    RefusedMember,
)
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.actions import Note, fatal, warn
from filemanager.sanitize.check import File
from filemanager.sanitize.checks.archives import TARS
from filemanager.sanitize.codes import Code
from filemanager.sanitize.draft.pending import Pending

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
    if not is_recognised and file.kind in TARS - {FileKind.COMPRESSED}:
        message = f"Unable to read tar '{file.name}': not a tar file"
        return fatal(Code.TAR_FILE_UNREADABLE, message)
    if refusal is None and file.kind is not FileKind.ZIP:
        return None
    message = (
        f"There were problems unpacking '{file.name}'. Please try again and confirm your files."
        f" Error: {refusal.detail if refusal else 'File is not a zip file'}"
    )
    return warn(Code.UNPACK_ERROR, message, persistent=True)


def trailing_note(archive: Pending, trailing_bytes: int) -> Note:
    name = escaped(archive.path.name)
    message = (
        f"{trailing_bytes} bytes behind the end of the compressed data in '{name}' were left out."
    )
    return warn(Code.TRAILING_BYTES, message, persistent=False)


_CHANGES = {
    PathChange.ROOT_DROPPED: "begins with '/'",
    PathChange.SHORTENED: "is too long",
}


def change_note(member: Member, newcomer: Pending) -> Note:
    """A reader gave the member another path."""
    why = " and ".join(_CHANGES[change] for change in member.changes)
    message = (
        f"The path '{escaped(member.sent_as)}' in '{escaped(newcomer.source)}' {why}."
        f" The file is '{escaped(newcomer.public_path)}' now."
    )
    return warn(Code.MEMBER_PATH_CHANGED, message, persistent=False)


def member_note(member: RefusedMember) -> Note:
    message = f"{_REFUSED[member.refusal]} are not allowed. Removing '{escaped(member.path)}'"
    return warn(Code.CONTAINS_DISALLOWED_FILES, message, persistent=False)
