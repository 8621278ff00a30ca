"""Commands are imported when they are asked for: help and the client wait for no server part."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

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


def imported(program: str) -> dict[str, set[str]]:
    """By the names that *program* writes: the top-level packages, and all of ours, it has then."""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    found = {}
    for line in done.stdout.decode().splitlines():
        name, told, modules = line.partition(f" {TOLD} ")
        if told:
            ours = {one for one in modules.split() if one.startswith("filemanager.")}
            found[name] = ours | {one.partition(".")[0] for one in modules.split()}
    return found


TOLD = "has imported"
BEGIN = "import gc, sys; import click; from filemanager.cli import main;"
TELL = f"print(name, {TOLD!r}, *sys.modules)"


def test_help_imports_no_command() -> None:
    program = f"{BEGIN} name = 'help'; main(['--help'], standalone_mode=False); {TELL}"
    modules = imported(program)["help"]

    assert not modules & (SERVER | {"requests", "rich"})
    assert {one for one in modules if one.startswith("filemanager.commands.")} == {
        "filemanager.commands.ending"
    }


def test_what_is_used_from_afar_imports_no_part_of_the_server() -> None:
    program = (
        f"{BEGIN}\nfor name in {FROM_AFAR}: main([name, '--help'], standalone_mode=False); {TELL}"
    )
    by_name = imported(program)

    assert list(by_name) == FROM_AFAR
    for name, modules in by_name.items():
        ours = {one for one in modules if one.startswith("filemanager.")}
        assert not modules & SERVER, name
        assert {one for one in ours if not one.startswith(OF_THE_CLIENT)} <= OF_BOTH, name


def test_a_token_imports_what_signs_it_and_no_other_part_of_the_server() -> None:
    program = f"{BEGIN} name = 'token'; main(['token', '--help'], standalone_mode=False); {TELL}"
    modules = imported(program)["token"]

    assert not modules & (SERVER - {"jwt"})
    assert {one for one in modules if one.startswith("filemanager.settings.")} == {
        "filemanager.settings.environment"
    }


def test_names_are_completed_without_an_import_of_any_command() -> None:
    """Each time that somebody presses the key."""
    program = (
        f"{BEGIN}\nname = 'key'; context = click.Context(main)\n"
        "print(*(one.value for one in main.shell_complete(context, 'pu')))\n"
        f"print(len(main.shell_complete(context, '')))\n{TELL}"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    found, count, told = done.stdout.decode().splitlines()

    assert found.split() == ["pull", "push"]
    assert int(count) == len(LATE)
    assert {one for one in told.split() if one.startswith("filemanager.commands.")} == {
        "filemanager.commands.ending"
    }


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_each_shell_is_told_how_to_complete(shell: str) -> None:
    told = CliRunner().invoke(main, ["completion", shell])

    assert told.exit_code == 0
    assert f"_FILEMANAGER_COMPLETE={shell}_complete" in told.stdout


def test_modules_are_left_out_of_looks_for_garbage() -> None:
    told = "print(gc.isenabled(), gc.get_freeze_count())"
    program = f"{BEGIN} main.get_command(click.Context(main), 'push'); {told}"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    enabled, frozen = done.stdout.split()

    assert enabled == b"True"
    assert int(frozen) > 10_000
