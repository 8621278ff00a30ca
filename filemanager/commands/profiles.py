"""The command ``filemanager profiles``."""

import json

import click
from rich.console import Console
from rich.table import Table

from filemanager.sanitize.registry import PROFILES


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The body that /v2/profiles answers with.")
def profiles(*, as_json: bool) -> None:
    """List the profiles that a workspace may be made with, the default first."""
    known = [(one.name, one.title) for one in PROFILES.values()]
    if as_json:
        listed = [{"name": name, "title": title} for name, title in known]
        click.echo(json.dumps({"profiles": listed}))
        return
    table = Table("profile", "takes")
    for row in known:
        table.add_row(*row)
    Console().print(table)
