"""What checks ask of a tree that is not empty does not grow with the files of an upload.

From 64 questions on the tree is read once: fewer cost less than that.
"""

from collections.abc import Iterator

import pytest

from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.services.workspaces.life import Wishes, WorkspaceService
from unit.sanitize.archives import TEX, a_tar
from unit.sanitize.examples import EXAMPLES, Example
from worlds.questions import questions
from worlds.stored import ALICE, ROOM, World

OF_CHECKS = {
    f"{example.check.__name__} {example.profile.name}": example
    for example in EXAMPLES
    if example.check is not None and isinstance(example.unpacker, ArchiveUnpacker)
}
"""One example of each check."""


def asked_for(world: World, example: Example, count: int) -> int:
    """Statements for the example so many times, each in a directory, into a tree with files."""
    service = WorkspaceService(world.database, ROOM, world.clock)
    workspace = service.create(ALICE, Wishes(profile=example.profile.name)).id
    world.upload(workspace, {"here.tex": TEX, "d0/there.tex": TEX})
    files = {
        f"d{number}/{name}": data for number in range(count) for name, data in example.files.items()
    }
    with questions() as asked:
        world.send(workspace, "all.tar", a_tar(files), unpack=True)
    return len(asked)


@pytest.mark.parametrize("name", OF_CHECKS)
def test_a_check_asks_as_much_for_many_files_as_for_a_few(
    worlds: Iterator[World], name: str
) -> None:
    example = OF_CHECKS[name]

    few, more, many = (asked_for(next(worlds), example, count) for count in (36, 72, 144))

    # Rows go to the database many at a time.
    assert few <= more <= many < few + 3
