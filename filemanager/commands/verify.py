"""The command that checks files against a signed statement, without the service."""

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from filemanager.client.verifying import Wrong
from filemanager.client.verifying import verify as verified
from filemanager.commands.ending import EXIT_FOUND
from filemanager.commands.remote import AS_JSON, told
from filemanager.commands.report import Report
from filemanager.commands.showing import printable

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class _Places:
    """``receipt`` None: the statement lies in the directory."""

    directory: Path
    receipt: Path | None


def _places(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> _Places:
    """An optional argument before one that is needed, which click itself knows not."""
    if not 1 <= len(given) <= 2:  # noqa: PLR2004  # as its name says
        raise click.UsageError("Name a directory, or a receipt and a directory.", context)
    receipt = None if len(given) == 1 else _FILE.convert(given[0], parameter, context)
    directory = _DIRECTORY.convert(given[-1], parameter, context)
    return _Places(Path(str(directory)), None if receipt is None else Path(str(receipt)))


@click.command()
@click.argument("places", nargs=-1, metavar="[RECEIPT] DIRECTORY", callback=_places)
@click.option(
    "--keys",
    type=_FILE,
    required=True,
    help="The service's /.well-known/filemanager-keys.json, as you fetched it from there.",
)
@AS_JSON
@told
def verify(*, places: _Places, keys: Path, as_json: bool) -> None:
    """Check the files in DIRECTORY against RECEIPT, as a guest was given it, or against the
    statement.json in it; one of the keys has signed that.

    Nothing is asked of anybody. Exit code 1: a file is missing or another one, or the statement is
    not signed.
    """

    def tell(wrong: Wrong) -> None:
        click.echo(f"{printable(wrong.path)}: {wrong.detail}", err=True)

    found = verified(places.directory, keys, tell, places.receipt)
    Report(as_json).numbers(found)
    if found.wrong:
        sys.exit(EXIT_FOUND)
