"""The command that checks a download of a package's version, without the service."""

import sys
from pathlib import Path

import click

from filemanager.client.verifying import Wrong
from filemanager.client.verifying import verify as verified
from filemanager.commands.ending import EXIT_FOUND
from filemanager.commands.remote import AS_JSON, told
from filemanager.commands.report import Report
from filemanager.commands.showing import printable


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The service's /.well-known/filemanager-keys.json, as you fetched it from there.",
)
@AS_JSON
@told
def verify(*, directory: Path, keys: Path, as_json: bool) -> None:
    """Check the files in DIRECTORY against its statement.json, which one of the keys has signed.

    Nothing is asked of anybody. Exit code 1: a file is missing or another one, or the statement is
    not signed.
    """

    def tell(wrong: Wrong) -> None:
        click.echo(f"{printable(wrong.path)}: {wrong.detail}", err=True)

    found = verified(directory, keys, tell)
    Report(as_json).numbers(found)
    if found.wrong:
        sys.exit(EXIT_FOUND)
