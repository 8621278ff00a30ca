"""Guess the kind of a file: by its name, its first kilobyte, its lines (no. 21)."""

from collections.abc import Iterable
from sys import intern

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.actions import Action, Classify
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.kinds.binary import is_known_format, is_text, is_written
from filemanager.sanitize.kinds.by_bytes import HEAD_BYTES, kind_of_bytes
from filemanager.sanitize.kinds.by_lines import kind_of_lines
from filemanager.sanitize.kinds.by_name import is_called_postscript, kind_of_name
from filemanager.sanitize.kinds.programs import is_program, opens_as

_BINARY_TOO = frozenset({FileKind.FAILED, FileKind.POSTSCRIPT, FileKind.PS_FONT})
"""Kinds by lines that a file with any bytes may have."""


def guess_kind(file: File, _tree: Tree) -> Iterable[Action]:
    """Tell the kind of a file by its name, its first kilobyte, its lines; the first hit wins.

    Says nothing itself; every check below goes by the kind.
    """
    if file.kind is not FileKind.UNKNOWN:
        return ()
    return (Classify(guessed(file)),)


def guessed(file: File) -> FileKind:
    """The kind that *file* would be given if it came now; first hit wins."""
    by_name = kind_of_name(file.name)
    if by_name is FileKind.HTML and not file.once(is_text):
        return FileKind.FAILED
    if by_name:
        return by_name
    if not file.content.size_bytes:
        return FileKind.IGNORE
    return file.once(kind_of_content, ending_of(file))


def ending_of(file: File) -> str:
    """In lower case with its full stop, or empty."""
    _, dot, ending = file.lowered.rpartition(".")
    # What was guessed by it is remembered with it, and of thousands of files most have the same.
    return intern(dot + ending) if dot else ""


def kind_of_content(content: Content, _scratch: Scratch, ending: str) -> FileKind:
    """What is no text has no kind of a text, whatever words are in it."""
    head = content.head(HEAD_BYTES)
    kind = kind_of_bytes(head, ending)
    if is_program(head, ending):
        return kind if kind and opens_as(kind, head) else FileKind.FAILED
    if kind and kind is not FileKind.MAC:
        return kind
    if is_known_format(head):
        return FileKind.FAILED
    kind = kind or kind_of_lines(content, is_called_postscript=is_called_postscript(ending))
    return kind if kind in _BINARY_TOO or is_written(content) else FileKind.FAILED
