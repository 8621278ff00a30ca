"""What operating systems leave behind: hidden files and their directories (no. 1, 2, 4)."""

from collections.abc import Iterable

from filemanager.sanitize.actions import Action, Note, Remove, info, warn
from filemanager.sanitize.check import Directory, File, Tree
from filemanager.sanitize.codes import Code

_DOT = info(Code.HIDDEN_FILES_DOT, "Hidden file are not allowed.")
_LEFTOVERS = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


def remove_mac_directory(directory: Directory, _tree: Tree) -> Iterable[Action]:
    """Remove a directory called ``__MACOSX`` with everything in it.

    macOS leaves its own notes there. At any depth: the original meant to, but knew names at
    the top only.
    """
    if directory.name != "__MACOSX":
        return ()
    message = "Removed '__MACOSX' directory."
    return (
        warn(Code.HIDDEN_FILES, message, persistent=False),
        Remove(message, Code.HIDDEN_FILES),
    )


def remove_hidden_directory(directory: Directory, _tree: Tree) -> Iterable[Action]:
    """Remove a directory whose name begins with a dot, with everything in it.

    Tools keep their state there. At the top only, as the original.
    """
    if not directory.path.startswith("."):
        return ()
    return _removed(directory.name) if directory.is_top else ()


def remove_hidden_file(file: File, _tree: Tree) -> Iterable[Action]:
    """Remove a file whose name begins with a dot, or the first segment of its path.

    No source reads such a file; editors and version control leave them behind.
    """
    return _removed(file.name) if file.name.startswith(".") or file.path[0] == "." else ()


def note_processed_directory(directory: Directory, _tree: Tree) -> Iterable[Action]:
    """Warn of a directory called ``processed``.

    It may hold what a program made of the sources, and only its owner knows.
    """
    if directory.name != "processed":
        return ()
    message = "Detected 'processed' directory. Please check."
    return (warn(Code.PROCESSED_DIRECTORY, message, persistent=True),)


def remove_leftovers(file: File, _tree: Tree) -> Iterable[Action]:
    """Remove ``.DS_Store``, ``Thumbs.db``, ``desktop.ini`` and what begins with ``._``, in any
    case.

    Only what systems write unasked; other hidden files may be part of the data.
    """
    if file.lowered not in _LEFTOVERS and not file.name.startswith("._"):
        return ()
    message = f"Removed file '{file.name}': an operating system's own notes."
    return info(Code.HIDDEN_FILES, message), Remove(message, Code.HIDDEN_FILES)


def _removed(name: str) -> tuple[Note, Remove]:
    return _DOT, Remove(f"Removed file '{name}' [File not allowed].", Code.HIDDEN_FILES_DOT)
