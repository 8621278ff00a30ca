"""The commands for single files of a workspace: ls, download, mv, rm, undelete."""

import sys
from pathlib import Path, PurePosixPath

import click

from filemanager.commands import remote
from filemanager.commands.remote import AS_JSON, IF_REVISION, TOKEN_FILE, WORKSPACE, told
from filemanager.commands.report import Report
from filemanager.commands.showing import show, show_line

_PATH = click.argument("path")
_STANDARD_OUTPUT = Path("-")


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
@_PATH
@click.argument("target", required=False, type=click.Path(path_type=Path, allow_dash=True))
@TOKEN_FILE
@AS_JSON
@told
def download(
    *, workspace: int, path: str, target: Path | None, token_file: Path | None, as_json: bool
) -> None:
    """Fetch the file at PATH of WORKSPACE to TARGET, verified by its SHA-256.

    TARGET is a file, a directory (the present one unless given), or - for standard output. What was
    stopped goes on where it was when the same command is given again.
    """
    with remote.client(token_file) as client, Report(as_json).bars() as report:
        if target == _STANDARD_OUTPUT:
            client.write(workspace, path, sys.stdout.buffer, watcher=report)
            sys.stdout.buffer.flush()
            return
        place = target or Path()
        if place.is_dir():
            place /= PurePosixPath(path).name
        downloaded = client.download(workspace, path, place, watcher=report)
    show(downloaded, as_json=as_json)


@click.command()
@WORKSPACE
@click.argument("source")
@click.argument("target")
@IF_REVISION
@TOKEN_FILE
@AS_JSON
@told
def mv(  # noqa: PLR0913  # one for each option of the command
    *,
    workspace: int,
    source: str,
    target: str,
    revision: int | None,
    token_file: Path | None,
    as_json: bool,
) -> None:
    """Rename the file at SOURCE of WORKSPACE to TARGET, never over another."""
    with remote.client(token_file) as client:
        moved = client.workspaces.move(workspace, source, target, revision=revision)
    show(moved, as_json=as_json)


@click.command()
@WORKSPACE
@click.argument("paths", nargs=-1, required=True)
@TOKEN_FILE
@told
def rm(*, workspace: int, paths: tuple[str, ...], token_file: Path | None) -> None:
    """Delete files of WORKSPACE; with a closing slash, directories.

    They can be brought back for some time: undelete.
    """
    with remote.client(token_file) as client:
        for path in paths:
            client.workspaces.remove(workspace, path)


@click.command()
@WORKSPACE
@_PATH
@click.option("--change", metavar="ID", help="Undo this rewrite of the file; see changes --json.")
@IF_REVISION
@TOKEN_FILE
@AS_JSON
@told
def undelete(  # noqa: PLR0913  # one for each option of the command
    *,
    workspace: int,
    path: str,
    change: str | None,
    revision: int | None,
    token_file: Path | None,
    as_json: bool,
) -> None:
    """Bring back the file at PATH of WORKSPACE that somebody or a check deleted."""
    with remote.client(token_file) as client:
        back = client.workspaces.undelete(workspace, path, change=change, revision=revision)
    show(back, as_json=as_json)
