"""The command that prints a token for development: it needs the secret, and none of the server."""

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from filemanager.commands.ending import stop
from filemanager.settings.environment import PREFIX, reading_all, value_of
from filemanager.tokens import EVERYDAY, Person, token_for

_SECRET = "JWT_SECRET"  # noqa: S105  # its name


@click.command()
@click.option("--user-id", default="1", show_default=True)
@click.option("--username", default="developer", show_default=True)
@click.option("--scope", default=",".join(EVERYDAY), help="Separated by commas.")
def token(user_id: str, username: str, scope: str) -> None:
    """Print a token for development, signed with JWT_SECRET, good for ten hours."""
    problems: list[str] = []
    with reading_all(problems):
        secret = value_of((f"{PREFIX}{_SECRET}", _SECRET))
    if problems:
        stop("The settings are wrong:\n" + "\n".join(problems))
    if not secret:
        stop(f"Set {_SECRET} to the secret that the service runs with.")
    click.echo(development_token(secret, user_id, username, scope.split(",")))


def development_token(
    secret: str,
    user_id: str = "1",
    username: str = "developer",
    scopes: Sequence[str] = EVERYDAY,
) -> str:
    person = Person(
        user_id=user_id, email=f"{username}@example.org", username=username, scopes=scopes
    )
    return token_for(person, secret, datetime.now(UTC))
