"""How commands end early. Nothing is imported here that ``--help`` would have to wait for."""

import sys
from typing import NoReturn

import click

EXIT_FOUND = 1
"""A check found something wrong."""

EXIT_USAGE = 2
"""Settings or arguments are wrong; nothing was done."""


def stop(message: str) -> NoReturn:
    click.echo(f"filemanager: {message}", err=True)
    sys.exit(EXIT_USAGE)
