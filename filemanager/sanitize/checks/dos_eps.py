"""DOS EPS: PostScript and a TIFF preview in one binary file (no. 30)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import TreePath
from filemanager.sanitize.actions import Action, Keep, Replace, warn
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.codes import Code
from filemanager.sanitize.pieces import assembled
from filemanager.sanitize.portable import storable

_HEADER = struct.Struct("<4xiiiiii")
"""After the mark: offset and length of the PostScript, of a metafile, of the TIFF."""

_POSTSCRIPT = b"%!PS-"
_LEADING = warn(
    Code.LEADING_TIFF_PREVIEW_STRIPPED, "Leading TIFF preview stripped.", persistent=True
)
_TRAILING = warn(
    Code.TRAILING_TIFF_PREVIEW_STRIPPED, "Trailing TIFF preview stripped.", persistent=True
)
_FAILED = warn(Code.STRIP_PREVIEW_FAILED, "Failed to strip TIFF preview", persistent=True)


@dataclass(frozen=True, slots=True)
class _Stripped:
    content: Content
    was_trailing: bool


def strip_tiff_preview(file: File, _tree: Tree) -> Iterator[Action]:
    """Cut the TIFF preview off a DOS EPS file.

    Only the PostScript is of use, and the file as sent is kept among the removed ones. The kind
    stays DOS EPS, as in the original: such a file is no submission by itself.
    """
    if file.kind is not FileKind.DOS_EPS or file.kept_by_owner:
        return
    result = file.once(without_tiff)
    if result is None:
        yield _FAILED
        return
    yield Replace(result.content, _LEADING.code, _LEADING.message)
    yield _LEADING
    if result.was_trailing:
        yield _TRAILING
    yield _kept_original(file, is_told=result.was_trailing)


def without_tiff(content: Content, scratch: Scratch) -> _Stripped | None:
    """The PostScript alone; None where the header names no two parts, or no PostScript is there.

    A TIFF in front leaves everything behind it, one behind is where the file is cut.
    """
    head = content.head(_HEADER.size)
    if len(head) < _HEADER.size:
        return None
    start, length, _, _, tiff, tiff_length = _HEADER.unpack(head)
    if min(start, length, tiff, tiff_length) <= 0 or not _is_postscript(content, start):
        return None
    stop = tiff if tiff > start else content.size_bytes
    return _Stripped(assembled(content, scratch, [(start, stop)]), tiff > start)


def _is_postscript(content: Content, start: int) -> bool:
    with content.open() as reader:
        reader.seek(start)
        return reader.read(len(_POSTSCRIPT)) == _POSTSCRIPT


def _kept_original(file: File, *, is_told: bool) -> Keep:
    """Among the removed files: in the source, as the original had it, it would count as one.

    The original told of a preview behind the PostScript alone.
    """
    backup = TreePath.parse(storable(f"{file.path}.original", in_source=False))
    message = (
        f"Modified file {file.public_path}.Saving original to"
        f" {public_path(file.area, backup)}.You may delete this file."
    )
    reason = f"The original of '{file.name}', whose TIFF preview was stripped."
    notes = (warn(Code.BACKUP_FILE, message, persistent=False),) if is_told else ()
    return Keep(backup, file.content, reason, Code.BACKUP_FILE, notes)
