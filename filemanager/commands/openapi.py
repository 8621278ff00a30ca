"""The command ``filemanager openapi``."""

import tempfile
from pathlib import Path

import click

from filemanager.api.about.openapi import document, rendered
from filemanager.factory import application as factory
from filemanager.settings.service import Settings


@click.command()
def openapi() -> None:
    """Print the description of the API. No setting matters to it, and nothing is left behind."""
    with tempfile.TemporaryDirectory() as directory:
        app = factory.create_app(Settings(data_dir=Path(directory)))
        click.echo(rendered(document(app)), nl=False)
