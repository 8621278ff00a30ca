"""The commands that use a service from afar: push, pull, ls, rm, checkpoint, log."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any

import click

from filemanager.client.client import Client
from filemanager.client.errors import ClientError, Unreachable
from filemanager.commands.report import Report
from filemanager.commands.setup import EXIT_FOUND, stop

EXIT_UNREACHABLE = 3
"""The service did not answer, for long: try again later."""

URL_VARIABLE, TOKEN_VARIABLE = "FILEMANAGER_URL", "FILEMANAGER_TOKEN"

Command = Callable[..., None]

_WORKSPACE = click.argument("workspace", type=int)
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
_THREADS = click.option(
    "--parallel", "threads", type=click.IntRange(1, 32), default=4, show_default=True,
    help="How many files at a time.",
)  # fmt: skip
_DIRECTORY = click.Path(file_okay=False, path_type=Path)
_TOKEN_FILE = click.option(
    "--token-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"A file with the token; {TOKEN_VARIABLE} unless given.",
)


def _told(command: Command) -> Command:
    """Failures are one line in words: exit code 1, or 3 where nobody answers."""

    @wraps(command)
    def run(**arguments: Any) -> None:
        try:
            command(**arguments)
        except ClientError as error:
            click.echo(f"filemanager: {error}", err=True)
            sys.exit(EXIT_UNREACHABLE if isinstance(error, Unreachable) else EXIT_FOUND)
        except OSError as error:
            click.echo(f"filemanager: {error.filename or ''}: {error.strerror}", err=True)
            sys.exit(EXIT_FOUND)

    return run


@click.command()
@click.argument("directory", type=_DIRECTORY)
@click.option("--workspace", type=int, metavar="ID", help="Where the files go.")
@click.option("--new", "name", metavar="NAME", help="Make a workspace of that name for them.")
@click.option("--unpack", is_flag=True, help="Unpack archives there instead of keeping them.")
@_THREADS
@_TOKEN_FILE
@_AS_JSON
@_told
def push(  # noqa: PLR0913  # one for each option of the command
    *,
    directory: Path,
    workspace: int | None,
    name: str | None,
    unpack: bool,
    threads: int,
    token_file: Path | None,
    as_json: bool,
) -> None:
    """Send the files of DIRECTORY to a workspace, all in one revision or none.

    Files that are there already are not sent. What was stopped goes on where it was when the same
    command is given again. Links are not followed, and nothing is deleted in the workspace.
    """
    if (workspace is None) == (name is None):
        stop("Say where the files go: --workspace ID, or --new NAME.")
    with _client(token_file, threads) as client, Report(as_json).bars() as report:
        if workspace is None:
            workspace = client.workspaces.create(name=name).id
            # At once: with it the push can be gone on with.
            click.echo(f"Workspace {workspace}", err=True)
        pushed = client.push(directory, workspace, unpack=unpack, watcher=report)
    report.numbers(pushed)


@click.command()
@_WORKSPACE
@click.argument("directory", type=_DIRECTORY)
@_THREADS
@_TOKEN_FILE
@_AS_JSON
@_told
def pull(
    *, workspace: int, directory: Path, threads: int, token_file: Path | None, as_json: bool
) -> None:
    """Fetch the files of WORKSPACE into DIRECTORY, each verified by its SHA-256.

    Files that are there with the same bytes are left, others are replaced, none is deleted. What
    was stopped goes on where it was when the same command is given again.
    """
    with _client(token_file, threads) as client, Report(as_json).bars() as report:
        pulled = client.pull(workspace, directory, watcher=report)
    report.numbers(pulled)


@click.command()
@_WORKSPACE
@_TOKEN_FILE
@_AS_JSON
@_told
def ls(*, workspace: int, token_file: Path | None, as_json: bool) -> None:
    """List the files of WORKSPACE: SHA-256, bytes, path."""
    with _client(token_file) as client:
        for entry in client.workspaces.entries(workspace):
            line = f"{entry.sha256}  {entry.size_bytes:>12}  {_printable(entry.path)}"
            click.echo(json.dumps(asdict(entry)) if as_json else line)


@click.command()
@_WORKSPACE
@click.argument("paths", nargs=-1, required=True)
@_TOKEN_FILE
@_told
def rm(*, workspace: int, paths: tuple[str, ...], token_file: Path | None) -> None:
    """Delete files of WORKSPACE; with a closing slash, directories.

    They can be brought back for some time.
    """
    with _client(token_file) as client:
        for path in paths:
            client.workspaces.remove(workspace, path)


@click.command()
@_WORKSPACE
@click.option("--name", help="What it is called; numbered unless given.")
@click.option("--description")
@_TOKEN_FILE
@_AS_JSON
@_told
def checkpoint(
    *,
    workspace: int,
    name: str | None,
    description: str | None,
    token_file: Path | None,
    as_json: bool,
) -> None:
    """Name the present state of WORKSPACE, so that it can be gone back to."""
    with _client(token_file) as client:
        made = client.workspaces.checkpoint(workspace, name=name, description=description)
    shown = {**asdict(made), "created_at": made.created_at.isoformat()}
    if as_json:
        click.echo(json.dumps(shown))
        return
    for key, value in shown.items():
        click.echo(f"{key.replace('_', ' ')}: {value}")


@click.command()
@_WORKSPACE
@_TOKEN_FILE
@_AS_JSON
@_told
def log(*, workspace: int, token_file: Path | None, as_json: bool) -> None:
    """Show what happened to WORKSPACE, oldest first."""
    with _client(token_file) as client:
        for line in client.workspaces.log(workspace):
            shown = {**asdict(line), "at": line.at.isoformat()}
            text = f"{shown['at']}  {_printable(line.text)}"
            click.echo(json.dumps(shown) if as_json else text)


COMMANDS = (push, pull, ls, rm, checkpoint, log)


@contextmanager
def _client(token_file: Path | None, threads: int = 1) -> Iterator[Client]:
    """By the environment. A token is never an argument: others see the arguments of a process."""
    url = os.environ.get(URL_VARIABLE)
    if not url:
        stop(f"Set {URL_VARIABLE} to the address of the service.")
    with Client(url, _token(token_file), threads=threads) as client:
        yield client


def _token(token_file: Path | None) -> str:
    told = os.environ.get(TOKEN_VARIABLE, "")
    if token_file:
        told = token_file.read_text(errors="replace")
    token = told.strip().removeprefix("Bearer ")
    if not token or not token.isascii() or not token.isprintable():
        stop(f"There is no token: set {TOKEN_VARIABLE}, or name its file with --token-file.")
    return token


def _printable(text: str) -> str:
    """What others named must not steer the terminal."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
