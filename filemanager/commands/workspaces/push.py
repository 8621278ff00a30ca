"""The command that sends a folder."""

import sys
from pathlib import Path

import click

from filemanager.client.folders.choosing import Choice
from filemanager.client.folders.ignoring import is_pattern
from filemanager.commands import remote
from filemanager.commands.ending import EXIT_FOUND, stop
from filemanager.commands.remote import AS_JSON, THREADS, TOKEN_FILE, told
from filemanager.commands.report import Report
from filemanager.commands.workspaces.outcome import show_foreseen, show_pushed

_FATAL = "fatal"


def _patterns(ctx: click.Context, param: click.Parameter, told: tuple[str, ...]) -> tuple[str, ...]:
    """What git would pass over is told here: else files were sent that somebody meant to keep."""
    for pattern in told:
        if not is_pattern(pattern):
            raise click.BadParameter(f"'{pattern}' is no pattern of gitignore.", ctx, param)
    return told


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--workspace", type=int, metavar="ID", help="Where the files go.")
@click.option("--new", "name", metavar="NAME", help="Make a workspace of that name for them.")
@click.option("--unpack", is_flag=True, help="Unpack archives there instead of keeping them.")
@click.option(
    "--exclude",
    "excluded",
    metavar="PATTERN",
    multiple=True,
    callback=_patterns,
    help="Leave out what a pattern of gitignore names; may be repeated.",
)
@click.option("--all", "is_all", is_flag=True, help="Send dot files and what ignore files name.")
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
@click.option("--strict", is_flag=True, help="Exit with 1 where a finding is fatal.")
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
    excluded: tuple[str, ...],
    is_all: bool,
    dry_run: bool,
    strict: bool,
    threads: int,
    token_file: Path | None,
    as_json: bool,
) -> None:
    """Send the files of DIRECTORY to a workspace, all in one revision or none.

    Files that are there already are not sent. What was stopped goes on where it was when the same
    command is given again. Links are not followed, and nothing is deleted in the workspace.

    Left out are dot files and what .gitignore and .filemanagerignore, in any folder, name; a
    PATTERN stands over them, and after ! it has sent what they leave out. At its end it says what
    the checks found, removed and renamed.
    """
    if (workspace is None) == (name is None):
        stop("Say where the files go: --workspace ID, or --new NAME.")
    choice = Choice(excluded=excluded, is_all=is_all)
    with remote.client(token_file, threads) as client, Report(as_json).bars() as report:
        folder = client.read(directory, choice, watcher=report)
        if dry_run:
            show_foreseen(client.foresee(folder, workspace), as_json=as_json)
            return
        if workspace is None:
            workspace = client.workspaces.create(name=name).id
            # At once: with it the push can be gone on with.
            click.echo(f"Workspace {workspace}", err=True)
        pushed = client.push(folder, workspace, unpack=unpack, watcher=report)
    show_pushed(pushed, as_json=as_json)
    if strict and any(one.severity == _FATAL for one in pushed.findings):
        sys.exit(EXIT_FOUND)
