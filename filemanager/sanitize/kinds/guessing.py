"""Guess the kind of a file: by its name, its first kilobyte, its lines (no. 21)."""

from collections.abc import Iterable

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.actions import Action, Classify
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.kinds.by_bytes import HEAD_BYTES, kind_of_bytes
from filemanager.sanitize.kinds.by_lines import kind_of_lines
from filemanager.sanitize.kinds.by_name import kind_of_name


def guess_kind(file: File, _tree: Tree) -> Iterable[Action]:
    """Tell the kind of a file by its name, its first kilobyte, its lines; the first hit wins.

    Says nothing itself; every check below goes by the kind.
    """
    if file.kind is not FileKind.UNKNOWN:
        return ()
    return (Classify(guessed(file)),)


def guessed(file: File) -> FileKind:
    """The kind that *file* would be given if it came now; first hit wins."""
    if by_name := kind_of_name(file.name):
        return by_name
    if not file.content.size_bytes:
        return FileKind.IGNORE
    return file.once(kind_of_content, ending_of(file))


def ending_of(file: File) -> str:
    """In lower case with its full stop, or empty."""
    _, dot, ending = file.lowered.rpartition(".")
    return dot + ending if dot else ""


def kind_of_content(content: Content, _scratch: Scratch, ending: str) -> FileKind:
    return kind_of_bytes(content.head(HEAD_BYTES), ending) or kind_of_lines(content)
