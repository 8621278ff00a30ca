"""What commands that use a service from afar have in common: who they are, and how they fail."""

import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

from filemanager.client.client import Client
from filemanager.client.connection import Patience
from filemanager.client.errors import ClientError, Unreachable
from filemanager.commands.ending import EXIT_FOUND, stop
from filemanager.commands.showing import printable

EXIT_UNREACHABLE = 3
"""The service did not answer, for long: try again later."""

URL_VARIABLE, TOKEN_VARIABLE = "FILEMANAGER_URL", "FILEMANAGER_TOKEN"
_OURS = (URL_VARIABLE, TOKEN_VARIABLE)

Command = Callable[..., None]

WORKSPACE = click.argument("workspace", type=int)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
THREADS = click.option(
    "--parallel", "threads", type=click.IntRange(1, 32), default=4, show_default=True,
    help="How many files at a time.",
)  # fmt: skip
IF_REVISION = click.option(
    "--if-revision", "revision", type=int, metavar="N", help="Only while it is at this revision."
)
TOKEN_FILE = click.option(
    "--token-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"A file with the token; {TOKEN_VARIABLE} unless given.",
)


def told(command: Command) -> Command:
    """Failures are one line in words: exit code 1, or 3 where nobody answers."""

    @wraps(command)
    def run(**arguments: Any) -> None:
        try:
            command(**arguments)
        except ClientError as error:
            click.echo(f"filemanager: {_words(error)}", err=True)
            sys.exit(EXIT_UNREACHABLE if isinstance(error, Unreachable) else EXIT_FOUND)
        except BrokenPipeError:
            # Nobody reads on, as behind `| head`: then the library ends without a word.
            raise
        except OSError as error:
            named = f"{printable(str(error.filename))}: " if error.filename else ""
            click.echo(f"filemanager: {named}{error.strerror}", err=True)
            sys.exit(EXIT_FOUND)

    return run


@contextmanager
def client(token_file: Path | None, threads: int = 1) -> Iterator[Client]:
    """By the environment. A token is never an argument: others see the arguments of a process."""
    _tell_of_mistyped()
    url = os.environ.get(URL_VARIABLE)
    if not url:
        stop(f"Set {URL_VARIABLE} to the address of the service.")
    patience = Patience(tell=_tell_of_waiting)
    with Client(url, _token(token_file), patience=patience, threads=threads) as client:
        yield client


def _tell_of_mistyped() -> None:
    """Whoever uses a service may run one too, by variables of the same prefix."""
    if any(name.startswith("FILEMANAGER_") and name not in _OURS for name in os.environ):
        # Only then: to know all names takes longer than most commands.
        from filemanager.settings.reading import mistyped  # noqa: PLC0415

        for line in mistyped():
            click.echo(f"filemanager: {line}", err=True)


def _tell_of_waiting(error: ClientError, seconds: float) -> None:
    why = "no answer" if isinstance(error, Unreachable) else _words(error)
    click.echo(f"filemanager: {why}, again in {math.ceil(seconds)} s", err=True)


def _words(error: ClientError) -> str:
    """Each line of it printable: most are the service's words."""
    return "\n".join(map(printable, str(error).splitlines()))


def _token(token_file: Path | None) -> str:
    told = os.environ.get(TOKEN_VARIABLE, "")
    if token_file:
        told = token_file.read_text(errors="replace")
    token = told.strip().removeprefix("Bearer ")
    if not token or not token.isascii() or not token.isprintable():
        stop(f"There is no token: set {TOKEN_VARIABLE}, or name its file with --token-file.")
    return token
