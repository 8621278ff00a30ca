"""The command that fetches a folder."""

from pathlib import Path

import click

from filemanager.commands import remote
from filemanager.commands.remote import AS_JSON, THREADS, TOKEN_FILE, WORKSPACE, told
from filemanager.commands.report import Report


@click.command()
@WORKSPACE
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
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
