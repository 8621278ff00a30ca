"""The commands that use a service from afar: push, pull, ls, rm, checkpoint, log."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from filemanager.commands import remote
from filemanager.commands.ending import stop
from filemanager.commands.remote import AS_JSON, THREADS, TOKEN_FILE, printable, told
from filemanager.commands.report import Report

_WORKSPACE = click.argument("workspace", type=int)
_DIRECTORY = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("directory", type=_DIRECTORY)
@click.option("--workspace", type=int, metavar="ID", help="Where the files go.")
@click.option("--new", "name", metavar="NAME", help="Make a workspace of that name for them.")
@click.option("--unpack", is_flag=True, help="Unpack archives there instead of keeping them.")
@THREADS
@TOKEN_FILE
@AS_JSON
@told
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
    with remote.client(token_file, threads) as client, Report(as_json).bars() as report:
        if workspace is None:
            workspace = client.workspaces.create(name=name).id
            # At once: with it the push can be gone on with.
            click.echo(f"Workspace {workspace}", err=True)
        pushed = client.push(directory, workspace, unpack=unpack, watcher=report)
    report.numbers(pushed)


@click.command()
@_WORKSPACE
@click.argument("directory", type=_DIRECTORY)
@THREADS
@TOKEN_FILE
@AS_JSON
@told
def pull(
    *, workspace: int, directory: Path, threads: int, token_file: Path | None, as_json: bool
) -> None:
    """Fetch the files of WORKSPACE into DIRECTORY, each verified by its SHA-256.

    Files that are there with the same bytes are left, others are replaced, none is deleted. What
    was stopped goes on where it was when the same command is given again.
    """
    with remote.client(token_file, threads) as client, Report(as_json).bars() as report:
        pulled = client.pull(workspace, directory, watcher=report)
    report.numbers(pulled)


@click.command()
@_WORKSPACE
@TOKEN_FILE
@AS_JSON
@told
def ls(*, workspace: int, token_file: Path | None, as_json: bool) -> None:
    """List the files of WORKSPACE: SHA-256, bytes, path."""
    with remote.client(token_file) as client:
        for entry in client.workspaces.entries(workspace):
            line = f"{entry.sha256}  {entry.size_bytes:>12}  {printable(entry.path)}"
            click.echo(json.dumps(asdict(entry)) if as_json else line)


@click.command()
@_WORKSPACE
@click.argument("paths", nargs=-1, required=True)
@TOKEN_FILE
@told
def rm(*, workspace: int, paths: tuple[str, ...], token_file: Path | None) -> None:
    """Delete files of WORKSPACE; with a closing slash, directories.

    They can be brought back for some time.
    """
    with remote.client(token_file) as client:
        for path in paths:
            client.workspaces.remove(workspace, path)


@click.command()
@_WORKSPACE
@click.option("--name", help="What it is called; numbered unless given.")
@click.option("--description")
@TOKEN_FILE
@AS_JSON
@told
def checkpoint(
    *,
    workspace: int,
    name: str | None,
    description: str | None,
    token_file: Path | None,
    as_json: bool,
) -> None:
    """Name the present state of WORKSPACE, so that it can be gone back to."""
    with remote.client(token_file) as client:
        made = client.workspaces.checkpoint(workspace, name=name, description=description)
    shown = {**asdict(made), "created_at": made.created_at.isoformat()}
    if as_json:
        click.echo(json.dumps(shown))
        return
    for key, value in shown.items():
        click.echo(f"{key.replace('_', ' ')}: {value}")


@click.command()
@_WORKSPACE
@TOKEN_FILE
@AS_JSON
@told
def log(*, workspace: int, token_file: Path | None, as_json: bool) -> None:
    """Show what happened to WORKSPACE, oldest first."""
    with remote.client(token_file) as client:
        for line in client.workspaces.log(workspace):
            shown = {**asdict(line), "at": line.at.isoformat()}
            text = f"{shown['at']}  {printable(line.text)}"
            click.echo(json.dumps(shown) if as_json else text)
