"""`pip install .` into an environment outside of the clone: served, used, gone without a trace."""

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.papers import PAPER
from servers.service import Service, served

pytestmark = pytest.mark.e2e

PROJECT = Path(__file__).parents[2]


def pip(environment: Path, *words: str | Path) -> None:
    python = environment / "bin" / "python"
    command: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "-q"]
    subprocess.run([*command, *words], check=True)


def everything_in(environment: Path) -> set[Path]:
    return {path for path in environment.rglob("*") if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has what this one has, so that nothing is fetched; but not the clone."""
    made = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(made, symlinks=True)
    (site,) = made.glob("lib/python*/site-packages")
    (site / "theirs.pth").write_text(sysconfig.get_paths()["purelib"])
    return made


@pytest.fixture(scope="module")
def before(environment: Path) -> set[Path]:
    return everything_in(environment)


@pytest.fixture(scope="module")
def program(environment: Path, before: set[Path]) -> Path:
    assert before
    pip(environment, "install", "--no-deps", "--no-build-isolation", PROJECT)
    return environment / "bin" / "filemanager"


@pytest.fixture(scope="module")
def running(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data = tmp_path_factory.mktemp("served") / "data"
    with served(data, (str(program), "serve")) as started:
        yield started


def test_it_serves_and_is_used_from_afar(running: Service, program: Path, tmp_path: Path) -> None:
    sent, got = tmp_path / "sent", tmp_path / "got"
    sent.mkdir()
    (sent / "main.tex").write_bytes(PAPER)
    environment = {
        "PATH": os.environ["PATH"],
        "FILEMANAGER_URL": running.url,
        "FILEMANAGER_TOKEN": running.token,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    for words in (("push", sent, "--new", "paper"), ("pull", "1", got)):
        subprocess.run([program, *words], env=environment, cwd=tmp_path, check=True)

    assert (got / "main.tex").read_bytes() == PAPER
    assert "main.tex" in running.paths(1)


def test_it_has_its_pages(running: Service) -> None:
    assert running.call("GET", "/../../docs").status_code == 200


def test_it_goes_without_a_trace(environment: Path, before: set[Path], program: Path) -> None:
    assert program.exists()

    pip(environment, "uninstall", "-y", "filemanager")

    assert everything_in(environment) == before
