"""Completion of commands by the shell."""

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "fish", "zsh"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete the commands of filemanager.

    For bash: eval "$(filemanager completion bash)", in ~/.bashrc.
    """
    made = get_completion_class(shell)
    assert made is not None  # noqa: S101  # click has those of the choice
    click.echo(
        made(context.find_root().command, {}, "filemanager", "_FILEMANAGER_COMPLETE").source()
    )
