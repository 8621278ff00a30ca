"""What every command begins with: settings, tables, and how it ends early."""

import sys
from typing import NoReturn

import click

from filemanager.db.engine.migrate import upgrade
from filemanager.settings import service as config
from filemanager.settings.service import BadSettings, Settings

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


def prepare(settings: Settings) -> None:
    """Make the data directory and bring the tables up to date."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database)
