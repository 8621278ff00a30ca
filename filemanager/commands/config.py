"""The command that tells of settings."""

import shlex
from collections.abc import Iterator

import click
from rich.console import Console
from rich.table import Table

from filemanager.commands.setup import load_settings
from filemanager.settings import reading as config


@click.command(name="config")
@click.option("--check", is_flag=True, help="Read the settings, tell every problem.")
@click.option("--show", is_flag=True, help="The values in force; secrets are masked.")
@click.option(
    "--env", "as_env", is_flag=True, help="A file to begin with for FILEMANAGER_ENV_FILE."
)
def show_config(*, check: bool, show: bool, as_env: bool) -> None:
    """List every setting: its variable, default and meaning."""
    if as_env:
        click.echo("\n".join(_env_lines()))
    elif show:
        for name, value in config.effective(load_settings()):
            click.echo(f"{name}={value}")
    elif check:
        load_settings()
        click.echo("The settings are in order.")
    else:
        _list_settings()


def _env_lines() -> Iterator[str]:
    for names, default, meaning in config.described():
        yield f"# {meaning}"
        # Quoted where a shell needs it, so that shells and units of systemd read it as we do.
        yield f"#{names.partition(' ')[0]}={shlex.quote(default) if default else ''}\n"


def _list_settings() -> None:
    table = Table("variable", "default", "meaning", show_lines=False)
    for row in config.described():
        table.add_row(*row)
    Console().print(table)
