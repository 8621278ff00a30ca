"""Files without bytes (no. 3)."""

from collections.abc import Iterable

from filemanager.sanitize.actions import Action, Remove, info
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.codes import Code


def remove_empty(file: File, _tree: Tree) -> Iterable[Action]:
    """Remove a file without bytes.

    It says nothing, and every check below may trust that there is something to read.
    """
    if file.content.size_bytes:
        return ()
    message = f"Removed file '{file.name}' [file is empty]."
    return info(Code.ZERO_LENGTH, message), Remove(message, Code.ZERO_LENGTH)
