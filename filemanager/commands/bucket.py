"""The commands of the bucket."""

import sys
from pathlib import Path

import click

from filemanager.commands.ending import EXIT_FOUND
from filemanager.commands.report import Report
from filemanager.commands.setup import load_settings, prepare
from filemanager.factory.bucket import bucket_export
from filemanager.factory.parts import parts_of


@click.group()
def bucket() -> None:
    """Look after what came in through the bucket door."""


@bucket.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def export(directory: Path, *, as_json: bool) -> None:
    """Bring DIRECTORY up to date as plain files and links, for a web server or NFS.

    Each file is written once, read-only, under its checksum; exploded archives and replicas are
    links to it. What is there already stays, what left the bucket is deleted.
    Exits with 1 where a stored file is damaged.
    """
    settings = load_settings()
    prepare(settings)
    made = bucket_export(parts_of(settings), directory)
    done = made.export()
    Report(as_json).numbers(done)
    if done.damaged:
        sys.exit(EXIT_FOUND)
