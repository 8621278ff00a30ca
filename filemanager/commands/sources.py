"""The commands of sources, and of owners whose shares open nothing."""

import json
import os
import sys
from dataclasses import asdict

import click

from filemanager.commands.ending import EXIT_FOUND, stop
from filemanager.commands.setup import load_settings, prepare
from filemanager.domain.errors import FilemanagerError
from filemanager.domain.sources.places import bucket_place_from
from filemanager.domain.sources.source import (
    BucketPlace,
    Credentials,
    NewSource,
    Source,
    readers_from,
    source_name_from,
)
from filemanager.factory.kept_sources import kept_sources, source_service
from filemanager.factory.parts import clock, parts_of
from filemanager.services.sources.blocking import OwnerBlocking
from filemanager.services.sources.keeping import SourceChange, SourceService
from filemanager.settings.service import Settings

SECRET_VARIABLE = "FILEMANAGER_SOURCE_SECRET_KEY"  # noqa: S105  # a name, not a secret
TOKEN_VARIABLE = "FILEMANAGER_SOURCE_SESSION_TOKEN"  # noqa: S105  # a name, not a secret
_UNTOLD = "-"

_name = click.argument("name")
_access_key = click.option("--access-key", help="Unless given, it is asked as everybody may.")
_bucket = click.option("--bucket", help="The source's name unless given.")
_prefix = click.option("--prefix", default="", help="What every key begins with.")
_region = click.option("--region", default="us-east-1", show_default=True)
_public_endpoint = click.option("--public-endpoint", help="What signed URLs name.")
_readers = click.option(
    "--reader", "readers", multiple=True, help="An owner, issuer:subject, or *; may be repeated."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group(name="sources")
def sources_group() -> None:
    """Connect buckets that packages point into, and look after them.

    A secret is never an argument, since others see those of a process: it is read from
    FILEMANAGER_SOURCE_SECRET_KEY (and FILEMANAGER_SOURCE_SESSION_TOKEN), else asked for, or is the
    first line of standard input.
    """


@sources_group.command()
@_name
@click.option("--endpoint", required=True, help="Scheme, host and port alone.")
@_bucket
@_prefix
@_region
@_public_endpoint
@_access_key
@_readers
def add(  # noqa: PLR0913  # one for each option of the command
    *,
    name: str,
    endpoint: str,
    bucket: str | None,
    prefix: str,
    region: str,
    public_endpoint: str | None,
    access_key: str | None,
    readers: tuple[str, ...],
) -> None:
    """Connect a bucket as the source NAME, once it was tried.

    Other than by the API any host may be named; one that is not in FILEMANAGER_SOURCE_HOSTS needs
    https and a public address.
    """
    told = BucketPlace(
        bucket=bucket or name,
        prefix=prefix,
        endpoint=endpoint,
        public_endpoint=public_endpoint or "",
        region=region,
    )
    _add(name, told, readers, access_key)


@click.command(name="add-source")
@_name
@click.argument("key")
@click.argument("secret")
@click.argument("endpoint")
@click.argument("region")
@_bucket
@_prefix
@_readers
def add_source(  # noqa: PLR0913  # one for each argument of the original's
    *,
    name: str,
    key: str,
    secret: str,
    endpoint: str,
    region: str,
    bucket: str | None,
    prefix: str,
    readers: tuple[str, ...],
) -> None:
    """Connect a bucket: `sources add`, with the arguments in the original's order.

    In the place of SECRET stands a `-`: others see the arguments of a process, so it is read from
    FILEMANAGER_SOURCE_SECRET_KEY, else asked for, or is the first line of standard input.
    """
    if secret != _UNTOLD:
        stop(
            "A secret is never an argument: others have seen it by now. Write - in its place, and"
            f" set {SECRET_VARIABLE}, or give it when you are asked; and change that one."
        )
    told = BucketPlace(
        bucket=bucket or name, prefix=prefix, endpoint=endpoint, public_endpoint="", region=region
    )
    _add(name, told, readers, key)


@sources_group.command(name="list")
@_as_json
def list_all(*, as_json: bool) -> None:
    """List all sources."""
    for source in _service(_settings()).all():
        _show(source, as_json=as_json)


@sources_group.command()
@_name
def remove(*, name: str) -> None:
    """Forget the source NAME and its credentials; what points into it opens no more."""
    _service(_settings()).remove(name)


@click.command(name="remove-source")
@_name
def remove_source(*, name: str) -> None:
    """Forget the source NAME: `sources remove`."""
    _service(_settings()).remove(name)


@sources_group.command()
@click.argument("names", nargs=-1)
@_as_json
def check(*, names: tuple[str, ...], as_json: bool) -> None:
    """Try NAMES again, or all, and keep what they are found to do.

    Exits with 1 where one does not answer.
    """
    service = _service(_settings())
    is_fine = True
    for name in names or [one.name for one in service.all()]:
        try:
            _show(service.check(name), as_json=as_json)
        except FilemanagerError as error:
            click.echo(f"{name}: {error.message}", err=True)
            is_fine = False
    if not is_fine:
        sys.exit(EXIT_FOUND)


@sources_group.command()
@_name
@click.option("--access-key", required=True)
def credentials(*, name: str, access_key: str) -> None:
    """Give the source NAME other credentials, or those that an export left out, once tried."""
    change = SourceChange(credentials=_credentials(access_key))
    _show(_service(_settings()).change(name, change), as_json=False)


@sources_group.command()
def rekey() -> None:
    """Encrypt all credentials with the first key of FILEMANAGER_SOURCE_KEYS.

    Older keys are needed until then. Exits with 1 where some can be opened with none of them.
    """
    done = _service(_settings()).rekey()
    click.echo(f"encrypted anew: {done.sealed_anew}")
    for name in done.locked:
        click.echo(f"{name}: its credentials cannot be opened with any of the keys", err=True)
    if done.locked:
        sys.exit(EXIT_FOUND)


@click.group(name="packages")
def packages_group() -> None:
    """Look after data packages."""


@packages_group.command()
@click.argument("owner")
def block(*, owner: str) -> None:
    """Let the shares of OWNER, issuer:subject, open nothing."""
    _blocking().block(owner)


@packages_group.command()
@click.argument("owner")
def unblock(*, owner: str) -> None:
    """Let the shares of OWNER open again what they did. Exits with 1 where it was not blocked."""
    if not _blocking().unblock(owner):
        click.echo(f"{owner} was not blocked", err=True)
        sys.exit(EXIT_FOUND)


def _add(name: str, told: BucketPlace, readers: tuple[str, ...], access_key: str | None) -> None:
    settings = _settings()
    new = NewSource(
        name=source_name_from(name),
        place=bucket_place_from(told, settings.connected_sources.listed_hosts),
        readers=readers_from(readers),
        credentials=None if access_key is None else _credentials(access_key),
    )
    _show(_service(settings).add(new), as_json=False)


def _credentials(access_key: str) -> Credentials:
    secret = os.environ.get(SECRET_VARIABLE) or _asked_for()
    if not secret:
        stop(f"Set {SECRET_VARIABLE}, or give the secret key when you are asked.")
    token = os.environ.get(TOKEN_VARIABLE) or None
    return Credentials(access_key=access_key, secret_key=secret, session_token=token)


def _asked_for() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Secret key", hide_input=True, err=True))
    return sys.stdin.readline().strip()


def _settings() -> Settings:
    settings = load_settings()
    prepare(settings)
    return settings


def _service(settings: Settings) -> SourceService:
    connected = settings.connected_sources
    return source_service(parts_of(settings).database, kept_sources(connected), connected)


def _blocking() -> OwnerBlocking:
    return OwnerBlocking(parts_of(_settings()).database, clock)


def _show(source: Source, *, as_json: bool) -> None:
    place = asdict(source.place)
    found = {name: value for name, value in asdict(source.probe).items() if value is not None}
    told = {"name": source.name, "kind": source.kind.value, **place, "probe": found}
    told |= {"readers": sorted(source.readers), "has_credentials": source.has_credentials}
    if as_json:
        click.echo(json.dumps(told))
        return
    where = " ".join(str(part) for part in place.values() if part)
    does = ", ".join(name.replace("_", " ") for name, value in found.items() if value)
    click.echo(f"{source.name}  {source.kind}  {where}  ({does or 'nothing known'})")
    if source.sealed == b"":
        click.echo(f"{source.name}: an export left its credentials out; give them again", err=True)
