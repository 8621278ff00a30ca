"""``filemanager repo`` against a running service."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.papers import a_token
from e2e.repositories.building import build_deb
from e2e.repositories.house import House, house
from worlds.apt_root import AptRoot

pytestmark = pytest.mark.e2e

CONTROL = """Package: tiny
Version: 1.0
Architecture: amd64
Maintainer: Ann <ann@example.org>
Description: a tiny package
"""
LIVE, RELEASE = "live/2.8/ubuntu/focal", "release/2.8/ubuntu/focal"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as made:
        yield made


def repo(running: House, *words: object) -> list[str]:
    """The lines that a command says, which succeeds."""
    environment = {
        "PATH": os.environ["PATH"],
        "FILEMANAGER_URL": running.service.url,
        "FILEMANAGER_TOKEN": a_token("1", "repository:admin"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "filemanager", "repo", *map(str, words)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_package_goes_from_a_shell_to_apt(running: House, tmp_path: Path) -> None:
    built = build_deb(tmp_path, CONTROL)

    repo(running, "push", LIVE, built, "--product", "tiny", "--wait")
    (listed,) = (json.loads(line) for line in repo(running, "ls", LIVE, "--json"))
    (named,) = repo(running, "snapshot", LIVE, "stable")
    repo(running, "promote", LIVE, RELEASE, "--edition", "stable", "--wait")
    repo(running, "rm", LIVE, listed["id"])
    repo(running, "publish", LIVE)
    repo(running, "sync", LIVE)

    assert (listed["name"], listed["version"]) == ("tiny", "1.0")
    assert named.split() == ["1", "stable"] == repo(running, "snapshot", LIVE)[0].split()
    assert repo(running, "ls", LIVE) == []
    assert repo(running, "keys", LIVE)[0] == "-----BEGIN PGP PUBLIC KEY BLOCK-----"
    assert any(line.endswith(f"deb  {LIVE}") for line in repo(running, "ls"))
    root = AptRoot(tmp_path / "apt", running.apt_source("release/2.8/ubuntu", "focal"))
    root.update()
    assert root.download("tiny") == built.read_bytes()
