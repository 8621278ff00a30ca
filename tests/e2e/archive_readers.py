"""Other people's archive programs, each as a function from an archive to what it found there."""

import hashlib
import os
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

Found = dict[str, str]
"""SHA-256 by path, without a leading ``./``."""

Reader = Callable[[Path, Path], Found]
"""From an archive and an empty directory to the files it holds; fails where the program does."""

_SCRIPTS = Path(__file__).parent / "readers"


def _run(command: list[str], directory: Path) -> str:
    """The program's output; both streams are shown where it fails."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout


def _extracted(*commands: str, archive: Path, directory: Path) -> Found:
    """Run shell *commands*, in which ``$1`` is the archive, and look at what they leave."""
    script = " && ".join(("set -o pipefail", *commands))
    _run(["bash", "-c", script, "bash", str(archive)], directory)
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in directory.rglob("*")
        if path.is_file()
    }


def _printed(*command: str, archive: Path, directory: Path) -> Found:
    """Run a script that prints lines as ``sha256sum`` does."""
    found = {}
    for line in _run([*command, str(archive)], directory).splitlines():
        digest, name = line.split("  ", 1)
        found[name.removeprefix("./")] = digest
    return found


def _extracting(*commands: str) -> Reader:
    return lambda archive, directory: _extracted(*commands, archive=archive, directory=directory)


def _printing(*command: str) -> Reader:
    return lambda archive, directory: _printed(*command, archive=archive, directory=directory)


def _tarfile(mode: str, archive: Path, _directory: Path) -> Found:
    found = {}
    with tarfile.open(archive, mode) as tar:  # type: ignore[call-overload]  # a literal in TAR_READERS
        for member in tar:
            content = tar.extractfile(member)
            if content is not None:
                found[member.name.removeprefix("./")] = hashlib.sha256(content.read()).hexdigest()
    return found


def _zipfile(archive: Path, _directory: Path) -> Found:
    with zipfile.ZipFile(archive) as opened:
        return {name: hashlib.sha256(opened.read(name)).hexdigest() for name in opened.namelist()}


_JAVA = ("java", str(_SCRIPTS / "Reader.java"))

TAR_READERS: dict[str, Reader] = {
    "GNU tar": _extracting('tar xzf "$1"'),
    "GNU tar over pigz": _extracting('pigz -dc < "$1" | tar xf -'),
    "bsdtar": _extracting('bsdtar xf "$1"'),
    "Python r:gz": partial(_tarfile, "r:gz"),
    "Python r|gz": partial(_tarfile, "r|gz"),
    "Node": _printing("node", str(_SCRIPTS / "read_tar.mjs")),
    "Java": _printing(*_JAVA, "tar"),
}

PLAIN_TAR_READERS: dict[str, Reader] = {
    "busybox": _extracting('busybox gunzip -c < "$1" | busybox tar xf -'),
    "7z": _extracting('7z x -so -tgzip "$1" > ../inner.tar', "7z x -ttar ../inner.tar"),
}
"""These know no pax: names that the fields of ustar do not hold come out cut."""

ZIP_READERS: dict[str, Reader] = {
    "unzip": _extracting('unzip -q "$1"'),
    "bsdtar": _extracting('bsdtar xf "$1"'),
    "bsdtar from a pipe": _extracting('bsdtar xf - < "$1"'),
    "7z": _extracting('7z x "$1"'),
    "busybox": _extracting('busybox unzip -q "$1"'),
    "Python": _zipfile,
    "Java ZipFile": _printing(*_JAVA, "zip"),
    "Java ZipInputStream": _printing(*_JAVA, "zipstream"),
}
