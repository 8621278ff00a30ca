"""Where bytes are kept, and where clients put them: the store's part of the composition root."""

from filemanager.domain.ports import Clock
from filemanager.domain.uploads.ports import DirectStore
from filemanager.settings.service import Settings
from filemanager.storage.blobs.filesystem import FileSystemObjects
from filemanager.storage.blobs.objects import Objects
from filemanager.storage.blobs.s3 import S3Objects
from filemanager.storage.direct.directory import OwnDirectStore
from filemanager.storage.direct.s3 import S3DirectStore, signer
from filemanager.storage.s3.client import S3Access, s3_client

DIRECT = "/uploads/direct"
"""Where the service itself takes what is put by a grant."""


def stores(settings: Settings, clock: Clock) -> tuple[Objects, DirectStore]:
    """A directory or a bucket; nothing is connected."""
    if settings.s3_bucket is None:
        return FileSystemObjects(settings.data_dir / "store"), OwnDirectStore(DIRECT)
    access = blob_access(settings)
    client, place = s3_client(access), (settings.s3_bucket, settings.s3_prefix)
    signs = signer(access, settings.s3_public_endpoint, clock)
    return (
        S3Objects(client, *place, staging=str(settings.scratch)),
        S3DirectStore(client, signs, *place),
    )


def blob_access(settings: Settings) -> S3Access:
    key, secret = settings.s3_access_key, settings.s3_secret_key
    return S3Access(
        endpoint_url=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=key.get_secret_value() if key else None,
        secret_key=secret.get_secret_value() if secret else None,
    )
