"""A second reader finds in each archive that ours takes what ours finds."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from filemanager.domain.intake.unpacking import ArchiveForm, ArchiveRefused, Unpacked
from fuzz.seeds import seeds_of
from unit.archives.reading import unpack

pytestmark = [pytest.mark.e2e, pytest.mark.judges]


def libarchive_finds(archive: Path, directory: Path) -> dict[str, str]:
    """SHA-256 by path; a hard link is the file that it names. It fails where it leaves one out."""
    directory.mkdir()
    subprocess.run(
        ["bsdtar", "xf", str(archive)],
        cwd=directory,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
        capture_output=True,
    )
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in directory.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def we_find(data: bytes) -> Unpacked | None:
    """None for what is refused, or is no archive of several files."""
    try:
        unpacked = unpack(data)
    except ArchiveRefused:
        return None
    return unpacked if unpacked and unpacked.form is not ArchiveForm.SINGLE else None


def in_ascii(found: dict[str, str]) -> dict[bytes, str]:
    """Names of other characters are told apart by their lengths: libarchive knows no code page."""
    return {path.encode("ascii", "replace"): digest for path, digest in found.items()}


def corpus(fixtures: Path) -> dict[str, bytes]:
    malo = fixtures / "malo"
    files = [malo / one["file"] for one in json.loads((malo / "index.json").read_text())]
    ours = {f"{kind}-{n}": seed for kind in ("tar", "zip") for n, seed in enumerate(seeds_of(kind))}
    return {path.name: path.read_bytes() for path in files} | ours


def test_libarchive_finds_what_we_find(fixtures: Path, tmp_path: Path) -> None:
    compared = 0
    for name, data in corpus(fixtures).items():
        if ours := we_find(data):
            archive = tmp_path / name
            archive.write_bytes(data)
            theirs = libarchive_finds(archive, tmp_path / f"{name}.d")
            taken = {one.path: str(one.content.digest) for one in ours.members if one.content}
            refused = {one.path.lstrip("/") for one in ours.refused}
            found = {path: digest for path, digest in theirs.items() if path not in refused}
            assert in_ascii(found) == in_ascii(taken), name
            compared += 1

    assert compared > 10
