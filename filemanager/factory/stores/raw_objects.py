"""Where raw files lie: a directory, or a bucket."""

from filemanager.domain.blobs.named_objects import NamedObjects, PostForms
from filemanager.domain.ports import Clock
from filemanager.settings.service import Settings
from filemanager.storage.named.directory import DirectoryNamedObjects
from filemanager.storage.named.post_policies import s3_post_forms
from filemanager.storage.named.s3 import S3NamedObjects, S3Place, signing_client
from filemanager.storage.private import private_directory
from filemanager.storage.s3.client import S3Access

_OWN = "rawstore"
"""The directory, or the prefix in the bucket of blobs, where raw files lie by default."""


def raw_objects(settings: Settings, clock: Clock) -> NamedObjects:
    """Where raw files lie; a directory is made, nothing is connected."""
    door, place = settings.rawstore, _place(settings)
    if place is None:
        directory = settings.data_dir / _OWN
        private_directory(directory)
        secret = door.rawstore_secret
        return DirectoryNamedObjects(
            directory,
            _OWN,
            f"/{door.service_name}/objects",
            clock,
            secret.get_secret_value().encode() if secret else None,
        )
    public_url = door.storage_public_url
    return S3NamedObjects(
        signing_client(raw_access(settings, door.endpoint or settings.s3_endpoint)),
        place,
        signer=signing_client(raw_access(settings, public_url)) if public_url else None,
        staging=str(settings.scratch),
    )


def raw_forms(settings: Settings, objects: NamedObjects, clock: Clock) -> PostForms:
    """What leave to post raw files is given out by; *objects* are those of ``raw_objects``."""
    door, place = settings.rawstore, _place(settings)
    if isinstance(objects, DirectoryNamedObjects):
        return objects
    assert place is not None  # noqa: S101  # what is in no directory is in a bucket
    known_as = door.storage_public_url or door.endpoint or settings.s3_endpoint
    return s3_post_forms(raw_access(settings, known_as), place, clock)


def _place(settings: Settings) -> S3Place | None:
    """None: they lie in a directory."""
    door = settings.rawstore
    bucket = door.storage_bucket_name or settings.s3_bucket
    if bucket is None:
        return None
    prefix = "" if door.storage_bucket_name else f"{settings.s3_prefix}{_OWN}/"
    return S3Place(bucket=bucket, prefix=prefix, sends_acl=door.storage_acl)


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
