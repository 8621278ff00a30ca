"""The commands of the store."""

import json
from collections.abc import Sequence

import click

from filemanager.commands.ending import stop
from filemanager.commands.setup import load_settings
from filemanager.factory.stores.s3_buckets import buckets
from filemanager.settings.service import Settings
from filemanager.storage.s3.client import StoreClient
from filemanager.storage.s3.cors import cors_rule, set_cors
from filemanager.storage.s3.creating import create_bucket


@click.group()
def store() -> None:
    """Look after the store that files lie in."""


@store.command()
def create() -> None:
    """Make the bucket of files, and that of the rawstore door, where there is none."""
    for client, bucket in _places(load_settings()):
        click.echo(f"{bucket}: {'made' if create_bucket(client, bucket) else 'is there'}")


def _places(settings: Settings) -> Sequence[tuple[StoreClient, str]]:
    places = buckets(settings)
    if not places:
        stop("Set FILEMANAGER_S3_BUCKET: without a bucket the service itself takes the bytes.")
    return places


@store.command()
@click.option("--set", "is_set", is_flag=True, help="Set it, besides the rules of others.")
def cors(*, is_set: bool) -> None:
    """Print the rule by which pages of CORS_ORIGINS may put straight into the bucket.

    It is printed as S3 tools take it. With --set it is set on the bucket of files and on that of
    the rawstore door, in place of the one set before.
    """
    settings = load_settings()
    origins = settings.rawstore.origins
    if not origins:
        stop("Set CORS_ORIGINS to the origins whose pages may put files.")
    rule = cors_rule(origins)
    if not is_set:
        click.echo(json.dumps({"CORSRules": [rule]}, indent=2))
        return
    for client, bucket in _places(settings):
        set_cors(client, bucket, rule)
        click.echo(f"{bucket}: set")
