"""The lines of the README push a package that apt installs: they are copied and run."""

import os
import subprocess
from pathlib import Path

import pytest

from builders.debian import a_deb
from builders.keys import gpg
from e2e.readme import IN_THE_CLONE, PROJECT, SERVE, blocks
from servers.service import service
from worlds.apt_root import AptRoot

SETTINGS, PUSH = blocks("The repositories door")[:2]
ETC = "/etc/"

pytestmark = pytest.mark.e2e


def run(script: str, directory: Path, **environment: str) -> bytes:
    command = ["bash", "-euc", script]
    whole = {**os.environ, **environment}
    return subprocess.run(command, cwd=directory, env=whole, check=True, capture_output=True).stdout


def exported() -> dict[str, str]:
    """What the first lines set, with a key that gpg has made."""
    lines = IN_THE_CLONE + SETTINGS.replace(SERVE, "env -0").replace("CLONE", str(PROJECT))
    with gpg() as made:
        made.secret_key("repo", "ed25519")
        printed = run(lines, PROJECT, GNUPGHOME=str(made.home)).decode()
    named = dict(line.split("=", 1) for line in printed.split("\0") if "=" in line)
    wanted = ("RWS_CFG", "GPG_SIGN_KEY_ARMORED", "RWS_CREDENTIALS")
    return {name: named[name] for name in wanted}


def test_the_lines_of_the_readme_push_a_package_that_apt_installs(tmp_path: Path) -> None:
    root = AptRoot(tmp_path / "apt")
    (tmp_path / "tiny_1.0-1_amd64.deb").write_bytes(a_deb())
    (root.etc / "yum.repos.d").mkdir()
    with service(tmp_path / "data", **exported()) as running:
        lines = PUSH.replace("http://localhost:8000", running.url).replace(ETC + "apt/", ETC)
        run(lines.replace(ETC, f"{root.etc}/"), tmp_path)

        root.update()
        assert "Inst tiny (1.0-1" in root.simulated_install("tiny")
    assert "mirrorlist=" in (root.etc / "yum.repos.d/tiny.repo").read_text()
