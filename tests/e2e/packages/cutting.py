"""How a fetch looks that was cut off: a part of the largest file is there."""

import os
from pathlib import Path

from e2e.packages.contents import LARGEST
from e2e.packages.visitor import Visitor


def of_every_file(_: Visitor, fetched: Path) -> None:
    """Nothing is left whole: curl takes a whole file, asked for again, for a failure."""
    for path in fetched.rglob("*"):
        if path.is_file():
            _halve(path)


def without_the_largest_file(_: Visitor, fetched: Path) -> None:
    """Nothing is at a file's name before all of it is there."""
    (fetched / LARGEST).unlink()


def of_the_largest_file(_: Visitor, fetched: Path) -> None:
    _halve(fetched / LARGEST)


def of_an_annexed_file(visitor: Visitor, fetched: Path) -> None:
    """git-annex keeps what it has of a key under the key's name."""
    kept = (fetched / LARGEST).resolve()
    half = kept.read_bytes()[: kept.stat().st_size // 2]
    visitor.run("git", "annex", "drop", "-q", "--force", LARGEST, below=fetched.name)
    part = fetched / ".git" / "annex" / "tmp" / kept.name
    part.parent.mkdir(exist_ok=True)
    part.write_bytes(half)


def of_a_file_of_lfs(visitor: Visitor, fetched: Path) -> None:
    """A file is its pointer before all of it is there."""
    pointer = visitor.run("git", "show", f"HEAD:{LARGEST}", below=fetched.name)
    (fetched / LARGEST).write_text(pointer)
    objects = (fetched / ".git" / "lfs" / "objects").rglob("*")
    kept = max((path for path in objects if path.is_file()), key=lambda path: path.stat().st_size)
    _halve(kept)
    incomplete = fetched / ".git" / "lfs" / "incomplete"
    incomplete.mkdir(exist_ok=True)
    kept.rename(incomplete / f"{kept.name}.part")


def of_a_file_of_dvc(_: Visitor, fetched: Path) -> None:
    """DVC moves a file to its cache when all of it is there."""
    kept = fetched / LARGEST
    size_bytes = kept.stat().st_size
    kept.unlink()
    for path in fetched.parent.glob(".dvc/cache/files/md5/*/*"):
        if path.stat().st_size == size_bytes:
            path.unlink()


def _halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)
