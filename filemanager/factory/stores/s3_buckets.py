"""The buckets that clients put into by leave of ours: for the composition root."""

from collections.abc import Sequence

from filemanager.factory.stores.blobs import blob_access
from filemanager.factory.stores.raw_objects import raw_access
from filemanager.settings.service import Settings
from filemanager.storage.s3.client import StoreClient, s3_client


def buckets(settings: Settings) -> Sequence[tuple[StoreClient, str]]:
    """Each once, with a client; none where everything lies in the data directory."""
    door = settings.rawstore
    found: dict[str, StoreClient] = {}
    if settings.s3_bucket is not None:
        found[settings.s3_bucket] = s3_client(blob_access(settings))
    if door.storage_bucket_name is not None and door.storage_bucket_name not in found:
        access = raw_access(settings, door.endpoint or settings.s3_endpoint)
        found[door.storage_bucket_name] = s3_client(access)
    return [(client, name) for name, client in found.items()]
