"""The commands that look after what is stored: gc, fsck, scrub, export, import."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from filemanager.commands.ending import EXIT_FOUND
from filemanager.commands.report import Report
from filemanager.commands.setup import load_settings, prepare
from filemanager.factory.parts import Parts, clock, parts_of
from filemanager.factory.upkeep import collector
from filemanager.services.rawstore.authorizing import Publishing
from filemanager.services.upkeep.fsck.fsck import Fsck
from filemanager.services.upkeep.integrity import unhurried
from filemanager.services.upkeep.scrub import Scrubber, Throttle
from filemanager.services.upkeep.transfer.raw_files import RawFiles
from filemanager.services.upkeep.transfer.transfer import Transfer, Transferred
from filemanager.storage.trees.export import ExportDirectory

_MEGABYTE = 1_000_000

_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
_directory = click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
_rate = click.option("--rate", type=click.FloatRange(min=0, min_open=True), metavar="MB/S")


@click.command()
@click.option("--dry-run", is_flag=True, help="Count only.")
@_as_json
def gc(*, dry_run: bool, as_json: bool) -> None:
    """Delete what nothing refers to and the grace time has passed for.

    Uploads that have expired are forgotten with what was reserved for them, and parts in the store
    that no object was made of are deleted when no upload can want them any more.
    """
    garbage = collector(_parts())
    Report(as_json).numbers(garbage.dry_run() if dry_run else garbage.collect())


@click.command()
@click.option("--deep", is_flag=True, help="Read every file and compare its SHA-256.")
@_as_json
def fsck(*, deep: bool, as_json: bool) -> None:
    """Compare the database with the store, and its totals with its rows.

    Changes nothing. Exits with 1 where something is wrong.
    """
    made = _parts()
    with Report(as_json).bars() as report:
        checked = Fsck(made.database, made.blobs, report, made.raw).check(deep=deep)
    report.numbers(checked)
    _exit_if(found=checked.problems)


@click.command()
@_rate
@_as_json
def scrub(*, rate: float | None, as_json: bool) -> None:
    """Read every file again, and quarantine what is damaged.

    Goes on where the last run was stopped; after a complete one, from the start. An upload of the
    same bytes heals a damaged file. Exits with 1 where something is damaged.
    """
    made = _parts()
    pace = Throttle(rate * _MEGABYTE, time.monotonic, time.sleep) if rate else unhurried
    with Report(as_json).bars() as report:
        scrubbed = Scrubber(made.database, made.blobs, clock, pace, report).scrub()
    report.numbers(scrubbed)
    _exit_if(found=scrubbed.damaged)


@click.command(name="export")
@_directory
@_as_json
def export_all(directory: Path, *, as_json: bool) -> None:
    """Write everything into a new DIRECTORY, beside a running service.

    Every file is read back; exits with 1 where one is damaged. Keep the directory private: every
    file of everybody is in it.
    """
    _transfer(directory, Transfer.write_export, as_json=as_json)


@click.command(name="import")
@_directory
@_as_json
def import_all(directory: Path, *, as_json: bool) -> None:
    """Read everything from an exported DIRECTORY into an empty database, and the store.

    Counts and files are compared at the end; exits with 1 where something differs.
    """
    _transfer(directory, Transfer.read_export, as_json=as_json)


def _transfer(directory: Path, move: Callable[[Transfer], Transferred], *, as_json: bool) -> None:
    made = _parts()
    with Report(as_json).bars() as report:
        raw = RawFiles(made.raw, Publishing(made.settings.rawstore.rawstore_active_types))
        files = ExportDirectory(directory, clock)
        moved = move(Transfer(made.database, made.blobs, raw, files, report))
    report.numbers(moved)
    _exit_if(found=moved.problems)


def _parts() -> Parts:
    settings = load_settings()
    prepare(settings)
    return parts_of(settings)


def _exit_if(*, found: int) -> None:
    if found:
        sys.exit(EXIT_FOUND)
