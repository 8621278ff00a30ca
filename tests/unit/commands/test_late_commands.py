"""Commands are imported when they are asked for: help and the client wait for no server part."""

import subprocess
import sys

import click
import pytest

from filemanager.cli import LATE, main

SERVER = {"flask", "sqlalchemy", "alembic", "boto3", "botocore", "pydantic", "gunicorn", "jwt"}
FROM_AFAR = [
    name for name, late in LATE.items() if late.module.startswith(("workspaces.", "repo", "verify"))
]
OF_THE_CLIENT = ("filemanager.cli", "filemanager.client", "filemanager.commands")
OF_BOTH = {
    *("filemanager.domain", "filemanager.domain.errors"),
    *("filemanager.api", "filemanager.api.about", "filemanager.api.about.version"),
}


@pytest.mark.parametrize("name", LATE)
def test_each_command_is_found_by_its_name(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.name == name


def test_an_unknown_command_is_none() -> None:
    assert main.get_command(click.Context(main), "polish") is None


def imported(*arguments: str) -> set[str]:
    """The top-level packages, and all of ours, that a process needs for the help of a command."""
    program = (
        "import sys; from filemanager.cli import main;"
        f"main({[*arguments, '--help']!r}, standalone_mode=False);"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    modules = done.stdout.decode().splitlines()[-1].split()
    return {one.partition(".")[0] for one in modules} | {
        one for one in modules if one.startswith("filemanager.")
    }


def test_help_imports_no_command() -> None:
    modules = imported()

    assert not modules & (SERVER | {"requests", "rich"})
    assert {one for one in modules if one.startswith("filemanager.commands.")} == {
        "filemanager.commands.ending"
    }


@pytest.mark.parametrize("name", FROM_AFAR)
def test_what_is_used_from_afar_imports_no_part_of_the_server(name: str) -> None:
    modules = imported(name)

    ours = {one for one in modules if one.startswith("filemanager.")}
    assert not modules & SERVER
    assert {one for one in ours if not one.startswith(OF_THE_CLIENT)} <= OF_BOTH
