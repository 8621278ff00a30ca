"""The command that begins everything."""

import os
import secrets
import sys
from pathlib import Path

import click
from pydantic import SecretStr

from filemanager.commands.ending import stop
from filemanager.commands.setup import load_settings, prepare, tell_what_is_open
from filemanager.commands.token import development_token
from filemanager.serving.log_events import configure
from filemanager.serving.server import serve as run_server
from filemanager.settings.service import Settings
from filemanager.storage.private import private_directory

_SAMPLE = r"\documentclass{article} \begin{document} Hello. \end{document}"


@click.command()
@click.option("--development", is_flag=True, help="Make a secret if none is set, and show a token.")
def serve(*, development: bool) -> None:
    """Bring the tables up to date and serve until SIGTERM, which drains."""
    settings = load_settings()
    if development and not settings.has_key:
        settings = _with_development_secret(settings)
    if not settings.has_key:
        stop(
            "No token could be verified: set JWT_SECRET, JWT_PUBLIC_KEY or JWT_JWKS; or"
            " RWS_CREDENTIALS, where repositories are all."
        )
    configure(settings.log_level)
    prepare(settings)
    tell_what_is_open(settings)
    run_server(settings, lambda address: _greet(settings, address, development=development))


def _with_development_secret(settings: Settings) -> Settings:
    """Kept beside the data, so that tokens outlive a restart."""
    path = settings.data_dir / "development-secret"
    private_directory(path.parent)
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(32))
    click.echo(f"JWT_SECRET is unset: using the development secret in {path}.")
    return settings.model_copy(update={"jwt_secret": SecretStr(path.read_text())})


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _greet(settings: Settings, address: str, *, development: bool) -> None:
    click.echo(f"Serving on {address}")
    if development and settings.jwt_secret is not None:
        made = development_token(settings.jwt_secret.get_secret_value())
        click.echo(f"Token for development (ten hours): {made}")
        click.echo("Try it:")
        click.echo(
            f"  printf '%s\\n' '{_SAMPLE}' | curl -H 'Authorization: {made}'"
            f" -F 'file=@-;filename=main.tex' {address}/filemanager/api/"
        )
    sys.stdout.flush()
