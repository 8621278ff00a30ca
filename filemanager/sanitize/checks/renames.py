"""The two ways to rename: to a free name whatever it takes, or only where the name is free."""

from collections.abc import Iterator

from filemanager.domain.trees.tree import TreePath
from filemanager.sanitize.actions import Action, Rename, warn
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.codes import Code
from filemanager.sanitize.portable import sibling_path


def renamed_somehow(file: File, tree: Tree, wanted: str, code: Code, text: str) -> Iterator[Action]:
    """Rename to *wanted*, or to a numbered sibling where that name is taken.

    *text* has places for ``old`` and ``new``.
    """
    to = tree.free_path(file.area, wanted)
    yield Rename(to, code)
    yield warn(code, text.format(old=file.name, new=to.name), persistent=False)
    if to != wanted:
        asked = wanted.rpartition("/")[2]
        message = f"The name '{asked}' could not be given to '{file.name}'; it is '{to.name}' now."
        yield warn(Code.NAME_COLLISION, message, persistent=False)


def renamed_if_free(
    file: File, tree: Tree, name: str, code: Code, text: str | None
) -> Iterator[Action]:
    """Rename within the directory, unless a file or directory of that name is there."""
    wanted = sibling_path(file.path, name)
    if not tree.is_free(file.area, wanted):
        message = f"'{file.name}' was not renamed to '{name}', since that exists already."
        yield warn(Code.RENAME_CONFLICT, message, persistent=True)
        return
    yield Rename(TreePath.parse(wanted), code)
    if text:
        yield warn(code, text.format(old=file.name, new=name), persistent=False)
