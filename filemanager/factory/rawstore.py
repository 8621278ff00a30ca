"""The rawstore door's part of the composition root."""

from filemanager.api.http.auth import TokenVerifier
from filemanager.api.rawstore.door import RawstoreDoor
from filemanager.api.rawstore.key_server import FetchedKeys, fetching
from filemanager.api.rawstore.tokens import (
    DepositorVerifier,
    Issuer,
    PublicKeys,
    SetKey,
    public_key,
)
from filemanager.domain.named_objects import NamedObjects
from filemanager.domain.ports import Clock, Database
from filemanager.domain.rawstore.path_pattern import PathPattern
from filemanager.services.rawstore.authorizing import Publishing, RawstoreService
from filemanager.services.rawstore.posting import PostService
from filemanager.services.rawstore.reading import PresignService
from filemanager.services.rawstore.settling import Settler
from filemanager.settings.rawstore import RawstoreSettings
from filemanager.settings.service import Settings
from filemanager.storage.named.directory import DirectoryNamedObjects
from filemanager.storage.named.s3 import S3NamedObjects, signing_client
from filemanager.storage.s3.client import S3Access

_OWN = "rawstore"
"""The directory, or the prefix in the bucket of blobs, where raw files lie by default."""


def rawstore_door(
    door: RawstoreSettings,
    database: Database,
    objects: NamedObjects,
    own: TokenVerifier,
    clock: Clock,
) -> RawstoreDoor:
    """Build the door; nothing is connected."""
    publishing = Publishing(door.rawstore_active_types)
    settler = Settler(database, objects, clock)
    presign = PresignService(database, objects, publishing, settler)
    posts = None
    if isinstance(objects, DirectoryNamedObjects):
        posts = PostService(database, objects, objects, presign, settler)
    return RawstoreDoor(
        name=door.service_name,
        verifier=DepositorVerifier(
            own, _issuer(door, clock), clock, default_mb=door.rawstore_default_mb
        ),
        files=RawstoreService(
            database=database,
            objects=objects,
            pattern=PathPattern(door.storage_path_pattern),
            publishing=publishing,
            settler=settler,
            clock=clock,
        ),
        presign=presign,
        settler=settler,
        posts=posts,
        origins=door.origins,
    )


def _issuer(door: RawstoreSettings, clock: Clock) -> Issuer | None:
    keys = _keys(door, clock)
    if keys is None:
        return None
    return Issuer(name=door.rawstore_issuer, service=door.service_name, keys=keys)


def _keys(door: RawstoreSettings, clock: Clock) -> PublicKeys | None:
    if door.datahub_public_key is not None:
        return SetKey(public_key(door.datahub_public_key.get_secret_value()))
    if door.auth_server is not None:
        return FetchedKeys(fetching(door.auth_server), clock)
    return None


def raw_objects(settings: Settings, clock: Clock) -> NamedObjects:
    """Where raw files lie; a directory is made, nothing is connected."""
    door = settings.rawstore
    bucket = door.storage_bucket_name or settings.s3_bucket
    if bucket is None:
        directory = settings.data_dir / _OWN
        directory.mkdir(exist_ok=True)
        secret = door.rawstore_secret
        return DirectoryNamedObjects(
            directory,
            _OWN,
            f"/{door.service_name}/objects",
            clock,
            secret.get_secret_value().encode() if secret else None,
        )
    prefix = "" if door.storage_bucket_name else f"{settings.s3_prefix}{_OWN}/"
    public_url = door.storage_public_url
    return S3NamedObjects(
        signing_client(raw_access(settings, door.endpoint or settings.s3_endpoint)),
        bucket,
        prefix,
        signer=signing_client(raw_access(settings, public_url)) if public_url else None,
        sends_acl=door.storage_acl,
    )


def raw_access(settings: Settings, endpoint_url: str | None) -> S3Access:
    """The door's own keys, or those of the blobs' bucket."""
    door = settings.rawstore
    key = door.storage_access_key_id or settings.s3_access_key
    secret = door.storage_secret_access_key or settings.s3_secret_key
    return S3Access(
        endpoint_url=endpoint_url,
        region=settings.s3_region,
        access_key=key.get_secret_value() if key else None,
        secret_key=secret.get_secret_value() if secret else None,
    )
