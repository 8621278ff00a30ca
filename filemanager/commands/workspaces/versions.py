"""The commands for what a workspace was: checkpoint, log."""

from pathlib import Path

import click

from filemanager.commands import remote
from filemanager.commands.remote import AS_JSON, TOKEN_FILE, WORKSPACE, told
from filemanager.commands.showing import show, show_line


@click.command()
@WORKSPACE
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
    show(made, as_json=as_json)


@click.command()
@WORKSPACE
@TOKEN_FILE
@AS_JSON
@told
def log(*, workspace: int, token_file: Path | None, as_json: bool) -> None:
    """Show what happened to WORKSPACE, oldest first."""
    with remote.client(token_file) as client:
        for line in client.workspaces.log(workspace):
            show_line(line, f"{line.at.isoformat()}  {line.text}", as_json=as_json)
