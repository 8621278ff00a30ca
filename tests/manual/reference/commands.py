"""Every command of the program, by its own help."""

from collections.abc import Iterator

import click

from filemanager.cli import main

_INTRODUCTION = """\
# Commands

`pip install .` gives the command `filemanager`. Those that look after a service read its settings
from the environment; those for what people have in one ask the service at `FILEMANAGER_URL` with
the token in `FILEMANAGER_TOKEN`. They exit with 1 where something was refused or found, 2 for
wrong use, 3 where no answer came for long.
"""


def page() -> str:
    root = click.Context(main, info_name="filemanager", terminal_width=100)
    return "\n".join([_INTRODUCTION, *_below(root)])


def _below(context: click.Context) -> Iterator[str]:
    group = context.command
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        # Its own width, not that of whoever builds the page.
        within = click.Context(command, context, info_name=name, terminal_width=100)
        title, text = within.command_path, command.get_help(within)
        yield f"## `{title}`\n\n```text\n{text}\n```\n"
        yield from _below(within)
