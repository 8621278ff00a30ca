"""The commands for single files of a workspace: ls, rm."""

from pathlib import Path

import click

from filemanager.commands import remote
from filemanager.commands.remote import AS_JSON, TOKEN_FILE, WORKSPACE, told
from filemanager.commands.showing import show_line


@click.command()
@WORKSPACE
@TOKEN_FILE
@AS_JSON
@told
def ls(*, workspace: int, token_file: Path | None, as_json: bool) -> None:
    """List the files of WORKSPACE: SHA-256, bytes, path."""
    with remote.client(token_file) as client:
        for entry in client.workspaces.entries(workspace):
            line = f"{entry.sha256}  {entry.size_bytes:>12}  {entry.path}"
            show_line(entry, line, as_json=as_json)


@click.command()
@WORKSPACE
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
