"""What other people's programs write is read whole: the same names, the same bytes."""

import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from unit.archives.reading import unpack

pytestmark = [pytest.mark.e2e, pytest.mark.judges]

LONG = f"{'d' * 60}/{'e' * 60}/{'n' * 120}.tex"
NAMES = [
    "main.tex",
    "aux/macros.tex",
    "é ü/図.tex",
    LONG,
    *("x" * length for length in (97, 98, 99, 100, 101)),
    f"{'k' * 99}/b.tex",
    f"{'k' * 131}/b.tex",
    f"{'z' * 154}/b.tex",
]
IN_ASCII = [name for name in NAMES if name.isascii()]

NPM_TAR = """
const tar = require(process.argv[1] + '/npm/node_modules/tar');
const [, , file, ...names] = process.argv;
tar.c({ file, sync: true, gzip: file.endsWith('gz') }, names);
"""
ARCHIVE_TAR = """
use Archive::Tar;
my ($file, @names) = @ARGV;
my $tar = Archive::Tar->new;
for (@names) { open my $in, '<:raw', $_; local $/; $tar->add_data($_, <$in>); }
$tar->write($file, $file =~ /gz$/ ? COMPRESS_GZIP : ());
"""


def run(directory: Path, *command: str) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)


def npm_modules() -> str:
    found = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=True)
    return found.stdout.strip()


Writer = Callable[[Path, str, list[str]], None]


def written(*command: str) -> Writer:
    return lambda directory, file, names: run(directory, *command, file, *names)


def by_npm(directory: Path, file: str, names: list[str]) -> None:
    run(directory, "node", "-e", NPM_TAR, npm_modules(), file, *names)


WRITERS: dict[str, tuple[Writer, str, list[str]]] = {
    "GNU tar, gnu": (written("tar", "--format=gnu", "-cf"), "a.tar", NAMES),
    "GNU tar, pax": (written("tar", "--format=pax", "-cf"), "a.tar", NAMES),
    "GNU tar, ustar": (written("tar", "--format=ustar", "-cf"), "a.tar", ["main.tex"]),
    "GNU tar, v7": (written("tar", "--format=v7", "-cf"), "a.tar", ["main.tex"]),
    "GNU tar, xz -9": (written("tar", "-I", "xz -9", "-cf"), "a.txz", NAMES),
    "GNU tar, zstd": (written("tar", "-I", "zstd --ultra -22 --long=27", "-cf"), "a.tzst", NAMES),
    "GNU tar, pzstd": (written("tar", "-I", "pzstd", "-cf"), "a.tzst", NAMES),
    "bsdtar": (written("bsdtar", "-cf"), "a.tar", NAMES),
    "bsdtar, pax": (written("bsdtar", "--format=pax", "-cf"), "a.tar", NAMES),
    "bsdtar, gnutar": (written("bsdtar", "--format=gnutar", "-cf"), "a.tar", NAMES),
    "bsdtar, zip": (written("bsdtar", "--format=zip", "-cf"), "a.zip", NAMES),
    "npm tar": (by_npm, "a.tgz", NAMES),
    "Archive::Tar": (written("perl", "-e", ARCHIVE_TAR), "a.tgz", IN_ASCII),
    "zip": (written("zip", "-q"), "a.zip", NAMES),
    "7z, zip": (written("7z", "a", "-bd"), "a.zip", NAMES),
    "7z, zip by LZMA": (written("7z", "a", "-bd", "-mm=LZMA"), "b.zip", NAMES),
    "7z, tar": (written("7z", "a", "-bd", "-ttar"), "a.tar", NAMES),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_every_file_is_found(writer: str, tmp_path: Path) -> None:
    write, file, names = WRITERS[writer]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"% {name}\n" * 30)

    write(tmp_path, file, names)

    assert found_in(tmp_path / file) == {name: digest(tmp_path / name) for name in names}


SPARSE_WRITERS: dict[str, Writer] = {
    "old": written("tar", "--format=gnu", "-Scf"),
    "0.0": written("tar", "--format=pax", "--sparse-version=0.0", "-Scf"),
    "0.1": written("tar", "--format=pax", "--sparse-version=0.1", "-Scf"),
    "1.0": written("tar", "--format=pax", "--sparse-version=1.0", "-Scf"),
    "bsdtar": written("bsdtar", "-cf"),
    "absolute": lambda directory, file, names: run(
        directory, "bsdtar", "-Pcf", file, *(str(directory / name) for name in names)
    ),
}


@pytest.mark.parametrize("writer", SPARSE_WRITERS)
def test_sparse_files_and_hard_links_are_found(writer: str, tmp_path: Path) -> None:
    names = ["few.h5", "many.h5", "hole.h5", "d/" + "s" * 120, "link.h5"]
    (tmp_path / "d").mkdir()
    a_sparse_file(tmp_path / names[0], [0, 131_072], 135_168)
    a_sparse_file(tmp_path / names[1], list(range(0, 200 << 16, 1 << 16)), (200 << 16) + 7)
    a_sparse_file(tmp_path / names[2], [], 1 << 20)
    a_sparse_file(tmp_path / names[3], [1 << 19], 1 << 20)
    (tmp_path / "link.h5").hardlink_to(tmp_path / "few.h5")

    SPARSE_WRITERS[writer](tmp_path, "a.tar", names)

    base = f"{tmp_path}/".lstrip("/") if writer == "absolute" else ""
    assert found_in(tmp_path / "a.tar") == {base + name: digest(tmp_path / name) for name in names}


def a_sparse_file(path: Path, offsets: list[int], size: int) -> None:
    with path.open("wb") as file:
        for offset in offsets:
            file.seek(offset)
            file.write(b"data" * 1024)
        file.truncate(size)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def found_in(archive: Path) -> dict[str, str]:
    unpacked = unpack(archive.read_bytes())
    assert unpacked is not None
    assert unpacked.refused == ()
    return {one.path: str(one.content.digest) for one in unpacked.members if one.content}
