"""The commands for what a workspace was: checkpoint, checkpoints, restore, diff, log."""

from pathlib import Path

import click

from filemanager.commands import remote
from filemanager.commands.remote import AS_JSON, IF_REVISION, TOKEN_FILE, WORKSPACE, told
from filemanager.commands.showing import show, show_line


@click.command()
@WORKSPACE
@click.option("--name", help="What it is called; numbered unless given.")
@click.option("--description")
@IF_REVISION
@TOKEN_FILE
@AS_JSON
@told
def checkpoint(  # noqa: PLR0913  # one for each option of the command
    *,
    workspace: int,
    name: str | None,
    description: str | None,
    revision: int | None,
    token_file: Path | None,
    as_json: bool,
) -> None:
    """Name the present state of WORKSPACE, so that it can be gone back to."""
    with remote.client(token_file) as client:
        made = client.checkpoints.create(
            workspace, name=name, description=description, revision=revision
        )
    show(made, as_json=as_json)


@click.command()
@WORKSPACE
@TOKEN_FILE
@AS_JSON
@told
def checkpoints(*, workspace: int, token_file: Path | None, as_json: bool) -> None:
    """List the checkpoints of WORKSPACE, oldest first: number, revision, moment, name."""
    with remote.client(token_file) as client:
        for one in client.checkpoints.list(workspace):
            line = f"{one.id:>6}  {one.revision:>6}  {one.created_at.isoformat()}  {one.name}"
            show_line(one, line, as_json=as_json)


@click.command()
@WORKSPACE
@click.argument("checkpoint", type=int)
@IF_REVISION
@TOKEN_FILE
@AS_JSON
@told
def restore(
    *,
    workspace: int,
    checkpoint: int,
    revision: int | None,
    token_file: Path | None,
    as_json: bool,
) -> None:
    """Go back to a CHECKPOINT of WORKSPACE, by its number, in a new revision."""
    with remote.client(token_file) as client:
        restored = client.checkpoints.restore(workspace, checkpoint, revision=revision)
    show(restored, as_json=as_json)


@click.command()
@WORKSPACE
@click.argument("old", metavar="FROM")
@click.argument("new", metavar="[TO]", required=False)
@TOKEN_FILE
@AS_JSON
@told
def diff(
    *, workspace: int, old: str, new: str | None, token_file: Path | None, as_json: bool
) -> None:
    """List the files that differ in two revisions of WORKSPACE, TO being the present one.

    A revision is a number, or checkpoint:NUMBER.
    """
    with remote.client(token_file) as client:
        for one in client.checkpoints.diff(workspace, old, new):
            show_line(one, f"{one.change:7}  {one.path}", as_json=as_json)


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
