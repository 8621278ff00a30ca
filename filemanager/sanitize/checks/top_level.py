"""A directory that holds everything is dissolved (no. 37)."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from filemanager.domain.trees.areas import ANCILLARY_DIRECTORY
from filemanager.sanitize.actions import LiftUp, TreeAction
from filemanager.sanitize.check import Tree


def remove_top_level_directory(tree: Tree) -> Iterator[TreeAction]:
    """Dissolve a directory that holds the whole source, and the next one inside.

    Archives are often made of a directory. Ancillary files do not count; where nothing is in
    the source, nothing happens.
    """
    if tree.is_one_directory():
        yield plan(tree.source_paths())


def plan(paths: Sequence[str]) -> LiftUp:
    """What goes when directories are dissolved until none holds everything.

    An ``anc/`` that comes to the top on the way becomes ancillary, and what is left is looked at
    alone. All is planned before anything moves: a hostile tree is hundreds of levels deep.
    """
    left, prefix = sorted(paths), ""
    directories: list[str] = []
    ancillary: dict[str, str] = {}
    while left and (directory := _sole_directory(left, len(prefix))):
        prefix = f"{prefix}{directory}/"
        directories.append(directory)
        if left[0] == prefix:
            del left[0]
        inner = f"{prefix}{ANCILLARY_DIRECTORY}/"
        start, stop = bisect_left(left, inner), bisect_left(left, f"{inner[:-1]}0")
        ancillary.update((path, path.removeprefix(inner)) for path in left[start:stop])
        del left[start:stop]
    return LiftUp(prefix, tuple(directories), ancillary)


def _sole_directory(paths: list[str], length: int) -> str | None:
    """The first and the last in order share their directory only if all between them do."""
    first, slash, _ = paths[0][length:].partition("/")
    return first if slash and paths[-1][length:].startswith(f"{first}/") else None
