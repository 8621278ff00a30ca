"""Debian's own dput fills a repository, with a password that somebody types."""

import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pysequoia import SignatureMode, sign

from builders.debian import a_changes
from builders.keys import a_key
from e2e.repositories.building import build_deb, build_source
from e2e.repositories.house import PASSWORD, USER, House, house
from worlds.apt_root import AptRoot

pytestmark = pytest.mark.e2e

CONTROL = """Package: tiny
Version: 1.0
Architecture: amd64
Maintainer: Ann <ann@example.org>
Description: a tiny package
"""
SOURCE = """Source: tiny
Maintainer: Ann <ann@example.org>

Package: tiny
Architecture: any
Description: a tiny package
"""
SUITE = "live/2.8/ubuntu"
PROMPT = b"Password for"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    keys = str(a_key("uploader").extract_certificate())
    directory = tmp_path_factory.mktemp("house")
    with house(directory, REPOSITORIES_CHANGES_KEYS=keys) as made:
        yield made


@pytest.fixture
def build(tmp_path: Path) -> dict[str, bytes]:
    """What a build of a package and its source leaves behind, but for its ``.changes``."""
    built = [build_deb(tmp_path, CONTROL), build_source(tmp_path, SOURCE, "1.0")]
    built += tmp_path.glob("*.tar.xz")
    (tmp_path / "tiny_1.0_amd64.buildinfo").write_text("Format: 1.0\n")
    built.append(tmp_path / "tiny_1.0_amd64.buildinfo")
    return {file.name: file.read_bytes() for file in built}


def changes_of(build: dict[str, bytes]) -> bytes:
    fields = {"Version": "1.0", "Maintainer": "Ann <ann@example.org>", "Distribution": "focal"}
    return a_changes(fields, build)


def signed(text: bytes, name: str = "uploader") -> bytes:
    return sign(a_key(name).signer(), text, mode=SignatureMode.CLEAR)


def dput(running: House, directory: Path, password: str = PASSWORD) -> tuple[int, str]:
    """Its exit code, and what it said; the password is typed when it asks."""
    settings = directory / "dput.cf"
    settings.write_text(
        f"[house]\nfqdn = {running.service.url.removeprefix('http://')}\nmethod = http\n"
        f"login = {USER}\nincoming = /repositories/incoming/{SUITE}/focal\n"
        "allow_unsigned_uploads = 1\nrun_lintian = 0\n"
    )
    command = ["dput", "--force", "--config", str(settings), "house", "tiny_1.0_amd64.changes"]
    here, there = pty.openpty()
    with subprocess.Popen(
        ["setsid", "--ctty", "--wait", *command],
        cwd=directory, stdin=there, stdout=there, stderr=there,
    ) as process:  # fmt: skip
        os.close(there)
        said = _conversation(here, password)
    os.close(here)
    return process.returncode, said


def _conversation(terminal: int, password: str) -> str:
    said, has_typed = b"", False
    while more := _heard(terminal):
        said += more
        if PROMPT in said and not has_typed:
            os.write(terminal, f"{password}\n".encode())
            has_typed = True
    return said.decode()


def _heard(terminal: int) -> bytes:
    """Nothing, once the other side has hung up: on Linux that is an error of the terminal's."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_dput_sends_a_build_that_apt_installs(
    running: House, build: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "tiny_1.0_amd64.changes").write_bytes(changes_of(build))
    refused = dput(running, tmp_path)
    (tmp_path / "tiny_1.0_amd64.changes").write_bytes(signed(changes_of(build)))

    done = dput(running, tmp_path)
    running.push(f"{SUITE}/focal", [tmp_path / "tiny_1.0_amd64.deb"], "tiny")

    assert "Upload failed: 400" in refused[1], refused
    assert (refused[0], done[0]) == (1, 0), done
    assert "Successfully uploaded packages." in done[1]
    root = AptRoot(tmp_path / "apt", running.apt_source(SUITE, "focal"))
    root.update()
    assert root.download("tiny") == build["tiny_1.0_amd64.deb"]
    shown = running.get(f"api/{SUITE}/focal/packages").json()["packages"]
    assert sorted(one["arch"] for one in shown) == ["amd64", "source"]


def test_dput_tells_that_a_password_is_wrong(
    running: House, build: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "tiny_1.0_amd64.changes").write_bytes(signed(changes_of(build)))

    code, said = dput(running, tmp_path, "wrong")

    assert code == 1
    assert "Maybe wrong username or password?" in said
