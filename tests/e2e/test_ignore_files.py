"""Git itself, and our reading of its ignore files, leave out the same."""

import os
import random
import subprocess
from pathlib import Path

import pytest

from filemanager.client.folders.choosing import Choice, choose

pytestmark = pytest.mark.e2e

TREES = 25
NAMES = ("a", "b", "foo", "bar.tex", "x.log", "build", "a b")
SEGMENTS = (
    *("*", "**", "?", "a", "b", "foo", "*.log", "[ab]", "[!a]", "f*", "bar.*", "build"),
    *("a b", "\\a", "a*b", "**o", "*.", "..", "[z-a]", "[a", "a\\", "#a", "\\#a", "\\!a"),
)


def a_line(chance: random.Random) -> str:
    path = "/".join(chance.choices(SEGMENTS, k=chance.choice([1, 1, 1, 2, 2, 3])))
    first, last = chance.choice(["", "", "/"]), chance.choice(["", "", "/"])
    return f"{chance.choice(['', '', '!'])}{first}{path}{last}{chance.choice(['', '', ' '])}\n"


def grow(root: Path, chance: random.Random) -> None:
    """A tree of folders and files, with ignore files in some of its folders."""
    folders = [root]
    for _ in range(8):
        folder = chance.choice(folders) / chance.choice(NAMES)
        folder.mkdir(exist_ok=True)
        folders.append(folder)
    for _ in range(25):
        place = chance.choice(folders) / chance.choice(NAMES)
        if not place.exists():
            place.touch()
    for folder in [root, *chance.choices(folders, k=3)]:
        lines = [a_line(chance) for _ in range(chance.choice([1, 2, 4]))]
        (folder / ".gitignore").write_text("".join(lines))


def kept_by_git(root: Path) -> set[str]:
    """But for dot files, which git keeps."""
    subprocess.run(["git", "init", "-q", root], check=True)
    words = ["ls-files", "-z", "--others", "--exclude-per-directory=.gitignore"]
    done = subprocess.run(["git", "-C", root, *words], check=True, capture_output=True)
    paths = {os.fsdecode(path) for path in done.stdout.split(b"\0") if path}
    return {path for path in paths if not Path(path).name.startswith(".")}


def test_git_leaves_out_the_same(tmp_path: Path) -> None:
    for number in range(TREES):
        root = tmp_path / str(number)
        root.mkdir()
        grow(root, random.Random(number))

        kept = {place.relative_to(root).as_posix() for place in choose(root, Choice()).places}

        assert kept == kept_by_git(root), number
