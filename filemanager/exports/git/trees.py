"""Trees of a branch, from its files in the order of their paths."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from filemanager.exports.git.objects import GitKind, GitMode, TreeEntry, id_of


@dataclass(frozen=True, slots=True)
class MadeTree:
    id: bytes
    content: bytes


@dataclass(slots=True)
class _Open:
    name: bytes
    content: bytearray = field(default_factory=bytearray)


class GrowingTrees:
    """Give it files by path in byte order, which is git's own: there a directory is compared with a
    slash behind its name.

    What is held are the entries of the directories that are open.
    """

    def __init__(self) -> None:
        self._open = [_Open(b"")]

    def add(self, path: bytes, mode: GitMode, blob: bytes) -> Iterator[MadeTree]:
        """The trees that end in front of this file."""
        *directories, name = path.split(b"/")
        shared = self._shared(directories)
        while len(self._open) - 1 > shared:
            yield self._closed()
        self._open += [_Open(directory) for directory in directories[shared:]]
        self._open[-1].content += TreeEntry(name, mode, blob).line

    def end(self) -> Iterator[MadeTree]:
        """The trees that are left, the root last."""
        while self._open:
            yield self._closed()

    def _shared(self, directories: list[bytes]) -> int:
        """How many directories of a path are open."""
        count = 0
        for directory, opened in zip(directories, self._open[1:], strict=False):
            if directory != opened.name:
                break
            count += 1
        return count

    def _closed(self) -> MadeTree:
        last = self._open.pop()
        content = bytes(last.content)
        tree = MadeTree(id_of(GitKind.TREE, len(content), [content]), content)
        if self._open:
            self._open[-1].content += TreeEntry(last.name, GitMode.TREE, tree.id).line
        return tree
