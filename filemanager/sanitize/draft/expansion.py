"""Putting the members of an archive in its place."""

from filemanager.domain.intake.unpacking import ArchiveForm, Member, MemberRefusal, Unpacked
from filemanager.domain.trees.areas import public_path
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.actions import Unpack, warn
from filemanager.sanitize.check import File
from filemanager.sanitize.codes import Code
from filemanager.sanitize.draft.draft import Draft
from filemanager.sanitize.draft.left_out import left_out_notes
from filemanager.sanitize.draft.pending import Pending
from filemanager.sanitize.draft.unpacked import (
    change_note,
    decompressed_name,
    form_name,
    member_note,
    refusal_note,
    trailing_note,
)
from filemanager.sanitize.portable import sibling_path


def expand(draft: Draft, archive: Pending, file: File, action: Unpack) -> None:
    """Unpack, or say why not; then the archive stays as it is.

    Raises ``OverBudget``.
    """
    draft.left_out.came(archive)
    found = file.workshop.unpack(file.content, archive.origin, archive.depth + 1)
    if not isinstance(found, Unpacked):
        if note := refusal_note(file, found):
            archive.add_note(note)
        return
    if found.form is not ArchiveForm.SINGLE:
        _take_apart(draft, archive, found)
    elif action.single:
        _decompress(draft, archive, found)


def _take_apart(draft: Draft, archive: Pending, found: Unpacked) -> None:
    name, path = escaped(archive.path.name), escaped(archive.public_path)
    form = form_name(archive.kind, found.compression)
    directory = escaped(public_path(archive.area, archive.path).rpartition("/")[0])
    subject = name if found.form is ArchiveForm.ZIP else path
    draft.log.tell("unpack", f"***** unpack {form} {subject} to dir: {directory}")
    _tell_what_is_left_out(draft, archive, found)
    if found.refused and all(member.content is None for member in found.members):
        archive.notes.extend(left_out_notes(archive, found.refused))
        return
    draft.overlay.pending.take(archive)
    if found.refused:
        draft.left_out.say(archive, left_out_notes(archive, found.refused))
    _place_members(draft, archive, found.members)
    draft.log.tell("removed_packed_file", f"Removed packed file '{name}'.")
    draft.alterations.unpacked(archive, Code.UNPACKED)
    _put_away(draft, archive, is_kept=bool(found.refused))
    draft.overlay.unpacked_any = True


def _tell_what_is_left_out(draft: Draft, archive: Pending, found: Unpacked) -> None:
    archive.notes.extend(dict.fromkeys(member_note(refused) for refused in found.refused))
    line = f"Member of file {escaped(archive.path.name)} tried to escape workspace."
    for refused in found.refused:
        if refused.refusal is MemberRefusal.LEAVES_THE_ARCHIVE:
            draft.log.tell("member_escaped", line)
    if found.trailing_bytes:
        archive.add_note(trailing_note(archive, found.trailing_bytes))


def _put_away(draft: Draft, archive: Pending, *, is_kept: bool) -> None:
    """The bytes of an archive that was not taken whole are kept among the removed files."""
    archive.code = Code.UNPACKED
    if is_kept:
        archive.code = Code.MEMBERS_LEFT_OUT
        archive.reason = f"Unpacked '{escaped(archive.path.name)}', but not all that is in it."
        draft.alterations.name(archive.content)
    draft.removed.append(archive)


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
            as_sent=member.sent_as or public_path(archive.area, wanted),
            origin=f"{archive.origin}/{number}",
            depth=archive.depth + 1,
        )
        draft.place(newcomer, archive.area, wanted)
        if member.changes and draft.overlay.pending.holds(newcomer):
            _tell_of_another_path(draft, newcomer, member)


def _tell_of_another_path(draft: Draft, newcomer: Pending, member: Member) -> None:
    note = change_note(member, newcomer)
    newcomer.add_note(note)
    if not newcomer.was_renamed:
        newcomer.was_renamed = True
        draft.alterations.renamed(escaped(newcomer.as_sent), newcomer, note.code)


def _decompress(draft: Draft, archive: Pending, found: Unpacked) -> None:
    """In place; where the shorter name is taken, the file stays as it was sent."""
    member = found.members[0]
    wanted = sibling_path(archive.path, decompressed_name(archive.path.name))
    if wanted != archive.path and not draft.overlay.is_free(archive.area, wanted):
        _say_taken(archive, wanted)
        return
    if member.content is None or _was_refused_a_name(archive):
        return
    if found.trailing_bytes:
        archive.add_note(trailing_note(archive, found.trailing_bytes))
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
    draft.log.tell("decompress", f"Decompressed '{before}' to '{after}'.")


def _say_taken(archive: Pending, wanted: str) -> None:
    name = wanted.rpartition("/")[2]
    message = f"'{archive.path.name}' was not decompressed to '{name}', since that exists already."
    archive.add_note(warn(Code.RENAME_CONFLICT, message, persistent=True))


def _was_refused_a_name(archive: Pending) -> bool:
    return any(note.code == Code.RENAME_CONFLICT for note in archive.notes)
