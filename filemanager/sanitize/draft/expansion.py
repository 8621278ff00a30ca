"""Putting the members of an archive in its place."""

from filemanager.domain.intake.unpacking import ArchiveForm, Member, MemberRefusal, Unpacked
from filemanager.domain.trees.areas import public_path
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.actions import Unpack, warn
from filemanager.sanitize.check import File
from filemanager.sanitize.codes import Code
from filemanager.sanitize.draft.draft import Draft
from filemanager.sanitize.draft.pending import Pending
from filemanager.sanitize.draft.unpacked import (
    decompressed_name,
    form_name,
    member_note,
    refusal_note,
)
from filemanager.sanitize.portable import sibling_path


def expand(draft: Draft, archive: Pending, file: File, action: Unpack) -> None:
    """Unpack, or say why not; then the archive stays as it is.

    Raises ``OverBudget``.
    """
    found = file.workshop.unpack(file.content, archive.origin, archive.depth + 1)
    if not isinstance(found, Unpacked):
        if note := refusal_note(file, found):
            archive.add_note(note)
        return
    if found.form is not ArchiveForm.SINGLE:
        _take_apart(draft, archive, found)
    elif action.single:
        _decompress(draft, archive, found.members[0])


def _take_apart(draft: Draft, archive: Pending, found: Unpacked) -> None:
    name, path = escaped(archive.path.name), escaped(archive.public_path)
    form = form_name(archive.kind, found.compression)
    directory = escaped(public_path(archive.area, archive.path).rpartition("/")[0])
    subject = name if found.form is ArchiveForm.ZIP else path
    draft.log.append(("unpack", f"***** unpack {form} {subject} to dir: {directory}"))
    for refused in found.refused:
        archive.add_note(member_note(refused))
        if refused.refusal is MemberRefusal.LEAVES_THE_ARCHIVE:
            line = f"Member of file {name} tried to escape workspace."
            draft.log.append(("member_escaped", line))
    draft.overlay.pending.take(archive)
    _place_members(draft, archive, found.members)
    draft.log.append(("removed_packed_file", f"Removed packed file '{name}'."))
    draft.alterations.unpacked(archive, Code.UNPACKED)
    archive.code = Code.UNPACKED
    draft.removed.append(archive)
    draft.overlay.unpacked_any = True


def _place_members(draft: Draft, archive: Pending, members: tuple[Member, ...]) -> None:
    for number, member in enumerate(members):
        wanted = sibling_path(archive.path, member.path)
        if member.content is None:
            draft.place_directory(archive.area, wanted)
            continue
        newcomer = Pending(
            area=archive.area,
            path=archive.path,
            content=member.content,
            source=archive.public_path,
            as_sent=public_path(archive.area, wanted),
            origin=f"{archive.origin}/{number}",
            depth=archive.depth + 1,
        )
        draft.place(newcomer, archive.area, wanted)


def _decompress(draft: Draft, archive: Pending, member: Member) -> None:
    """In place; where the shorter name is taken, the file stays as it was sent."""
    wanted = sibling_path(archive.path, decompressed_name(archive.path.name))
    if wanted != archive.path and not draft.overlay.is_free(archive.area, wanted):
        _say_taken(archive, wanted)
        return
    if member.content is None or _was_refused_a_name(archive):
        return
    file = Pending(
        area=archive.area,
        path=archive.path,
        content=member.content,
        source=archive.source,
        as_sent=archive.as_sent,
        origin=f"{archive.origin}/0",
        depth=archive.depth + 1,
        kept_by_owner=archive.kept_by_owner,
        was_renamed=archive.was_renamed or wanted != archive.path,
        notes=archive.notes,
    )
    draft.overlay.pending.take(archive)
    draft.place(file, archive.area, wanted)
    draft.alterations.unpacked(archive, Code.UNPACKED, file)
    before, after = escaped(archive.public_path), escaped(file.public_path)
    draft.log.append(("decompress", f"Decompressed '{before}' to '{after}'."))


def _say_taken(archive: Pending, wanted: str) -> None:
    name = wanted.rpartition("/")[2]
    message = f"'{archive.path.name}' was not decompressed to '{name}', since that exists already."
    archive.add_note(warn(Code.RENAME_CONFLICT, message, persistent=True))


def _was_refused_a_name(archive: Pending) -> bool:
    return any(note.code == Code.RENAME_CONFLICT for note in archive.notes)
