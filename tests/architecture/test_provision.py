"""What is installed for the tests is never installed into what a link leads to."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from architecture.test_source import PROJECT

NPM = 'cd "$3"; mkdir -p node_modules; rm -rf node_modules/*; touch node_modules/.package-lock.json'
PIPENV = "mkdir -p .venv; rm -rf .venv/*"
"""As the real ones do: what is there and not wanted goes."""


def a_program(place: Path, lines: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\nset -e\n{lines}\n")
    place.chmod(0o755)


def a_link(place: Path, target: Path) -> None:
    target.mkdir(parents=True)
    (target / "theirs").write_text("x")
    place.symlink_to(target)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """With installers that ask nobody for anything."""
    made = tmp_path / "checkout"
    clients = made / "tests" / "e2e" / "clients"
    clients.mkdir(parents=True)
    for name in ("tests/provision", "Makefile", "Pipfile.lock"):
        shutil.copy(PROJECT / name, made / name)
    for name in ("Pipfile.lock", "package-lock.json"):
        (clients / name).touch()
    (clients.parent / "repositories" / "build").mkdir(parents=True)
    (clients.parent / "repositories" / "build" / "rpmlint-1.tar.gz").touch()
    a_program(clients.parent / "build" / "promtool", "exit 1")
    a_program(made / ".tools" / "bin" / "pipenv", PIPENV)
    a_program(made / "bin" / "npm", NPM)
    a_program(made / "bin" / "dpkg-query", "echo installed")
    return made


def run(checkout: Path, *command: str) -> None:
    path = f"{checkout / 'bin'}:{os.environ['PATH']}"
    subprocess.run(command, cwd=checkout, env={**os.environ, "PATH": path}, check=True)


@pytest.mark.parametrize("name", [".venv", "node_modules"])
def test_clients_are_not_installed_through_a_link(
    name: str, checkout: Path, tmp_path: Path
) -> None:
    place, target = checkout / "tests" / "e2e" / "clients" / name, tmp_path / "of-another"
    a_link(place, target)

    run(checkout, "tests/provision")

    assert [one.name for one in target.iterdir()] == ["theirs"]
    assert place.is_dir()
    assert not place.is_symlink()


def test_a_link_to_what_is_up_to_date_stays(checkout: Path, tmp_path: Path) -> None:
    run(checkout, "tests/provision")
    clients = checkout / "tests" / "e2e" / "clients"
    for name in (".venv", "node_modules"):
        (clients / name).rename(tmp_path / name)
        (clients / name).symlink_to(tmp_path / name)

    run(checkout, "tests/provision")

    assert (clients / ".venv").is_symlink()
    assert (clients / "node_modules").is_symlink()


def test_our_environment_is_not_made_through_a_link(checkout: Path, tmp_path: Path) -> None:
    a_link(checkout / ".venv", tmp_path / "of-another")

    run(checkout, "make", "-s", ".venv/.ready")

    assert [one.name for one in (tmp_path / "of-another").iterdir()] == ["theirs"]
    assert (checkout / ".venv" / ".ready").exists()
    assert not (checkout / ".venv").is_symlink()
