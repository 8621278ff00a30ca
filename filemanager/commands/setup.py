"""What every command begins with: settings, tables, and how it ends early."""

import sys
from typing import NoReturn

import click

from filemanager.db.engine.migrate import is_current, upgrade
from filemanager.settings import reading as config
from filemanager.settings.reading import BadSettings
from filemanager.settings.service import WEAK_SECRET, Settings
from filemanager.storage.private import is_wider, private_directory

EXIT_FOUND = 1
"""A check found something wrong."""

EXIT_USAGE = 2
"""Settings or arguments are wrong; nothing was done."""


def load_settings() -> Settings:
    """Exit with every problem of the settings told."""
    try:
        return config.load()
    except BadSettings as bad:
        stop(f"The settings are wrong:\n{bad}")


def stop(message: str) -> NoReturn:
    click.echo(f"filemanager: {message}", err=True)
    sys.exit(EXIT_USAGE)


def tell_what_is_open(settings: Settings) -> None:
    """Say loudly what others on this machine may look into, or sign tokens with.

    For what serves; once it is prepared.
    """
    if settings.has_weak_secret:
        click.echo(f"filemanager: WARNING: JWT_SECRET is {WEAK_SECRET}.", err=True)
    for path in (settings.data_dir, settings.scratch, settings.data_dir / "filemanager.db"):
        if is_wider(path):
            click.echo(
                f"filemanager: WARNING: others on this machine may use {path}; it is left as it"
                f" is. Close it by: chmod go= {path}",
                err=True,
            )


def prepare(settings: Settings) -> None:
    """Make the data directory, and bring the tables up to date or exit where they are not."""
    private_directory(settings.data_dir)
    if settings.migrate:
        upgrade(settings.database)
    elif not is_current(settings.database):
        stop("The tables are not those of this version: run `filemanager migrate` first.")


def migrate(settings: Settings) -> None:
    """Bring the tables up to date; processes that do so together take turns."""
    private_directory(settings.data_dir)
    upgrade(settings.database)
